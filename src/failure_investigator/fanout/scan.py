"""The second part: looks at the repositories of one shard, one after the other, within its share of the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.conclude import rules_of
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
    """A scan for each repository, in the order of the shard; one that the budget does not reach has a note only."""
    for each in planned:
        if reason := source.exhausted():
            why = f"{each.repository.name} was not read: {reason}"
            yield Scan(each.repository, counts=_listed(each), notes=(why,), reached=False)
            continue
        memory = header.memory if each.memory is None else each.memory
        rules = rules_of(settings, memory)
        window = (header.since, header.now)
        known = PlannedSource(source, each.listing)
        yield scan_repository(
            known, each.repository, settings, memory.issues, rules, scanner, window,
            counts_only=each.counts_only, verdicts=verdicts,
        )  # fmt: skip


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
