"""A source that tells how far the reading is; everything else is the source behind it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from failure_investigator.console import Progress
    from failure_investigator.model import Comparison, Job, JobLog, Listing, Repository, Run, StreamKey, Usage
    from failure_investigator.sources.base import Source

LISTING = "listing runs"
READING = "reading failed runs"


class WatchedSource:
    """See `Source`. A run counts as begun when its jobs are listed, and as read when its logs are here."""

    def __init__(self, source: Source, progress: Progress) -> None:
        self._source, self._progress = source, progress
        self._lock = Lock()
        self._begun = self._read = 0

    def repository(self, name: str) -> Repository:
        """See `Source.repository`."""
        return self._source.repository(name)

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `Source.runs`."""
        self._progress(LISTING, 0, 0)
        return self._source.runs(repository, since, until)

    def follow(self, stream: StreamKey, before: datetime, default_branch: str) -> Listing:
        """See `Source.follow`."""
        return self._source.follow(stream, before, default_branch)

    def since(self, stream: StreamKey, start: datetime, default_branch: str) -> Listing | None:
        """See `Source.since`."""
        return self._source.since(stream, start, default_branch)

    def scheduled(self, repository: str, path: str) -> Listing:
        """See `Source.scheduled`."""
        return self._source.scheduled(repository, path)

    def workflows(self, repository: str) -> Mapping[int, str]:
        """See `Source.workflows`."""
        return self._source.workflows(repository)

    def branch(self, repository: str, name: str) -> bool:
        """See `Source.branch`."""
        return self._source.branch(repository, name)

    def jobs(self, run: Run) -> tuple[Job, ...]:
        """See `Source.jobs`."""
        with self._lock:
            self._begun += 1
            self._progress(READING, self._read, self._begun)
        return self._source.jobs(run)

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:
        """See `Source.logs`."""
        logs = self._source.logs(run, jobs)
        with self._lock:
            self._read += 1
            self._progress(READING, self._read, self._begun)
        return logs

    def file(self, repository: str, path: str, ref: str = "") -> str | None:
        """See `Source.file`."""
        return self._source.file(repository, path, ref)

    def folder(self, repository: str, path: str) -> tuple[str, ...]:
        """See `Source.folder`."""
        return self._source.folder(repository, path)

    def compare(self, repository: str, base: str, head: str) -> Comparison | None:
        """See `Source.compare`."""
        return self._source.compare(repository, base, head)

    def secrets(self, repository: str) -> Mapping[str, datetime] | None:
        """See `Source.secrets`."""
        return self._source.secrets(repository)

    def usage(self) -> Usage:
        """See `Source.usage`."""
        return self._source.usage()

    def exhausted(self) -> str:
        """See `Source.exhausted`."""
        return self._source.exhausted()
