"""The whole job, the only glue: observe → list → read → group → decide → apply. Collaborators come as arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.errors import TargetError
from failure_investigator.incidents.fingerprint import fingerprint, sealed
from failure_investigator.incidents.grouping import group, twins_of
from failure_investigator.incidents.lifecycle import Draft, Rules, decide, duplicate, in_question
from failure_investigator.model import Applied, Usage
from failure_investigator.own_schedule import look
from failure_investigator.render.context import Context
from failure_investigator.render.issue import Page
from failure_investigator.render.report import Report
from failure_investigator.signatures.scanner import built_in
from failure_investigator.surroundings import CloserLook
from failure_investigator.sweep import sweep_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from failure_investigator.incidents.grouping import Grouped
    from failure_investigator.incidents.lifecycle import Writer
    from failure_investigator.model import Change, Repository
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.swept import Swept
    from failure_investigator.trackers.base import Tracker

_RANK = {"public": 0, "internal": 1, "private": 2}


def investigate(
    source: Source,
    tracker: Tracker,
    settings: Settings,
    clock: Callable[[], datetime],
    say: Callable[[str], None] = lambda _: None,
    scanner: Scanner | None = None,
) -> Report:
    """Sweep one repository and keep its issues. `say` gets a line for each stage; `scanner` reads the logs, by default
    with the built-in library.

    Raises the errors of `errors.py`; whatever is raised before `tracker.apply` has written nothing.
    """
    started = clock()
    repository = source.repository(settings.repository)
    counts_only = check_target(repository, source, settings)
    memory = tracker.observe()
    say(f"{len(memory.issues)} own issues in {tracker.repository}")
    since = started - settings.lookback
    identify = sealed if counts_only else fingerprint
    scanner = scanner or built_in()
    swept = sweep_repository(source, repository, settings, memory.issues, scanner, (since, started), identify)
    say(f"{len(swept.listed)} runs listed, {swept.logs_read} logs read, {swept.logs_gone} gone")
    groups = _detailed(group(swept.streaks(), memory.issues), tracker)
    rules = Rules(
        settings.min_failures, settings.close_after, settings.labels, memory.first_sweep, dict(memory.handed_over)
    )
    if not counts_only:
        groups = look_closer(groups, CloserLook(source, swept, scanner, swept.notes), rules, started)
    page = Page(Context(tracker.repository, scanner.rulebook.services, settings.close_after, counts_only))
    kept = look(source, repository, settings, started)
    changes = decide(groups, tracker.repository, rules, page, started)
    applied = _applied(tracker, changes, settings)
    if not settings.dry_run:
        applied = (*applied, *settle(tracker, applied, page))
    notes = [*swept.notes, *(f"an issue was not believed: {reason}" for reason in memory.rejected), kept.note]
    return replace(
        _report((started, clock()), swept, groups, applied, total((source.usage(), tracker.usage()))),
        missed=kept.missed,
        notes=tuple(note for note in notes if note),
        dry_run=settings.dry_run,
    )


def _detailed(groups: Sequence[Grouped], tracker: Tracker) -> list[Grouped]:
    """The groups with what a listing does not tell of those closed issues that failed again."""
    asked = in_question(groups)
    return [
        replace(each, issue=tracker.details(each.issue)) if each.issue and each.issue.number in asked else each
        for each in groups
    ]


def check_target(repository: Repository, source: Source, settings: Settings) -> bool:
    """Whether only counts may be filed, because more people may read the issues than the evidence (`redact-private`).

    Raises `TargetError` when that was not allowed, or issues are off.
    """
    target, counts_only = repository, False
    if settings.issue_repository and settings.issue_repository.lower() != repository.name.lower():
        target = source.repository(settings.issue_repository)
        counts_only = _RANK[target.visibility] < _RANK[repository.visibility]
        if counts_only and not settings.redact_private:
            raise TargetError(
                f"Evidence of {repository.name} ({repository.visibility}) would go to {target.name} ({target.visibility})",
                do="Name an issue-repository that is at least as restricted, or set redact-private: true.",
            )
    if not target.has_issues and settings.issues_directory is None and not settings.dry_run:
        raise TargetError(
            f"Issues are disabled in {target.name}",
            do="Enable them in its settings (Features), or name another repository with issue-repository.",
        )
    return counts_only


def look_closer(groups: Sequence[Grouped], look: CloserLook, rules: Rules, now: datetime) -> list[Grouped]:
    """The incidents, those that an issue will be written about looked at more closely."""
    drafts = decide(groups, "", rules, Draft(), now)
    wanted = {change.fingerprint for change in drafts if change.verb in ("create", "update", "reopen")}
    return [
        replace(each, incident=look.at(each.incident)) if each.incident.fingerprint in wanted else each
        for each in groups
    ]


def _applied(tracker: Tracker, changes: Sequence[Change], settings: Settings) -> tuple[Applied, ...]:
    if settings.dry_run:
        return tuple(
            Applied(change, change.number, deferred="" if change.verb == "none" else "dry run") for change in changes
        )
    return tuple(tracker.apply(changes))


def settle(tracker: Tracker, applied: Sequence[Applied], write: Writer) -> tuple[Applied, ...]:
    """Two sweeps at once may file the same: after a create the list is read again, and the lower number stays."""
    mine = {done.number for done in applied if done.change.verb == "create" and not done.deferred}
    if not mine:
        return ()
    opened = tracker.opened()
    first = {issue.number: issue for issue in opened}
    changes = [
        change
        for number, twins in twins_of(opened).items()
        for twin in twins
        if twin.number in mine
        for change in duplicate(first[number], twin, tracker.repository, write)
    ]
    return tuple(tracker.apply(changes))


def _report(
    time: tuple[datetime, datetime], swept: Swept, groups: Sequence[Grouped], applied: tuple[Applied, ...], usage: Usage
) -> Report:
    """What the sweep counted and did; `time` is its start and its end."""
    return Report(
        started=time[0],
        finished=time[1],
        since=swept.since,
        repositories=(swept.repository.name,),
        runs_listed=len(swept.listed),
        eligible_runs=sum(run.eligible for run in swept.listed),
        failed_runs=sum(run.failed for run in swept.listed),
        known_before=sum(run.failed and run.key in swept.remembered.keys() - swept.read for run in swept.listed),
        logs_read=swept.logs_read,
        logs_gone=swept.logs_gone,
        not_read=len((swept.left | swept.capped) - swept.read.keys()),
        capped=len(swept.capped - swept.left),
        incidents=tuple(each.incident for each in groups),
        applied=applied,
        findings=tuple(swept.findings()),
        usage=usage,
    )


def total(usages: Sequence[Usage]) -> Usage:
    """Several clients' costs together."""
    requests: dict[str, int] = {}
    for usage in usages:
        for kind, count in usage.requests.items():
            requests[kind] = requests.get(kind, 0) + count
    return Usage(dict(sorted(requests.items())), sum(u.bytes for u in usages), sum(u.not_modified for u in usages))
