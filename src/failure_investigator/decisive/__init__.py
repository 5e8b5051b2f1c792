"""What makes a refusal decisive: the difference between this and grep (docs/design.md).

Each rule is a file here with `reason(place, job, log) -> str`: why the place does not count, or '' when it may. There is
no list of rules to keep; the first reason by the rules' names is the one that is told.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

    Rule = Callable[["Candidate", JobText, LogText], str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a signature stands, before it is judged."""

    offset: int
    line: int
    text: str
    """The cleaned line."""
    service: str
    host: str
    status: int
    generic: bool
    """A client's wording, whose service the wording does not tell."""


_PUBLIC = re.compile(
    r"(?:https?|wss?)://(?!localhost|127\.|0\.0\.0\.0|\[|testserver|example\.|[^/\s]*\.(?:test|local|invalid|example)\b)"
    r"[^/\s'\"]*\.[a-z]{2,}"
)


def names_public_host(text: str) -> bool:
    """Whether an address of somebody else's server stands in the text."""
    return _PUBLIC.search(text) is not None


@cache
def rules() -> tuple[tuple[str, Rule], ...]:
    """(name, rule), by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple((name, importlib.import_module(f"{__name__}.{name}").reason) for name in names)


def judge(candidates: Sequence[Candidate], job: JobText, log: LogText) -> tuple[str, ...]:
    """For each candidate why it does not count, as `rule: sentence`, or '' when it is decisive."""
    return tuple(_first(candidate, job, log) for candidate in candidates)


def _first(candidate: Candidate, job: JobText, log: LogText) -> str:
    for name, rule in rules():
        reason = rule(candidate, job, log)
        if reason:
            return f"{name}: {reason}"
    return ""
