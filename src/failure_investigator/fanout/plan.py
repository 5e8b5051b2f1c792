"""The first part: which repositories there are, what ran in them, what is filed; and what is left to read, in shards.

Each repository costs one request, which is free while nothing ran there: the address of its listing never changes. Only the
repositories with a failure in the window, or that an open issue names, are planned; of the others the counts are kept.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from failure_investigator.costs import total
from failure_investigator.fanout.attempts import Attempts
from failure_investigator.fanout.shards import balanced, shards_for
from failure_investigator.fanout.types import Header, Plan, Planned
from failure_investigator.filters import wanted
from failure_investigator.incidents.memory import sealed_streams, stream_key
from failure_investigator.model import Counts, Memory, Usage
from failure_investigator.sources.base import Source
from failure_investigator.sources.budget import share
from failure_investigator.visibility import check_home, counts_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from failure_investigator.model import Issue, Listing, Repository
    from failure_investigator.settings import Settings
    from failure_investigator.sources.budget import Budget
    from failure_investigator.sources.organization import Repositories, RepositoryFilter

WORKERS = 8
"""Repositories whose runs are listed at the same time."""


class OrganizationSource(Source, Protocol):
    """A source that knows an organisation, too."""

    def repositories(self, login: str, wanted: RepositoryFilter | None = None) -> Repositories:
        """See `sources.organization`."""

    def recent(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """The same as `runs`, at an address that never changes."""

    def budget(self) -> Budget | None:
        """What is left of the token's rate limit; None where there is none."""


@dataclass(frozen=True, slots=True)
class Made:
    """A plan and its shards."""

    plan: Plan
    shards: tuple[tuple[Planned, ...], ...]
    observing: Usage = field(default_factory=Usage)
    """What it cost to see what is filed; in the plan's usage, too."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Where issues go, and what is filed there: one repository for all, or each its own."""

    one: Repository | None
    memory: Memory
    of: Callable[[Repository], Memory]
    """What is filed in a repository itself; asked for only where each gets its own issues."""
    spent: list[Usage] = field(default_factory=list)
    """What observing cost so far."""


def make_plan(
    source: OrganizationSource,
    settings: Settings,
    targets: Targets,
    now: datetime,
    *,
    home: Repository | None = None,
    first: Sequence[str] = (),
    config: str | None = None,
    wanted_shards: int = 0,
) -> Made:
    """List and observe. `home` is where the sweep itself runs, `first` are repositories that wait from the last time.

    Raises the errors of `errors.py`; evidence that would leave its visibility is a `TargetError` before anything is read.
    """
    since = now - settings.lookback
    listed = source.repositories(settings.organization, filter_of(settings))
    if home is not None:
        check_home(home, listed.repositories)
    sealed = {each.name: _counts_only(each, targets, settings) for each in listed.repositories}
    order = {name: place for place, name in enumerate(first)}
    queue = sorted(listed.repositories, key=lambda each: (order.get(each.name, len(order)), each.name.lower()))
    planned: list[Planned] = []
    quiet, postponed, notes = Counts(), [], [*listed.notes]
    for repository, answer in _listings(source, targets, queue, since, now):
        if isinstance(answer, str):
            postponed.append(repository.name)
            notes.append(answer)
            continue
        listing, own = answer
        found = [run for run in listing.runs if wanted(run, settings)]
        issues = targets.memory.issues if own is None else own.issues
        if any(run.failed for run in found) or _awaited(repository, issues, hidden=sealed[repository.name]):
            planned.append(Planned(repository, listing, sealed[repository.name], own))
        else:
            quiet = quiet + Counts(runs_listed=len(found), eligible_runs=sum(run.eligible for run in found))
            notes += [listing.note] if listing.note else []
    observing = total(targets.spent)
    header = Header(now, since, settings.organization, config, None, targets.memory.slim)
    count = shards_for(planned, wanted_shards)
    plan = Plan(
        header,
        count,
        tuple(each.name for each in listed.repositories),
        tuple(sorted(each.repository.name for each in planned)),
        tuple(postponed),
        listed.left_out,
        quiet,
        tuple(dict.fromkeys(notes)),
        total((source.usage(), observing)),
    )
    return Made(plan, tuple(map(tuple, balanced(planned, count))), observing)


def filter_of(settings: Settings) -> RepositoryFilter:
    """The organisation's repositories that the settings name."""
    from failure_investigator.sources.organization import RepositoryFilter

    visibilities = () if settings.visibility == "all" else (settings.visibility,)
    return RepositoryFilter(settings.repositories, settings.exclude_repositories, settings.topics, visibilities)


def headers(plan: Plan, budget: Budget | None) -> tuple[Header, ...]:
    """The header of each shard, with its share of what is left of the rate limit."""
    if budget is None:
        return (plan.header,) * plan.shards
    return tuple(replace(plan.header, budget=each) for each in share(budget, plan.shards))


def _counts_only(repository: Repository, targets: Targets, settings: Settings) -> bool:
    if targets.one is None:
        return False
    return counts_only(repository, targets.one, allowed=settings.redact_private)


def _listings(
    source: OrganizationSource, targets: Targets, repositories: Sequence[Repository], since: datetime, now: datetime
) -> Iterator[tuple[Repository, tuple[Listing, Memory | None] | str]]:
    """The runs of each repository, with what is filed there, several asked for at a time; or why they were not read."""
    attempts = Attempts(source.exhausted)

    def listing(repository: Repository) -> tuple[Listing, Memory | None]:
        found = source.recent(repository, since, now)
        return found, targets.of(repository).slim if targets.one is None else None

    reached = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = pool.map(lambda repository: attempts.of(lambda: listing(repository)), repositories)
        for repository, answer in zip(repositories, answers, strict=True):
            reached += not isinstance(answer, str)
            yield repository, answer
    attempts.done(reached)


def _awaited(repository: Repository, issues: Sequence[Issue], *, hidden: bool) -> bool:
    """Whether an open issue waits for a stream of the repository; one that holds counts only may wait for any `hidden` one."""
    if hidden and any(True for _ in sealed_streams(issues)):
        return True
    waiting = (name for issue in issues if issue.state == "open" and issue.marker for name in issue.marker.streams)
    keys = (stream_key(name) for name in waiting)
    return any(key is not None and key.repository.lower() == repository.name.lower() for key in keys)
