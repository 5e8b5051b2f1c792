"""A log's bytes by offset: lines are decoded only where somebody looks (docs/log-format.md)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    Buffer = bytes | bytearray

Shape = Literal["raw", "gh", "plain"]
LONGEST = 8 * 1024
"""Bytes of a line that are decoded: its first ones, or those around a place; a dumped body of megabytes says no more."""
_STAMP = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z"
_TIME = re.compile(_STAMP + rb" ?")
_GH = re.compile(rb"[^\t\n]*\t[^\t\n]*\t(?:\xef\xbb\xbf)?(?:" + _STAMP + rb" ?)?")
_GH_LINE = re.compile(rb"[^\t\n]+\t[^\t\n]+\t(?:\xef\xbb\xbf)?" + _STAMP)
ANSI = re.compile(r"(?:\x1b|\^\[)\[[0-9;:?]*[A-Za-z]|\x1b\][^\x07]*\x07")
"""Colour codes, as bytes and as the two characters `^[` that newer `gh` prints."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """A line: offsets in the data, without its newline, and its cleaned text."""

    start: int
    end: int
    text: str


def clean(raw: Buffer, *, gh: bool = False) -> str:
    """One line's text without byte order mark, `gh` columns, timestamp, colour codes and carriage return."""
    raw = raw[:LONGEST].removeprefix(_BOM)
    if gh:
        match = _GH.match(raw)
        raw = raw[match.end() :] if match else raw
    match = _TIME.match(raw)
    text = (raw[match.end() :] if match else raw).decode("utf-8", errors="replace").rstrip("\r\n")
    return ANSI.sub("", text) if "\x1b" in text or "^[" in text else text


def timestamp(raw: Buffer) -> datetime | None:
    """The time that a line begins with (in column 3 of `gh` output), to the microsecond; None if it has none."""
    match = re.search(_STAMP, raw[:400])
    if match is None:
        return None
    whole, _, fraction = match.group().decode().removesuffix("Z").partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0")))


class LogText:
    """A log, its shape, and its lines by offset or number.

    `gaps` are (offset, lines left out before it in all) where `data` is an excerpt: numbers are the whole log's.
    """

    def __init__(self, data: Buffer, gaps: Sequence[tuple[int, int]] = ()) -> None:
        self.data = data
        self.shape: Shape = _shape(data)
        self._gaps = tuple(gaps)
        self._offsets = [0]  # checkpoints: number of lines before each, so that counting never starts over
        self._counts = [0]

    def number(self, offset: int) -> int:
        """The 1-based number of the line that holds an offset."""
        return self._count_to(offset) + 1 + self._left_out(offset)

    def _count_to(self, offset: int) -> int:
        """Newlines of the text before an offset."""
        at = bisect_right(self._offsets, offset) - 1
        count = self._counts[at] + self.data.count(b"\n", self._offsets[at], offset)
        if offset - self._offsets[at] > 4096 and at == len(self._offsets) - 1:
            self._offsets.append(offset)
            self._counts.append(count)
        return count

    def _left_out(self, offset: int) -> int:
        """Lines left out before an offset."""
        at = bisect_right(self._gaps, offset, key=itemgetter(0)) - 1
        return self._gaps[at][1] if at >= 0 else 0

    def _within(self, number: int) -> int:
        """The number that a line of the whole log has in the text; that of the next line there when it was left out."""
        left_out = 0
        for offset, lines in self._gaps:
            first = self._count_to(offset) + 1
            if number < first + lines:
                return min(number - left_out, first)
            left_out = lines
        return number - left_out

    def offset_of(self, number: int) -> int:
        """The offset at which a line begins; the end of the data for a line beyond it."""
        number = self._within(number)
        at = bisect_right(self._counts, number - 1) - 1
        offset, count = self._offsets[at], self._counts[at]
        if count:
            offset = self.data.rfind(b"\n", 0, offset) + 1
        while count < number - 1:
            found = self.data.find(b"\n", offset)
            if found < 0:
                return len(self.data)
            offset, count = found + 1, count + 1
        return offset

    def line(self, offset: int) -> Line:
        """The line that holds an offset."""
        start = self.data.rfind(b"\n", 0, offset) + 1
        found = self.data.find(b"\n", offset)
        return self._line(start, found if found >= 0 else len(self.data))

    def around(self, start: int, end: int, place: int, before: int) -> str:
        """`LONGEST` bytes of a line, cleaned, beginning `before` bytes before a place in it; all of a shorter line."""
        first = max(start, min(place - before, end - LONGEST))
        return clean(self.data[first : min(end, first + LONGEST)], gh=self.shape == "gh" and first == start)

    def before(self, offset: int, n: int) -> list[Line]:
        """At most `n` lines before the one that holds an offset, oldest first."""
        found: list[Line] = []
        end = self.data.rfind(b"\n", 0, offset)
        while end >= 0 and len(found) < n:
            start = self.data.rfind(b"\n", 0, end) + 1
            found.append(self._line(start, end))
            end = start - 1
        return found[::-1]

    def after(self, offset: int, n: int) -> list[Line]:
        """At most `n` lines after the one that holds an offset."""
        found: list[Line] = []
        newline = self.data.find(b"\n", offset)
        while newline >= 0 and newline + 1 < len(self.data) and len(found) < n:
            start = newline + 1
            newline = self.data.find(b"\n", start)
            found.append(self._line(start, newline if newline >= 0 else len(self.data)))
        return found

    def between(self, start: int, end: int) -> list[Line]:
        """The lines that begin in [start, end)."""
        found: list[Line] = []
        while start < end:
            newline = self.data.find(b"\n", start)
            stop = newline if newline >= 0 else len(self.data)
            found.append(self._line(start, stop))
            start = stop + 1
        return found

    def _line(self, start: int, end: int) -> Line:
        return Line(start, end, clean(self.data[start : min(end, start + LONGEST)], gh=self.shape == "gh"))


def _shape(data: Buffer) -> Shape:
    """What the first lines look like."""
    head = data[:65536].split(b"\n", 40)[:40]
    if any(_GH_LINE.match(line) for line in head):
        return "gh"
    return "raw" if any(_TIME.match(line.removeprefix(_BOM)) for line in head) else "plain"
