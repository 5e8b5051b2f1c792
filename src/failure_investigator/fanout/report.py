"""The third part: decides from all findings, and writes issues, into one repository or into each affected one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from failure_investigator.conclude import conclude
from failure_investigator.costs import total
from failure_investigator.fanout.attempts import Attempts
from failure_investigator.fanout.outage import with_outages
from failure_investigator.render.context import Context
from failure_investigator.render.report import Report
from failure_investigator.state.known import keep_issues, known_issues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from failure_investigator.conclude import Concluded
    from failure_investigator.fanout.types import Noted, Plan
    from failure_investigator.model import Scan, Usage
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.rulebook import Rulebook
    from failure_investigator.state import StateFile
    from failure_investigator.trackers.base import Tracker

    Open = Callable[[str], AbstractContextManager[Tracker]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the shards brought."""

    scans: tuple[Scan, ...]
    noted: tuple[Noted, ...]
    missing: tuple[str, ...]
    """Planned repositories of which nothing came: nothing is concluded about them."""
    late: tuple[str, ...] = ()
    """Repositories that were not read, by the plan or a shard: nothing is concluded about them either."""


def gathered(plan: Plan, scans: Iterable[Scan], noted: Iterable[Noted]) -> Gathered:
    """Each repository once, in order, whatever machine looked at it and however often."""
    by_name = {scan.repository.name: scan for scan in sorted(scans, key=lambda scan: scan.reached)}
    by_shard = {each.shard: each for each in noted}
    found = tuple(by_name[name] for name in plan.planned if name in by_name)
    missing = tuple(name for name in plan.planned if name not in by_name)
    late = (*plan.postponed, *(scan.repository.name for scan in found if not scan.reached))
    return Gathered(found, tuple(by_shard[number] for number in sorted(by_shard)), missing, late)


def conclude_all(
    plan: Plan,
    brought: Gathered,
    opened: Open,
    settings: Settings,
    rulebook: Rulebook,
    clock: Callable[[], datetime],
    state: StateFile | None = None,
) -> Report:
    """Decide and write. `opened` opens the tracker of an issue repository.

    The issues are observed anew: a report that is made again, after it was cut off, finds what it filed before.
    """
    scans = [scan for scan in brought.scans if scan.reached]
    concluded: list[Concluded] = []
    notes: list[str] = []
    usages = [plan.usage, *(each.usage for each in brought.noted)]

    def one(repository: str, own: Sequence[Scan]) -> Concluded:
        with opened(repository) as tracker:
            memory = tracker.observe(known_issues(state, repository))
            if settings.issue_repository:
                own = with_outages(own, _looked_at(plan, brought), memory.issues)
            context = Context(repository, rulebook.services, settings.close_after, settings.owners)
            found = conclude(own, memory, tracker, settings, context, plan.header.now)
            keep_issues(state, repository, memory, found.applied)
            notes.extend(f"an issue was not believed: {why}" for why in memory.rejected)
            usages.append(tracker.usage())
            return found

    attempts = Attempts()
    for target in _targets(settings, scans):
        answer = one(*target) if settings.issue_repository else attempts.of(partial(one, *target))
        if isinstance(answer, str):
            notes.append(f"the issues of {target[0]} were left as they are: {answer}")
        else:
            concluded.append(answer)
    attempts.done(len(concluded))
    made = _report(plan, brought, concluded, usages, clock())
    return replace(made, notes=(*made.notes, *notes), dry_run=settings.dry_run)


def _targets(settings: Settings, scans: Sequence[Scan]) -> list[tuple[str, list[Scan]]]:
    """The issue repositories, each with the scans whose findings go there."""
    if settings.issue_repository:
        return [(settings.issue_repository, list(scans))]
    return [(scan.repository.name, [scan]) for scan in scans if scan.repository.has_issues]


def _looked_at(plan: Plan, brought: Gathered) -> int:
    return len(plan.repositories) - len(brought.late) - len(brought.missing)


def _report(
    plan: Plan, brought: Gathered, concluded: Sequence[Concluded], usages: Sequence[Usage], finished: datetime
) -> Report:
    return Report(
        started=plan.header.now,
        finished=finished,
        since=plan.header.since,
        repositories=plan.repositories,
        organization=plan.header.organization,
        counts=sum((scan.counts for scan in brought.scans), plan.quiet),
        incidents=tuple(incident for each in concluded for incident in each.incidents),
        applied=tuple(done for each in concluded for done in each.applied),
        findings=tuple(finding for scan in brought.scans for finding in scan.findings),
        notes=tuple(dict.fromkeys(_notes(plan, brought))),
        usage=total(usages),
    )


def _notes(plan: Plan, brought: Gathered) -> Iterable[str]:
    """What was left out, not reached or not brought: said, for nothing is concluded about it."""
    yield from plan.notes
    if plan.left_out:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(plan.left_out.items()))
        yield f"repositories left out: {reasons}"
    if late := brought.late:
        yield f"{len(late)} repositories were not read, and come first next time: {_few(late)}"
    if brought.missing:
        yield f"nothing came of {len(brought.missing)} repositories, whose shard did not finish: {_few(brought.missing)}"
    without = [scan.repository.name for scan in brought.scans if scan.matters and not scan.repository.has_issues]
    if without:
        yield f"issues are disabled in {len(without)} repositories with findings: {_few(without)}"
    for scan in brought.scans:
        yield from scan.notes


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:10])
    return f"{shown} and {len(names) - 10} more" if len(names) > 10 else shown
