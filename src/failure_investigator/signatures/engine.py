"""All patterns at once over a log's bytes: the first look, which only tells which lines may hold which signature.

Two engines with the same answers (a test compares them): hyperscan in block mode where it has a wheel, RE2 elsewhere.
Both see whole lines of raw bytes; a line counts only if RE2 finds the pattern within that line, so that a class such as
`[^"]` cannot reach over a line's end. docs/field-notes.md, has the figures behind the choices.
"""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from failure_investigator.signatures import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHUNK = 256 * 1024
"""Bytes per scan call, cut at a line's end: chunks of 4 KiB or 4 MiB lose 40 to 50 %."""


class Hit(NamedTuple):
    """A line that holds a pattern: byte offsets of the line (without its newline) and the pattern's index."""

    start: int
    end: int
    pattern: int


class Engine(Protocol):
    """Finds the lines of a log that match any pattern."""

    name: str

    def scan(self, data: bytes) -> list[Hit]:
        """All (line, pattern) pairs, by line, then by pattern; a pattern once a line."""


def make_engine(patterns: Sequence[str]) -> Engine:
    """The fastest engine that this platform has."""
    try:
        return HyperscanEngine(patterns)
    except ImportError:
        return Re2Engine(patterns)


_compiled: dict[str, Any] = {}


def search(pattern: str, line: bytes) -> bool:
    """Whether an RE2 pattern matches in raw bytes, whatever their encoding."""
    regex = _compiled.get(pattern)
    if regex is None:
        regex = _compiled[pattern] = compile_bytes(pattern)
    return regex.search(line) is not None


def compile_bytes(pattern: str) -> Any:
    """An RE2 pattern over bytes (Latin-1, so that bytes that are no UTF-8 neither match by accident nor fail)."""
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return re2.compile(pattern.encode(), options=options)


def chunks(data: bytes) -> Iterable[tuple[int, int]]:
    """Spans of about `CHUNK` bytes that end after a newline (or at the end); a longer line is one span."""
    start, size = 0, len(data)
    while start < size:
        end = min(start + CHUNK, size)
        if end < size:
            cut = data.rfind(b"\n", start, end) + 1
            end = cut if cut > start else (data.find(b"\n", end) + 1 or size)
        yield start, end
        start = end


class HyperscanEngine:
    """Hyperscan in block mode: one database, ends of matches only, lines found around them."""

    name = "hyperscan"

    def __init__(self, patterns: Sequence[str]) -> None:
        import hyperscan

        self._patterns = tuple(patterns)
        self._database = _database(hyperscan, patterns)
        self._scratch = hyperscan.Scratch(self._database)

    def scan(self, data: bytes) -> list[Hit]:
        """See `Engine.scan`."""
        hits: list[Hit] = []
        view = memoryview(data)
        ends: list[tuple[int, int]] = []

        def report(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
            ends.append((end, pattern))

        for start, end in chunks(data):
            self._database.scan(view[start:end], match_event_handler=report, scratch=self._scratch)
            if ends:
                self._lines(data, start, ends, hits)
                ends.clear()
        return hits

    def _lines(self, data: bytes, base: int, ends: list[tuple[int, int]], hits: list[Hit]) -> None:
        """Match ends → lines, each (line, pattern) once, in order."""
        ends.sort()
        line_start = line_end = -1
        seen: set[int] = set()
        for end, pattern in ends:
            offset = base + end - 1
            if offset >= line_end:
                self._flush(data, line_start, line_end, seen, hits)
                line_start = data.rfind(b"\n", 0, offset) + 1
                found = data.find(b"\n", offset)
                line_end = found if found >= 0 else len(data)
                seen = set()
            seen.add(pattern)
        self._flush(data, line_start, line_end, seen, hits)

    def _flush(self, data: bytes, start: int, end: int, patterns: set[int], hits: list[Hit]) -> None:
        if patterns:
            line = data[start:end]
            hits.extend(Hit(start, end, p) for p in sorted(patterns) if search(self._patterns[p], line))


def _database(hyperscan: Any, patterns: Sequence[str]) -> Any:
    """The compiled database, from the cache when engine, platform and patterns are the same."""
    version = f"{hyperscan.__version__}-{sys.platform}"
    key = hashlib.sha256("\0".join([version, *patterns]).encode()).hexdigest()[:32]
    name = f"hyperscan-{key}.db"
    cached = store.read(name)
    if cached is not None:
        try:
            return hyperscan.loadb(cached, hyperscan.HS_MODE_BLOCK)
        except hyperscan.error:
            cached = None  # a database of another CPU or version: compile anew
    database = hyperscan.Database()
    # No UTF8 flag (28 s to compile), no start of match (end offset + rfind is enough).
    database.compile(
        expressions=[pattern.encode() for pattern in patterns],
        ids=list(range(len(patterns))),
        flags=[0] * len(patterns),
    )
    store.write(name, hyperscan.dumpb(database))
    return database


class Re2Engine:
    """RE2 alone: an alternation finds the lines, a set tells their patterns."""

    name = "re2"

    def __init__(self, patterns: Sequence[str]) -> None:
        import re2

        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = 256 << 20  # below 32 MiB the automaton thrashes: 1 MB/s
        options.log_errors = False
        self._any = re2.compile("|".join(f"(?:{p})" for p in patterns).encode(), options=options)
        self._set = re2.Set.SearchSet(options)
        for pattern in patterns:
            self._set.Add(pattern.encode())
        self._set.Compile()

    def scan(self, data: bytes) -> list[Hit]:
        """See `Engine.scan`."""
        hits: list[Hit] = []
        for start, end in chunks(data):
            self._chunk(data[start:end], start, hits)
        return hits

    def _chunk(self, block: bytes, base: int, hits: list[Hit]) -> None:
        at = 0
        while (match := self._any.search(block, at)) is not None:
            line_start = block.rfind(b"\n", 0, match.start()) + 1
            found = block.find(b"\n", match.start())
            line_end = found if found >= 0 else len(block)
            ids = self._set.Match(block[line_start:line_end]) or ()
            hits.extend(Hit(base + line_start, base + line_end, i) for i in sorted(ids))
            at = line_end + 1
            if at > len(block):
                break
