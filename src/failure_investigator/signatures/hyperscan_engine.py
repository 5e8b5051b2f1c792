"""Hyperscan in block mode: one database, ends of matches only, lines found around them."""

from __future__ import annotations

import platform
import re
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import hyperscan

from failure_investigator.signatures import store
from failure_investigator.signatures.engine import Hit, search
from failure_investigator.signatures.widen import widen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.signatures.engine import Buffer


_FORM = 1  # raise when `widen` or the flags change
_CROSSING = re.compile(r"\\[sDW]|\[\^")
"""Classes that a newline may belong to."""


_new_hit = tuple.__new__  # a third of the time that Hit(…) takes, for what is made once a hit


class HyperscanEngine:
    """See `Engine`."""

    name = "hyperscan"

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = tuple(patterns)
        self._database = _load(patterns)
        self._own = threading.local()  # each thread's scratch space
        self._sure: dict[int, bool] = {}

    def lines(self, data: Buffer, start: int, end: int, *, once: bool = False) -> list[Hit]:
        """See `Engine.lines`."""
        ends = self._ends(memoryview(data)[start:end])
        return self._found(data, start, end, ends, once=once) if ends else []

    def _ends(self, view: memoryview) -> list[tuple[int, int]]:
        """(end offset, pattern) of every match."""
        scratch = getattr(self._own, "scratch", None)
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(self._database)
        found: list[tuple[int, int]] = []

        def report(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((end, pattern))

        self._database.scan(view, match_event_handler=report, scratch=scratch)
        return found

    def _found(self, data: Buffer, base: int, stop: int, ends: list[tuple[int, int]], *, once: bool) -> list[Hit]:
        """Match ends → lines, each (line, pattern) once, in order."""
        hits: list[Hit] = []
        ends.sort()
        first = last = -1
        told: set[int] = set()
        sure = self._sure
        for end, pattern in ends:
            offset = base + end - 1
            if offset >= last:
                if once and pattern in told:
                    continue
                first = data.rfind(b"\n", base, offset) + 1 or base
                found = data.find(b"\n", offset, stop)
                last = found if found >= 0 else stop
                if not once:
                    told.clear()
            if pattern not in told and (sure.get(pattern) or self._looks(pattern, data, first, last)):
                told.add(pattern)
                hits.append(_new_hit(Hit, (first, last, pattern)))
        hits.sort()
        return hits

    def _looks(self, pattern: int, data: Buffer, first: int, last: int) -> bool:
        """The close look; a pattern that the first look tells exactly needs none, and is remembered as such."""
        text = self._patterns[pattern]
        if pattern not in self._sure:
            self._sure[pattern] = widen(text) == text and not _CROSSING.search(text)
        return self._sure[pattern] or search(text, bytes(data[first:last]))


def _load(patterns: Sequence[str]) -> Any:
    """The compiled database, from the cache when engine, platform and patterns are the same."""
    version: str = hyperscan.__version__  # type: ignore[attr-defined]  # its stubs leave it out
    about = "\0".join([version, sys.platform, platform.machine(), str(_FORM), *patterns]).encode()
    kept = store.read("hyperscan", about)
    if kept is not None:
        with suppress(hyperscan.error):  # a database of another CPU: compile anew
            return hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK)
    database = hyperscan.Database()
    # No UTF8 flag (28 s to compile), no start of match (end offset + rfind is enough).
    database.compile(
        expressions=[widen(pattern).encode() for pattern in patterns],
        ids=list(range(len(patterns))),
        flags=[0] * len(patterns),
    )
    store.write("hyperscan", about, hyperscan.dumpb(database))
    return database
