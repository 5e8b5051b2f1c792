"""A zip on a web server of which only the needed parts are fetched, by HTTP ranges.

The first request asks for the beginning, not for the end: a suffix range is no more certain to be answered than a plain
one, the answer tells the size, and most zips are over with it. A server that ignores ranges sends everything (200), and
that is used.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FIRST = 256 * 1024
"""Bytes of the first request."""

TAIL = 64 * 1024
"""Bytes of the end that hold the central directory of some hundred members."""

GAP = 64 * 1024
"""Ranges nearer than this are one request: a round trip costs more than these bytes."""

_RATIO = 200
"""A member that inflates to more than this many times its size is a zip bomb; text logs stay far below."""


class ZipUnusableError(Exception):
    """These bytes cannot be used as a zip (an error body, a broken or hostile archive); the reason is the message."""


class Part(NamedTuple):
    """Bytes of the remote file: where they start, the whole file's size, and the bytes."""

    start: int
    size: int
    data: bytes


class RemoteZip:
    """The members of a remote zip. `fetch(start, end)` gives `Part` for [start, end), or a whole file for any range.

    `limit` bounds all bytes fetched and every member's text. Raises `ZipUnusableError` when it cannot be used, and
    whatever `fetch` raises.
    """

    def __init__(self, fetch: Callable[[int, int], Part], *, limit: int) -> None:
        self._file = _Remote(fetch, limit)
        self._limit = limit
        try:
            self._file.open()
            self._zip = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
            raise ZipUnusableError(str(error) or type(error).__name__) from error
        self._members = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of all members, in the archive's order."""
        return tuple(self._members)

    def read(self, names: Sequence[str]) -> dict[str, tuple[bytes, bool]]:
        """Bytes of these members by path, with whether the limit cut them."""
        offsets = sorted(info.header_offset for info in self._members.values())
        wanted = [self._members[name] for name in names]
        try:
            self._file.load([(info.header_offset, self._end(info, offsets)) for info in wanted])
            return {info.filename: self._inflate(info) for info in wanted}
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
            raise ZipUnusableError(str(error) or type(error).__name__) from error

    def _end(self, info: zipfile.ZipInfo, offsets: list[int]) -> int:
        """Where the next member (or the central directory) begins: a local header's own length is not known before."""
        return min((offset for offset in offsets if offset > info.header_offset), default=self._zip.start_dir)

    def _inflate(self, info: zipfile.ZipInfo) -> tuple[bytes, bool]:
        if info.file_size > max(info.compress_size, 1024) * _RATIO:
            raise ZipUnusableError(f"{info.filename} inflates {info.file_size} bytes from {info.compress_size}")
        with self._zip.open(info) as member:
            data = member.read(self._limit + 1)
        return data[: self._limit], len(data) > self._limit


class _Remote(io.RawIOBase):
    """A seekable file over ranges, for `zipfile`; keeps what it fetched."""

    def __init__(self, fetch: Callable[[int, int], Part], limit: int) -> None:
        self._fetch = fetch
        self._left = limit
        self._parts: list[tuple[int, bytes]] = []
        self._size = 0
        self._at = 0

    def open(self) -> None:
        """Fetches the beginning and, of a longer file, the end. Raises ValueError for what is no zip."""
        first = self._keep(0, FIRST)
        if first.data[:2] != b"PK":
            raise ValueError(f"no zip but {first.data[:60]!r}")
        self.load([(max(len(first.data), first.size - TAIL), first.size)])

    def load(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Makes these [start, end) ranges present, near ones by one request."""
        missing = sorted(one for one in ranges if one[0] < one[1] and self._have(*one) is None)
        merged: list[tuple[int, int]] = []
        for start, end in missing:
            if merged and start - merged[-1][1] <= GAP:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        for start, end in merged:
            self._keep(start, end)

    def _keep(self, start: int, end: int) -> Part:
        part = self._fetch(start, end)
        self._left -= len(part.data)
        if self._left < 0:
            raise ValueError("the parts needed are larger than the byte limit")
        self._size = part.size
        self._parts.append((part.start, part.data))
        return part

    def _have(self, start: int, end: int) -> bytes | None:
        for begin, data in self._parts:
            if begin <= start and end <= begin + len(data):
                return data[start - begin : end - begin]
        return None

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("seek before the beginning")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._size if size < 0 else min(self._size, self._at + size)
        if end <= self._at:
            return b""
        data = self._have(self._at, end)
        if data is None:
            self.load([(self._at, end)])
            data = self._have(self._at, end)
        if data is None:
            raise ValueError("the server sent another range than it was asked for")
        self._at = end
        return data
