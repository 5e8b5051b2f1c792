"""A source that asks another one: what wraps a source overrides the few answers that it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from failure_investigator.model import Comparison, Job, JobLog, Listing, Repository, Run, StreamKey, Usage
    from failure_investigator.sources.base import Source


class DelegatingSource:
    """See `Source`: every answer is the other source's."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def repository(self, name: str) -> Repository:
        """See `Source.repository`."""
        return self._source.repository(name)

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `Source.runs`."""
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

    def workflows(self, repository: str) -> Mapping[int, str] | None:
        """See `Source.workflows`."""
        return self._source.workflows(repository)

    def branch(self, repository: str, name: str) -> bool:
        """See `Source.branch`."""
        return self._source.branch(repository, name)

    def jobs(self, run: Run) -> tuple[Job, ...] | None:
        """See `Source.jobs`."""
        return self._source.jobs(run)

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:
        """See `Source.logs`."""
        return self._source.logs(run, jobs)

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
