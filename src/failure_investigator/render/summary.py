"""The step summary and the terminal's lines: what was read, what was decided and why, and what it cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from failure_investigator.render.markdown import plain, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.model import Applied, Incident
    from failure_investigator.render.report import Report


def render_summary(report: Report) -> str:
    """The step summary; counts first."""
    return render(
        "summary.md.j2",
        {
            "headline": headline(report),
            "counts": list(counts(report)),
            "decisions": [_decision(done, report) for done in report.applied],
            "notes": report.notes,
        },
    )


def headline(report: Report) -> str:
    """One sentence on the sweep."""
    where = ", ".join(report.repositories)
    count = len(report.incidents)
    found = f"{count} incident{'s' if count != 1 else ''}" if count else "no refusals"
    dry = " (dry run: nothing was written)" if report.dry_run else ""
    return f"{plain(where)}: {found} since {report.since:%Y-%m-%d %H:%M} UTC{dry}."


def counts(report: Report) -> Iterator[tuple[str, str]]:
    """Name and value of each count that a sweep keeps."""
    yield "runs listed", str(report.counts.runs_listed)
    yield "failed runs", str(report.counts.failed_runs)
    yield "logs read", str(report.counts.logs_read)
    yield "logs gone", str(report.counts.logs_gone)
    yield "runs not read (caps)", str(report.counts.not_read)
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
    for done in report.applied:
        decision = _decision(done, report)
        place = f" {decision['url'] or '#' + str(decision['number'])}" if decision["number"] else ""
        yield f"{decision['verb']}{place}: {plain(decision['incident'])} ({decision['reason']})"
    for note in report.notes:
        yield f"note: {plain(note)}"


def _decision(done: Applied, report: Report) -> dict[str, Any]:
    change = done.change
    incident = next((each for each in report.incidents if each.fingerprint == change.fingerprint), None)
    reason = f"{change.reason}; left: {done.deferred}" if done.deferred else change.reason
    return {
        "incident": _name(incident) if incident else change.fingerprint,
        "verb": change.verb,
        "number": done.number,
        "url": done.url,
        "reason": reason,
    }


def _name(incident: Incident) -> str:
    diagnosis = incident.diagnosis
    workflows = ", ".join(workflow.name for workflow in incident.workflows[:3])
    return f"{workflows}: {diagnosis.service} {diagnosis.status or ''} {diagnosis.cause.value} {diagnosis.credential}".strip()
