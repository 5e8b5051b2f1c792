"""Decides what becomes of the issues, from scans alone, and carries it out. Scans and a tracker in, applied changes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from failure_investigator.incidents.grouping import Cluster, group, issue_of, twins_of
from failure_investigator.incidents.lifecycle import Rules, decide, duplicate, in_question
from failure_investigator.model import Applied
from failure_investigator.render.issue import Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from failure_investigator.incidents.grouping import Grouped
    from failure_investigator.incidents.lifecycle import Writer
    from failure_investigator.model import Change, Incident, Issue, Matter, Scan, Streak
    from failure_investigator.render.context import Context
    from failure_investigator.settings import Settings
    from failure_investigator.trackers.base import Memory, Tracker


@dataclass(frozen=True, slots=True)
class Concluded:
    """What was decided and done in one issue repository."""

    incidents: tuple[Incident, ...]
    applied: tuple[Applied, ...]


def rules_of(settings: Settings, memory: Memory) -> Rules:
    """The settings that decide, with what the tracker remembers."""
    return Rules(
        settings.min_failures,
        settings.close_after,
        settings.thresholds,
        settings.labels,
        memory.first_sweep,
        dict(memory.handed_over),
    )


def conclude(
    scans: Sequence[Scan], memory: Memory, tracker: Tracker, settings: Settings, context: Context, now: datetime
) -> Concluded:
    """Group what all scans found, decide, and apply; a dry run applies nothing.

    Raises the errors of `errors.py`; whatever is raised before `tracker.apply` has written nothing.
    """
    page, rules = Page(context), rules_of(settings, memory)
    groups = _grouped(scans, memory.issues, tracker)
    changes = decide(groups, tracker.repository, rules, page, now)
    created = {change.fingerprint for change in changes if change.verb == "create"}
    names = {name for each in groups if each.incident.fingerprint in created for name in each.incident.names}
    if names and (older := tracker.recall(names)):
        groups = _grouped(scans, (*memory.issues, *older), tracker)
        changes = decide(groups, tracker.repository, rules, page, now)
    applied = _applied(tracker, changes, settings)
    if not settings.dry_run:
        applied = (*applied, *settle(tracker, applied, page))
    return Concluded(tuple(each.incident for each in groups), applied)


def _pairs(scans: Sequence[Scan], issues: Sequence[Issue]) -> list[tuple[Cluster, Streak]]:
    """The streaks with their clusters, in the order of repositories, whatever machine looked at them."""
    ordered = sorted(scans, key=lambda scan: scan.repository.name.lower())
    return [(_cluster(matter, issues), matter.streak) for scan in ordered for matter in scan.matters]


def _cluster(matter: Matter, issues: Sequence[Issue]) -> Cluster:
    """The matter with the issue that holds it now: one may have been filed since the repository was looked at."""
    known = (issue for issue in issues if issue.number == matter.issue)
    held = (issue for mark in matter.marks if (issue := issue_of(mark, frozenset(), issues)) is not None)
    issue = next(known, None) or next(held, None)
    names = issue.marker.names if issue is not None and issue.marker is not None else frozenset()
    return Cluster(names.union(matter.marks), issue)


def _grouped(scans: Sequence[Scan], issues: Sequence[Issue], tracker: Tracker) -> list[Grouped]:
    """The incidents with their issues, and what a listing does not tell of those closed ones that failed again."""
    groups = group(_pairs(scans, issues), issues)
    asked = in_question(groups)
    return [
        replace(each, issue=tracker.details(each.issue)) if each.issue and each.issue.number in asked else each
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
