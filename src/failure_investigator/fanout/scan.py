"""The second part: looks at the repositories of one shard, one after the other, within its share of the budget."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from failure_investigator.conclude import rules_of
from failure_investigator.fanout.attempts import Attempts
from failure_investigator.model import Counts, Scan
from failure_investigator.scan import scan_repository
from failure_investigator.sources.delegating import DelegatingSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from failure_investigator.fanout.types import Header, Planned
    from failure_investigator.model import Listing, Repository
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.verdicts import Verdicts


def scan_shard(
    source: Source,
    header: Header,
    planned: Iterable[Planned],
    settings: Settings,
    scanner: Scanner,
    verdicts: Verdicts | None = None,
) -> Iterator[Scan]:
    """A scan for each repository, in the order of the shard; one that could not be read has a note only."""
    attempts = Attempts(source.exhausted)
    for each in planned:
        answer = attempts.of(partial(_scan, source, header, each, settings, scanner, verdicts))
        yield _unread(each, answer) if isinstance(answer, str) else answer


def _scan(
    source: Source, header: Header, each: Planned, settings: Settings, scanner: Scanner, verdicts: Verdicts | None
) -> Scan:
    memory = header.memory if each.memory is None else each.memory
    return scan_repository(
        PlannedSource(source, each.listing), each.repository, settings, memory.issues, rules_of(settings, memory), scanner,
        (header.since, header.now), counts_only=each.counts_only, verdicts=verdicts,
    )  # fmt: skip


def _unread(each: Planned, why: str) -> Scan:
    return Scan(
        each.repository, counts=_listed(each), notes=(f"{each.repository.name} was not read: {why}",), reached=False
    )


def _listed(planned: Planned) -> Counts:
    runs = planned.listing.runs
    failed = sum(run.failed for run in runs)
    return Counts(len(runs), sum(run.eligible for run in runs), failed, not_read=failed)


class PlannedSource(DelegatingSource):
    """See `Source`: the window's runs are those of the plan, everything else is asked for."""

    def __init__(self, source: Source, listing: Listing) -> None:
        super().__init__(source)
        self._listing = listing

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:  # noqa: ARG002 - as planned
        """See `Source.runs`."""
        return self._listing
