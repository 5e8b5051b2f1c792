"""A source that tells how far the reading is; everything else is the source behind it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from failure_investigator.sources.delegating import DelegatingSource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from failure_investigator.console import Progress
    from failure_investigator.model import Job, JobLog, Listing, Repository, Run
    from failure_investigator.sources.base import Source

LISTING = "listing runs"
READING = "reading failed runs"


class WatchedSource(DelegatingSource):
    """See `Source`. A run counts as begun when its jobs are listed, and as read when its logs are here."""

    def __init__(self, source: Source, progress: Progress) -> None:
        super().__init__(source)
        self._progress = progress
        self._lock = Lock()
        self._begun = self._read = 0

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `Source.runs`."""
        self._progress(LISTING, 0, 0)
        return super().runs(repository, since, until)

    def jobs(self, run: Run) -> tuple[Job, ...] | None:
        """See `Source.jobs`."""
        with self._lock:
            self._begun += 1
            self._progress(READING, self._read, self._begun)
        return super().jobs(run)

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:
        """See `Source.logs`."""
        logs = super().logs(run, jobs)
        with self._lock:
            self._read += 1
            self._progress(READING, self._read, self._begun)
        return logs
