"""The whole job, the only glue: observe → list → read → group → decide → apply. Collaborators come as arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.conclude import conclude, rules_of
from failure_investigator.costs import total
from failure_investigator.errors import TargetError
from failure_investigator.model import Counts
from failure_investigator.own_schedule import look
from failure_investigator.reading import read_job
from failure_investigator.render.context import Context
from failure_investigator.render.report import Report
from failure_investigator.scan import scan_repository
from failure_investigator.signatures.scanner import built_in
from failure_investigator.state.known import keep_issues, known_issues
from failure_investigator.verdicts import Recorded
from failure_investigator.visibility import counts_only

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from failure_investigator.conclude import Concluded
    from failure_investigator.model import Repository, Scan, Usage
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.state import StateFile
    from failure_investigator.swept import Reader
    from failure_investigator.trackers.base import Tracker


def investigate(
    source: Source,
    tracker: Tracker,
    settings: Settings,
    clock: Callable[[], datetime],
    say: Callable[[str], None] = lambda _: None,
    scanner: Scanner | None = None,
    reader: Reader = read_job,
    state: StateFile | None = None,
) -> Report:
    """Sweep one repository and keep its issues. `say` gets a line for each stage; `scanner` searches the logs, by default
    with the built-in library, `reader` says what a failed job's log tells, and
    `state` what the sweep before knew.

    Raises the errors of `errors.py`; whatever is raised before `tracker.apply` has written nothing.
    """
    started = clock()
    repository = source.repository(settings.repository)
    sealed = check_target(repository, source, settings)
    memory = tracker.observe(known_issues(state, tracker.repository))
    say(f"{len(memory.issues)} own issues in {tracker.repository}")
    since = started - settings.lookback
    scanner = scanner or built_in()
    rules = rules_of(settings, memory)
    window = (since, started)
    scan = scan_repository(
        source, repository, settings, memory.issues, rules, scanner, window,
        counts_only=sealed, reader=reader, verdicts=Recorded(state, scanner) if state else None,
    )  # fmt: skip
    say(f"{scan.counts.runs_listed} runs listed, {scan.counts.logs_read} logs read, {scan.counts.logs_gone} gone")
    kept = look(source, repository, settings, started)
    context = Context(tracker.repository, scanner.rulebook.services, settings.close_after, settings.owners)
    concluded = conclude([scan], memory, tracker, settings, context, started)
    keep_issues(state, tracker.repository, memory, concluded.applied)
    usage = total((source.usage(), tracker.usage()))
    report = report_of((started, clock()), since, [scan], [concluded], usage)
    disbelieved = [f"an issue was not believed: {reason}" for reason in memory.rejected]
    notes = [note for note in (*report.notes, *disbelieved, kept.note) if note]
    return replace(report, missed=kept.missed, notes=tuple(notes), dry_run=settings.dry_run)


def check_target(repository: Repository, source: Source, settings: Settings) -> bool:
    """Whether only counts may be filed, because more people may read the issues than the evidence (`redact-private`).

    Raises `TargetError` when that was not allowed, or issues are off.
    """
    target, counted = repository, False
    if settings.issue_repository and settings.issue_repository.lower() != repository.name.lower():
        target = source.repository(settings.issue_repository)
        counted = counts_only(repository, target, allowed=settings.redact_private)
    if not target.has_issues and settings.issues_directory is None and not settings.dry_run:
        raise TargetError(
            f"Issues are disabled in {target.name}",
            do="Enable them in its settings (Features), or name another repository with issue-repository.",
        )
    return counted


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
