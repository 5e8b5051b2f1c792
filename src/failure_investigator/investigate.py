"""The whole job, the only glue: observe → list → read → group → decide → apply. Collaborators come as arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.conclude import conclude, rules_of
from failure_investigator.errors import TargetError
from failure_investigator.model import Counts, Usage
from failure_investigator.own_schedule import look
from failure_investigator.reading import read_job
from failure_investigator.render.context import Context
from failure_investigator.render.report import Report
from failure_investigator.scan import scan_repository
from failure_investigator.signatures.scanner import built_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from failure_investigator.conclude import Concluded
    from failure_investigator.model import Repository, Scan
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.swept import Reader
    from failure_investigator.trackers.base import Tracker

_RANK = {"public": 0, "internal": 1, "private": 2}


def investigate(
    source: Source,
    tracker: Tracker,
    settings: Settings,
    clock: Callable[[], datetime],
    say: Callable[[str], None] = lambda _: None,
    scanner: Scanner | None = None,
    reader: Reader = read_job,
) -> Report:
    """Sweep one repository and keep its issues. `say` gets a line for each stage; `scanner` searches the logs, by default
    with the built-in library, and `reader` says what a failed job's log tells.

    Raises the errors of `errors.py`; whatever is raised before `tracker.apply` has written nothing.
    """
    started = clock()
    repository = source.repository(settings.repository)
    counts_only = check_target(repository, source, settings)
    memory = tracker.observe()
    say(f"{len(memory.issues)} own issues in {tracker.repository}")
    since = started - settings.lookback
    scanner = scanner or built_in()
    rules = rules_of(settings, memory)
    window = (since, started)
    scan = scan_repository(
        source, repository, settings, memory.issues, rules, scanner, window, counts_only=counts_only, reader=reader
    )
    say(f"{scan.counts.runs_listed} runs listed, {scan.counts.logs_read} logs read, {scan.counts.logs_gone} gone")
    kept = look(source, repository, settings, started)
    context = Context(tracker.repository, scanner.rulebook.services, settings.close_after, settings.owners)
    concluded = conclude([scan], memory, tracker, settings, context, started)
    usage = total((source.usage(), tracker.usage()))
    report = report_of((started, clock()), since, [scan], [concluded], usage)
    disbelieved = [f"an issue was not believed: {reason}" for reason in memory.rejected]
    notes = [note for note in (*report.notes, *disbelieved, kept.note) if note]
    return replace(report, missed=kept.missed, notes=tuple(notes), dry_run=settings.dry_run)


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


def report_of(
    times: tuple[datetime, datetime],
    since: datetime,
    scans: Sequence[Scan],
    concluded: Sequence[Concluded],
    usage: Usage,
) -> Report:
    """The report of a sweep that took the `times` (begun, ended), of one repository or of many."""
    return Report(
        started=times[0],
        finished=times[1],
        since=since,
        repositories=tuple(scan.repository.name for scan in scans),
        counts=sum((scan.counts for scan in scans), Counts()),
        incidents=tuple(incident for each in concluded for incident in each.incidents),
        applied=tuple(done for each in concluded for done in each.applied),
        findings=tuple(finding for scan in scans for finding in scan.findings),
        notes=tuple(dict.fromkeys(note for scan in scans for note in scan.notes)),
        usage=usage,
    )


def total(usages: Sequence[Usage]) -> Usage:
    """Several clients' costs together."""
    requests: dict[str, int] = {}
    for usage in usages:
        for kind, count in usage.requests.items():
            requests[kind] = requests.get(kind, 0) + count
    return Usage(dict(sorted(requests.items())), sum(u.bytes for u in usages), sum(u.not_modified for u in usages))
