"""A run's zip: each job's text once (docs/log-format.md). Nothing is written to disk, and limits keep bombs out."""

from __future__ import annotations

import io
import re
import struct
import threading
import zipfile
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from failure_investigator.errors import UsageError
from failure_investigator.logs.inflate import inflate, inflate_blocks
from failure_investigator.logs.look import WHOLE, look_at, look_at_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from failure_investigator.logs.look import Looked
    from failure_investigator.signatures.scanner import Scanner

MOST_MEMBERS = 10_000
MOST_BYTES = 2 << 30
MOST_RATIO = 500
"""Text shrinks by 5 to 30, a line said over and over by 300; a member beyond this (above 1 MiB) was made to fill memory."""
_JOB = re.compile(r"-?\d+_[^/]+\.txt")
_STEP = re.compile(r"(?P<job>[^/]+)/(?P<number>\d+)_[^/]*\.txt")


@dataclass(frozen=True, slots=True)
class Member:
    """One job's text in the zip: its own file, or its steps' files where its own is missing."""

    name: str
    """Path of its (first) file."""
    entries: tuple[zipfile.ZipInfo, ...]

    @property
    def size(self) -> int:
        """Bytes when inflated."""
        return sum(entry.file_size for entry in self.entries)


class RunZip:
    """A run's zip, its jobs in the order of their numbers. Raises `UsageError` for what is no zip or too large."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._lock = file, threading.Lock()
        try:
            with zipfile.ZipFile(file) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, NotImplementedError, OverflowError, ValueError, struct.error) as error:
            raise UsageError(
                "This is not a run's zip", why=str(error), do="Download the logs of the run again."
            ) from None
        _check(entries)
        self.members = tuple(_members(entries))

    def text(self, member: Member) -> bytes | bytearray:
        """A job's whole text."""
        if len(member.entries) == 1:
            return inflate(self._read, member.entries[0])
        return b"".join(inflate(self._read, entry) for entry in member.entries)

    def look(self, member: Member, scanner: Scanner) -> Looked:
        """The first look at a job's text, which is inflated whole only if it is small. For several threads at once."""
        if member.size <= WHOLE:
            return look_at(self.text(member), scanner)
        blocks = chain.from_iterable(inflate_blocks(self._read, entry) for entry in member.entries)
        return look_at_blocks(blocks, member.size, scanner)

    def _read(self, offset: int, size: int) -> bytes:
        with self._lock:
            self._file.seek(offset)
            return self._file.read(size)


def read_zip(data: bytes) -> Iterator[tuple[str, bytes | bytearray]]:
    """Name and text of each job in a zip that lies in memory."""
    archive = RunZip(io.BytesIO(data))
    return ((member.name, archive.text(member)) for member in archive.members)


def _members(entries: Sequence[zipfile.ZipInfo]) -> Iterator[Member]:
    jobs = [entry for entry in entries if _JOB.fullmatch(entry.filename)]
    names = {re.sub(r"^-?\d+_", "", entry.filename).removesuffix(".txt") for entry in jobs}
    for entry in sorted(jobs, key=lambda entry: _number(entry.filename)):
        yield Member(entry.filename, (entry,))
    for steps in _orphans(entries, names):
        yield Member(steps[0].filename, tuple(steps))


def _number(name: str) -> int:
    return int(name.rpartition("/")[2].partition("_")[0])


def _check(entries: Sequence[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_MEMBERS or total > MOST_BYTES:
        raise UsageError(f"The zip holds {len(entries)} files of {total >> 20} MiB in all", why="that is no run's log")
    for entry in entries:
        if entry.file_size > 1 << 20 and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            raise UsageError(f"{entry.filename} in the zip would inflate {MOST_RATIO} times and more", why="not read")


def _orphans(entries: Sequence[zipfile.ZipInfo], names: set[str]) -> Iterator[list[zipfile.ZipInfo]]:
    """The step files of jobs whose own file is missing, in numeric order."""
    folders: dict[str, list[zipfile.ZipInfo]] = {}
    for entry in entries:
        match = _STEP.fullmatch(entry.filename)
        if match and match["job"] not in names:
            folders.setdefault(match["job"], []).append(entry)
    for folder in folders.values():
        yield sorted(folder, key=lambda entry: _number(entry.filename))
