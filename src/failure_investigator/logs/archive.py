"""A run's zip: each job's text once (docs/log-format.md). Nothing is written to disk, and limits keep bombs out."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from failure_investigator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_MEMBERS = 10_000
MOST_BYTES = 2 << 30
MOST_RATIO = 200
"""Text shrinks by 5 to 30; a member beyond this (above 1 MiB) was made to fill memory."""
_JOB = re.compile(r"-?\d+_[^/]+\.txt")
_STEP = re.compile(r"(?P<job>[^/]+)/(?P<number>\d+)_[^/]*\.txt")


@dataclass(frozen=True, slots=True)
class Member:
    """One job's text and its path in the zip (of its first step's file when the job's own is missing)."""

    name: str
    data: bytes


def read_zip(data: bytes) -> Iterator[Member]:
    """The jobs of a run's zip in the order of their numbers. Raises `UsageError` for what is no zip or too large."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise UsageError("This is not a run's zip", why=str(error), do="Download the logs of the run again.") from None
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _check(entries)
        jobs = [entry for entry in entries if _JOB.fullmatch(entry.filename)]
        names = {re.sub(r"^-?\d+_", "", entry.filename).removesuffix(".txt") for entry in jobs}
        for entry in sorted(jobs, key=lambda entry: _number(entry.filename)):
            yield Member(entry.filename, _inflate(archive, entry))
        for steps in _orphans(entries, names):
            yield Member(steps[0].filename, b"".join(_inflate(archive, entry) for entry in steps))


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


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UsageError(f"{entry.filename} in the zip cannot be read", why=str(error)) from None
