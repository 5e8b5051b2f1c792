"""What stays of a log that is too large to keep: its beginning, its end, and the lines around every hit.

The excerpt is one text; where lines were left out, `LogText` goes on with the number that the next line has in the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from failure_investigator.logs.blocks import newlines
from failure_investigator.signatures.engine import Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from failure_investigator.signatures.engine import Buffer

AROUND = 8 * 1024
"""Bytes kept before and after a refusal or an error, which hold the 20 lines that may belong to it."""
BEHIND = 2 * 1024
"""Bytes kept after any other mark: the echo of a step, the fields of a group."""
EDGE = 32 * 1024
"""Bytes kept of a log's beginning and end: the runner's header and trailer."""
MOST = 2 << 20
"""Bytes kept of one log; beyond it the middle goes, the first eighth and the end stay."""


@dataclass(slots=True)
class Piece:
    """A stretch of whole lines: its offset and its first line's number (from 0) in the log."""

    offset: int
    line: int
    data: bytes

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.offset + len(self.data)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The pieces of a log as one text."""

    data: bytes
    gaps: tuple[tuple[int, int], ...]
    """(offset in `data`, lines of the log left out before it in all)."""
    hits: tuple[Hit, ...]


@dataclass(slots=True)
class Keeper:
    """Takes a log's blocks in order and keeps what `Excerpt` needs; offsets and lines count from its first block."""

    narrow: frozenset[int]
    """Numbers of the patterns of which only the line and what follows is kept."""
    size: int = 0
    """Bytes seen."""
    lines: int = 0
    """Newlines seen."""
    hits: list[Hit] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    _late: deque[Piece] = field(default_factory=deque)
    """Pieces behind the first eighth, of which the oldest goes when there are too many."""
    _late_hits: deque[Hit] = field(default_factory=deque)
    _kept: int = 0
    _behind: bytes = b""
    """The last bytes of the block before, in case a hit follows."""
    _owed: int = EDGE
    """Bytes of the next block that belong to what was kept."""

    def take(self, data: Buffer, end: int, hits: Sequence[Hit]) -> None:
        """Take the block `data[:end]` and the hits in it."""
        spans = [(0, min(self._owed, end))] if self._owed else []
        spans += [self._around(hit) for hit in hits]
        self._owed = max(0, max((stop for _, stop in spans), default=0) - end, self._owed - end)
        counted, lines = 0, self.lines
        for first, last in _merged(spans):
            start = data.rfind(b"\n", 0, max(0, first)) + 1
            counted, lines = start, lines + newlines(data, counted, start)
            self._keep(data, end, first, last, Piece(self.size + start, lines, b""))
        early = not self._late
        moved = (Hit(self.size + hit.start, self.size + hit.end, hit.pattern) for hit in hits)
        (self.hits if early else self._late_hits).extend(moved)
        self._behind = bytes(data[max(0, end - EDGE) : end])
        self.lines = lines + newlines(data, counted, end)
        self.size += end

    def end(self) -> None:
        """The log is over: its end is kept."""
        behind, self._behind = self._behind, b""
        self._add(Piece(self.size - len(behind), self.lines - behind.count(b"\n"), behind))
        self.pieces += self._late
        self.hits += self._late_hits
        self._late.clear()
        self._late_hits.clear()

    def _around(self, hit: Hit) -> tuple[int, int]:
        if hit.pattern in self.narrow:
            return hit.start, hit.end + BEHIND
        return hit.start - AROUND, hit.end + AROUND

    def _keep(self, data: Buffer, end: int, first: int, last: int, piece: Piece) -> None:
        """Keep the lines that [first, last) touches, reaching into the block before where `first` is negative.

        `piece` says where the first of them begins in this block.
        """
        if first < 0:
            behind = self._behind[max(0, len(self._behind) + first) :]
            behind = behind[behind.find(b"\n") + 1 :] if len(behind) < self.size else behind
            self._add(Piece(self.size - len(behind), self.lines - behind.count(b"\n"), behind))
        start = piece.offset - self.size
        found = data.find(b"\n", max(0, min(last, end) - 1), end)
        piece.data = bytes(data[start : found + 1 if found >= 0 else end])
        self._add(piece)

    def _add(self, piece: Piece) -> None:
        """Add a piece that may overlap the last one."""
        last = self._late[-1] if self._late else self.pieces[-1] if self.pieces else None
        before = last.end if last else 0
        if piece.offset < before:
            cut = piece.data[: before - piece.offset]
            piece = Piece(before, piece.line + cut.count(b"\n"), piece.data[len(cut) :])
        if not piece.data:
            return
        if self._kept < MOST // 8:
            self.pieces.append(piece)
        else:
            self._late.append(piece)
        self._kept += len(piece.data)
        while self._kept > MOST and len(self._late) > 1:
            gone = self._late.popleft()
            self._kept -= len(gone.data)
            while self._late_hits and self._late_hits[0].start < gone.end:
                self._late_hits.popleft()


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def excerpt(keepers: Sequence[Keeper]) -> Excerpt:
    """The excerpt of a log whose parts, one after another, went through these keepers."""
    pieces: list[Piece] = []
    hits: list[Hit] = []
    size = lines = 0
    for keeper in keepers:
        pieces += [Piece(size + piece.offset, lines + piece.line, piece.data) for piece in keeper.pieces]
        hits += [Hit(size + hit.start, size + hit.end, hit.pattern) for hit in keeper.hits]
        size, lines = size + keeper.size, lines + keeper.lines
    return _joined(pieces, hits)


def _joined(pieces: Sequence[Piece], hits: Sequence[Hit]) -> Excerpt:
    starts: list[int] = []
    gaps: list[tuple[int, int]] = []
    offset = line = 0
    for piece in pieces:
        starts.append(offset)
        if piece.line != line + (gaps[-1][1] if gaps else 0):
            gaps.append((offset, piece.line - line))
        offset += len(piece.data)
        line += piece.data.count(b"\n")
    places = [piece.offset for piece in pieces]
    moved: list[Hit] = []
    for hit in hits:
        index = bisect_right(places, hit.start) - 1
        if index >= 0 and hit.end <= pieces[index].end:
            shift = starts[index] - places[index]
            moved.append(Hit(hit.start + shift, hit.end + shift, hit.pattern))
    return Excerpt(b"".join(piece.data for piece in pieces), tuple(gaps), tuple(moved))
