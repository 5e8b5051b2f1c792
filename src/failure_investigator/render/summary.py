"""The step summary and the terminal's lines: what was read, what was decided and why, and what it cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from failure_investigator.incidents.plan import MOST
from failure_investigator.own_schedule import LOOK_BACK
from failure_investigator.render.decisions import decisions
from failure_investigator.render.markdown import plain, render
from failure_investigator.render.words import who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.model import Incident
    from failure_investigator.render.decisions import Decision
    from failure_investigator.render.report import Report

SHOWN = 5
"""Missed times that are listed, the newest."""


def render_summary(report: Report) -> str:
    """The step summary; counts first."""
    return render(
        "summary.md.j2",
        {
            "headline": headline(report),
            "counts": list(counts(report)),
            "decisions": [_row(decision, report) for decision in decisions(report.applied)],
            "missed": missed_text(report),
            "notes": report.notes,
        },
    )


def headline(report: Report) -> str:
    """One sentence on the sweep."""
    many = f"{report.organization} ({len(report.repositories)} repositories)"
    where = many if report.organization else ", ".join(report.repositories)
    count = len(report.incidents)
    found = f"{count} incident{'s' if count != 1 else ''}" if count else "no refusals"
    dry = " (dry run: nothing was written)" if report.dry_run else ""
    return f"{plain(where)}: {found} since {report.since:%Y-%m-%d %H:%M} UTC{dry}."


def counts(report: Report) -> Iterator[tuple[str, str]]:
    """Name and value of each count that a sweep keeps."""
    yield "runs listed", str(report.counts.runs_listed)
    yield "eligible runs", str(report.counts.eligible_runs)
    yield "failed runs", str(report.counts.failed_runs)
    yield "failed runs known from before", str(report.counts.known_before)
    yield "logs read", str(report.counts.logs_read)
    yield "logs gone", str(report.counts.logs_gone)
    beyond = f" ({report.counts.capped} beyond {MOST} of a stream)" if report.counts.capped else ""
    yield "runs not read (caps)", f"{report.counts.not_read}{beyond}"
    kinds = ", ".join(f"{kind} {number}" for kind, number in report.usage.requests.items())
    free = f", {report.usage.not_modified} of them free (304)" if report.usage.not_modified else ""
    yield "API requests", f"{report.usage.total}{f' ({kinds})' if kinds else ''}{free}"
    yield "bytes", f"{report.usage.bytes:,}"


def terminal_text(report: Report) -> str:
    """The same for a terminal or a CI log."""
    return "\n".join(_terminal_lines(report)) + "\n"


def _terminal_lines(report: Report) -> Iterator[str]:
    yield headline(report)
    yield ", ".join(f"{name} {value}" for name, value in counts(report))
    for decision in decisions(report.applied):
        row = _row(decision, report)
        place = f" {row['url'] or '#' + str(row['number'])}" if row["number"] else ""
        yield f"{row['did']}{place}: {plain(row['incident'])} ({plain(row['reason'])})"
    if told := missed_text(report):
        yield told
    for note in report.notes:
        yield f"note: {plain(note)}"


def missed_text(report: Report) -> str:
    """The times of the own schedule that brought no sweep, in a sentence; '' for none."""
    count = len(report.missed)
    if not count:
        return ""
    shown = [f"{moment:%Y-%m-%d %H:%M}" for moment in report.missed[-SHOWN:]]
    more = f" and {count - SHOWN} before" if count > SHOWN else ""
    times = f"{count} times" if count > 1 else "one time"
    return (
        f"Nothing ran for {times} of this workflow's own schedule in the last {LOOK_BACK.days} days: "
        f"{', '.join(shown)} UTC{more}. GitHub drops schedules under load, most of all at the full hour."
    )


def _row(decision: Decision, report: Report) -> dict[str, Any]:
    return {
        "incident": named(decision, report),
        "did": decision.words,
        "number": decision.number,
        "url": decision.url,
        "reason": decision.reason,
    }


def named(decision: Decision, report: Report) -> str:
    """What an issue is about, on one line."""
    incident = next((each for each in report.incidents if each.fingerprint == decision.fingerprint), None)
    return _name(incident, decision.main.change.repository) if incident else decision.fingerprint


def _name(incident: Incident, home: str) -> str:
    diagnosis = incident.diagnosis
    told = f"{diagnosis.service} {diagnosis.status or ''} {diagnosis.cause.value} {diagnosis.credential}"
    return f"{who(incident, home)}: {told}".strip()
