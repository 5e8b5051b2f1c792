"""Looks at one repository: its runs, its logs, and a closer look at what an issue will be written about. Source in, scan out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.incidents.fingerprint import fingerprint, sealed
from failure_investigator.incidents.grouping import group
from failure_investigator.incidents.lifecycle import Draft, decide
from failure_investigator.model import Counts, Matter, Scan
from failure_investigator.reading import read_job
from failure_investigator.surroundings import CloserLook
from failure_investigator.sweep import sweep_repository

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from failure_investigator.incidents.grouping import Cluster
    from failure_investigator.incidents.lifecycle import Rules
    from failure_investigator.model import Diagnosis, Issue, Repository, Streak
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.swept import Reader, Swept
    from failure_investigator.verdicts import Verdicts

    Found = list[tuple[Cluster, Streak]]


def scan_repository(
    source: Source,
    repository: Repository,
    settings: Settings,
    issues: Sequence[Issue],
    rules: Rules,
    scanner: Scanner,
    window: tuple[datetime, datetime],
    *,
    counts_only: bool = False,
    reader: Reader = read_job,
    verdicts: Verdicts | None = None,
) -> Scan:
    """The repository's scan in the window (since, now); `issues` are what is filed, `rules` what decides later.

    `reader` and `verdicts` as for `sweep.sweep_repository`. `counts_only` means that more people may read the issue than
    the evidence: then no closer look is taken.
    """
    identify = sealed if counts_only else fingerprint
    swept = sweep_repository(source, repository, settings, issues, scanner, window, identify, reader, verdicts)
    found = list(swept.streaks())
    if not counts_only:
        found = look_closer(found, issues, CloserLook(source, swept, scanner, swept.notes), rules, window[1])
    return Scan(
        repository,
        tuple(Matter(tuple(sorted(c.marks)), streak, c.issue.number if c.issue else 0) for c, streak in found),
        _counts(swept),
        tuple(swept.findings()),
        tuple(swept.notes),
    )


def _counts(swept: Swept) -> Counts:
    remembered = swept.remembered.keys() - swept.read
    return Counts(
        runs_listed=len(swept.listed),
        eligible_runs=sum(run.eligible for run in swept.listed),
        failed_runs=sum(run.failed for run in swept.listed),
        known_before=sum(run.failed and run.key in remembered for run in swept.listed),
        logs_read=swept.logs_read,
        logs_gone=swept.logs_gone,
        not_read=len((swept.left | swept.capped) - swept.read.keys()),
        capped=len(swept.capped - swept.left),
    )


def look_closer(found: Found, issues: Sequence[Issue], look: CloserLook, rules: Rules, now: datetime) -> Found:
    """The streaks, the newest finding of each incident that an issue will be written about looked at more closely."""
    groups = group(found, issues)
    drafts = decide(groups, "", rules, Draft(), now)
    wanted = {change.fingerprint for change in drafts if change.verb in ("create", "update", "reopen")}
    for grouped in groups:
        if grouped.incident.fingerprint in wanted:
            closer = look.at(grouped.incident)
            newest = grouped.incident.judged
            if newest is not None and closer.diagnosis != grouped.incident.diagnosis:
                found = [(cluster, _closer(streak, newest.run.key, closer.diagnosis)) for cluster, streak in found]
    return found


def _closer(streak: Streak, run: str, diagnosis: Diagnosis) -> Streak:
    """The streak with a better diagnosis of one of its runs, if it has that run and the same matter."""
    findings = tuple(
        replace(each, diagnosis=diagnosis)
        if each.run.key == run and each.diagnosis and each.diagnosis.signature == diagnosis.signature
        else each
        for each in streak.findings
    )
    return replace(streak, findings=findings)
