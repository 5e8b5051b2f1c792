"""The library made ready to read logs with: rulebook, engine, and the names behind the engine's pattern numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from failure_investigator.signatures.engine import make_engine
from failure_investigator.signatures.rulebook import load_rulebook

if TYPE_CHECKING:
    from failure_investigator.signatures.engine import Engine, Hit
    from failure_investigator.signatures.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Scanner:
    """One library and its engine. Safe to use from one thread at a time."""

    rulebook: Rulebook
    engine: Engine
    names: tuple[str, ...]
    """Signature name of each pattern number."""

    def scan(self, data: bytes) -> list[Hit]:
        """Every line that holds a pattern of the library."""
        return self.engine.scan(data)


def make_scanner(rulebook: Rulebook) -> Scanner:
    """A scanner for a rulebook; compiles the patterns, or loads them when they were compiled before."""
    patterns = rulebook.patterns
    return Scanner(rulebook, make_engine([p for p, _ in patterns]), tuple(name for _, name in patterns))


@cache
def built_in() -> Scanner:
    """The scanner of the built-in library."""
    return make_scanner(load_rulebook())
