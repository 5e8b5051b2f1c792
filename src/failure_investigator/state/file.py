"""The state file: answers with their ETags, jobs that were listed, jobs that were judged, issues, and what was put off.

One sweep reads what the one before knew, so that it asks for less. The file is never needed: when it is missing, damaged,
foreign or of another version, the sweep starts anew and says so. What it holds and what not stands in docs/state.md.
"""

from __future__ import annotations

import lzma
import shutil
import sqlite3
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

from failure_investigator.state import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

KEPT = timedelta(days=100)
"""How long something stays that is not used: a little longer than a closed issue can come back."""
BYTES = 200 * 1024 * 1024
"""Compressed bodies that a file holds; a page of a hundred runs takes 10 to 30 KB."""
_LARGEST_BODY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer of the API as it was: the server's tag for it, and its text to the byte."""

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """What was last seen of an issue of ours."""

    fingerprint: str
    state: str
    """`open`, `closed`, or `gone` when it does not exist any more."""


class StateFile:
    """What is remembered, in a file or (without a path) for the life of this process; several threads may use it.

    The work is done on a copy, and `save` puts a whole new file in the place of the old one: a process that is killed
    leaves the file as it was. No method raises because of the file or the disk; what went wrong stands in `notes`, and
    then nothing is known. `clock` dates what is kept; `budget` bounds the bytes of bodies.
    """

    def __init__(self, path: Path | None, clock: Callable[[], datetime], *, budget: int = BYTES) -> None:
        self._path, self._clock, self._budget = path, clock, budget
        self._lock = RLock()
        self._folder = tempfile.TemporaryDirectory(prefix="failure-investigator-", ignore_cleanup_errors=True)
        self._copy = Path(self._folder.name) / "state.sqlite"
        self._broken = False
        self.notes: list[str] = []
        """What a person should know about the file, for the summary."""
        self._connection = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Saves, and takes the working copy away."""
        with self._lock:
            self.save()
            self._connection.close()
            self._folder.cleanup()

    def save(self) -> None:
        """Writes the file as a whole, without what was not used for long; nothing without a path."""
        if self._path is not None:
            self.save_as(self._path)

    def save_as(self, path: Path) -> None:
        """Writes what is known to any file, as a whole."""
        with self._lock:
            if self._broken:
                return
            new = path.with_name(f".{path.name}.new")
            try:
                database.prune(self._connection, self._now() - int(KEPT.total_seconds()), self._budget)
                path.parent.mkdir(parents=True, exist_ok=True)
                new.unlink(missing_ok=True)
                self._connection.execute("VACUUM INTO ?", (str(new),))
                new.chmod(0o600)
                new.replace(path)
            except (OSError, sqlite3.Error) as error:
                self.notes.append(f"The state file {path} could not be written: {error}")
                with suppress(OSError):
                    new.unlink(missing_ok=True)

    def merge(self, other: Path) -> None:
        """Takes over what another state file knows that is newer; a file that cannot be used leaves a note."""
        with StateFile(None, self._clock) as guest, self._lock:
            reason = guest.load(other)
            if reason:
                self.notes.append(f"The state file {other} is left out: {reason}")
            elif not self._broken:
                self._guarded(lambda: database.merge(self._connection, guest._copy))

    def answer(self, key: str) -> StoredAnswer | None:
        """The answer that is kept under a key. It is worth something only if the server says that it is unchanged."""
        rows = self._rows("SELECT tag, body FROM answers WHERE key = ?", key)
        text = _unpacked(rows[0][1]) if rows else None
        return StoredAnswer(rows[0][0], text) if text is not None else None

    def keep_answer(self, key: str, answer: StoredAnswer) -> None:
        """Keeps an answer."""
        self._put("answers", [(key, answer.tag, _packed(answer.text), self._now())])

    def answer_holds(self, key: str) -> None:
        """Notes that the server said that the answer is unchanged."""
        self._write("UPDATE answers SET at = ? WHERE key = ?", self._now(), key)

    def jobs(self, repository: str, run: str) -> str | None:
        """The jobs of a completed attempt (`run.attempt`) as they were kept."""
        rows = self._rows("SELECT body FROM jobs WHERE repository = ? AND run = ?", repository, run)
        if not rows:
            return None
        self._write("UPDATE jobs SET at = ? WHERE repository = ? AND run = ?", self._now(), repository, run)
        return _unpacked(rows[0][0])

    def keep_jobs(self, repository: str, run: str, text: str) -> None:
        """Keeps the jobs of a completed attempt, which never change."""
        self._put("jobs", [(repository, run, _packed(text), self._now())])

    def judged(self, repository: str, run: str, library: str) -> dict[int, str]:
        """By job id the fingerprint that this library found in its log; empty where it found no refusal."""
        rows = self._rows(
            "SELECT job, fingerprint FROM judged WHERE repository = ? AND run = ? AND library = ?",
            repository, run, library,
        )  # fmt: skip
        return dict(rows)

    def judge(self, repository: str, run: str, library: str, found: Mapping[int, str]) -> None:
        """Keeps what the library with this digest found in the logs of an attempt's jobs."""
        now = self._now()
        self._put("judged", [(repository, run, job, library, mark, now) for job, mark in found.items()])

    def issues(self, repository: str) -> dict[int, KnownIssue]:
        """The issues of ours that were last seen in a repository, by number."""
        rows = self._rows("SELECT number, fingerprint, state FROM issues WHERE repository = ?", repository)
        return {number: KnownIssue(fingerprint, state) for number, fingerprint, state in sorted(rows)}

    def keep_issues(self, repository: str, seen: Mapping[int, KnownIssue]) -> None:
        """Keeps what was seen of issues of ours; others that are known stay known."""
        now = self._now()
        self._put("issues", [(repository, number, one.fingerprint, one.state, now) for number, one in seen.items()])

    def postponed(self) -> tuple[str, ...]:
        """Repositories that were put off for want of budget, those that wait longest first."""
        rows = self._rows("SELECT repository FROM reach WHERE postponed = 1 ORDER BY at, repository")
        return tuple(row[0] for row in rows)

    def postpone(self, repositories: Iterable[str]) -> None:
        """Notes repositories that this sweep did not reach; those that waited already keep their place."""
        waiting, now = set(self.postponed()), self._now()
        self._put("reach", [(name, 1, now) for name in repositories if name not in waiting])

    def reached(self, repositories: Iterable[str]) -> None:
        """Notes repositories that this sweep did reach."""
        now = self._now()
        self._put("reach", [(name, 0, now) for name in repositories])

    def load(self, path: Path) -> str:
        """Puts the content of a file in the place of what is known; why that was not possible, else the empty string."""
        with self._lock:
            self._connection.close()
            reason = _copied(path, self._copy)
            if reason:
                self._copy.unlink(missing_ok=True)
            self._connection = database.connect(self._copy)
            if reason:
                self._guarded(lambda: database.create(self._connection))
            return reason

    def _opened(self) -> sqlite3.Connection:
        connection = self._connection = database.connect(self._copy)
        database.create(connection)
        if self._path is not None and (reason := self.load(self._path)):
            self.notes.append(f"The state file {self._path} starts anew: {reason}")
        return self._connection

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _rows(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = []
        self._guarded(lambda: found.extend(self._connection.execute(statement, values)))
        return found

    def _write(self, statement: str, *values: object) -> None:
        self._guarded(lambda: self._connection.execute(statement, values))

    def _put(self, table: str, rows: list[tuple[object, ...]]) -> None:
        self._guarded(lambda: database.put(self._connection, table, rows))

    def _guarded(self, do: Callable[[], object]) -> None:
        """Does something with the database; after a failure (a full disk) nothing is known or written any more."""
        with self._lock:
            if self._broken:
                return
            try:
                do()
            except sqlite3.Error as error:
                self._broken = True
                self.notes.append(f"The state is not used any more: {error}")


def _copied(path: Path, copy: Path) -> str:
    """Copies a state file if it is one; why not, else the empty string."""
    try:
        if path.stat().st_size > database.LARGEST:
            return "it is too large"
        shutil.copyfile(path, copy)
    except FileNotFoundError:
        return "there is none yet"
    except OSError as error:
        return error.strerror or "it cannot be read"
    connection = None
    try:
        connection = database.connect(copy)
        database.check(connection)
    except database.NotOursError as error:
        return str(error)
    except sqlite3.Error:
        return "it is no database, or a damaged one"
    finally:
        if connection is not None:
            connection.close()
    return ""


def _packed(text: str) -> bytes:
    # The first setting is as fast as zlib's default here and half the size: runs repeat each other over long distances.
    return lzma.compress(text.encode("utf-8", "surrogatepass"), preset=0)


def _unpacked(data: bytes) -> str | None:
    try:
        unpacker = lzma.LZMADecompressor(memlimit=_LARGEST_BODY)
        text = unpacker.decompress(data, _LARGEST_BODY)
        return text.decode("utf-8", "surrogatepass") if unpacker.eof else None
    except (lzma.LZMAError, UnicodeDecodeError, EOFError):
        return None
