"""The library made ready to read logs with: rulebook, engine, and the names behind the engine's pattern numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from failure_investigator.logs.blocks import spans
from failure_investigator.logs.marks import MARKS, SIGNALS
from failure_investigator.signatures.engine import Hit, make_engine
from failure_investigator.signatures.rulebook import load_rulebook

if TYPE_CHECKING:
    from failure_investigator.signatures.engine import Buffer, Engine
    from failure_investigator.signatures.rulebook import Rulebook

DENSE = 2048
"""Refusals that are told one by one however close they stand; a log with more of them is a flood where on average less
than `APART` bytes lie between two."""
APART = 1024
SAMPLE = 32
"""In a flood one block in so many is searched for refusals, each pattern once; the runner's marks are found in all. It ends
where such a block holds few."""
LAST = 256 << 10
"""Bytes at a log's end in which every place is told again: the last refusal decides."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """One library and its engine; may be used by several threads at once."""

    rulebook: Rulebook
    engine: Engine
    names: tuple[str, ...]
    """Signature name of each pattern number; the numbers behind them are `MARKS`, then `SIGNALS`."""

    def scan(self, data: Buffer) -> list[Hit]:
        """The lines that hold a pattern of the library; in a flood of refusals a sample of them (`DENSE`)."""
        return [hit for hit in self.look(data) if hit.pattern < len(self.names)]

    def look(self, data: Buffer) -> list[Hit]:
        """The lines that hold a pattern of the library, a mark of the runner or a signal of other trouble."""
        one_pass = Pass(self)
        hits: list[Hit] = []
        for start, end in spans(data):
            hits += one_pass.lines(data, start, end, left=len(data) - end)
        return hits


class Pass:
    """One log's way through the engine, block by block: everything is told, unless it is a flood of refusals."""

    def __init__(self, scanner: Scanner) -> None:
        self._engine, self._library = scanner.engine, len(scanner.names)
        self._refusals = self._seen = self._sampled = 0
        self._flood = False

    def lines(self, data: Buffer, start: int, end: int, *, left: int) -> list[Hit]:
        """The hits of a block; `left` is how many bytes of the log follow it."""
        if self._flood and left > LAST:
            return self._sample(data, start, end)
        hits = self._engine.lines(data, start, end)
        library = self._library
        self._refusals += sum([pattern < library for _, _, pattern in hits])
        self._seen += end - start
        self._flood = self._refusals > DENSE + self._seen // APART
        return hits

    def _sample(self, data: Buffer, start: int, end: int) -> list[Hit]:
        """The marks of a block, and of one in so many the refusals too: it tells whether the flood goes on."""
        self._sampled += 1
        if self._sampled % SAMPLE:
            marks = _marks().lines(data, start, end)
            return [Hit(hit.start, hit.end, hit.pattern + self._library) for hit in marks]
        hits = self._engine.lines(data, start, end, once=True)
        if len(hits) * APART < end - start:
            self._flood, self._refusals, self._seen = False, 0, 0
        return hits


@cache
def _marks() -> Engine:
    """An engine for the marks and signals alone."""
    return make_engine(_noted())


def _noted() -> list[str]:
    return [re.escape(literal) for literal in (*MARKS, *(signal.literal for signal in SIGNALS))]


def make_scanner(rulebook: Rulebook) -> Scanner:
    """A scanner for a rulebook; compiles the patterns, or loads them when they were compiled before."""
    patterns = rulebook.patterns
    engine = make_engine([*(pattern for pattern, _ in patterns), *_noted()])
    return Scanner(rulebook, engine, tuple(name for _, name in patterns))


@cache
def built_in() -> Scanner:
    """The scanner of the built-in library."""
    return make_scanner(load_rulebook())
