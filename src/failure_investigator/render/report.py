"""The report of a sweep, and its public JSON form (version 1: new keys may come, none changes its meaning)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from failure_investigator.model import Counts, Usage
from failure_investigator.render.decisions import by_incident

if TYPE_CHECKING:
    from datetime import datetime

    from failure_investigator.model import Applied, Diagnosis, Finding, Incident
    from failure_investigator.render.decisions import Decision


@dataclass(frozen=True, slots=True)
class Report:
    """What a sweep looked at, found, decided and did."""

    started: datetime
    finished: datetime
    since: datetime
    repositories: tuple[str, ...]
    organization: str = ""
    """The organisation that was swept; empty for one repository."""
    counts: Counts = field(default_factory=Counts)
    incidents: tuple[Incident, ...] = ()
    applied: tuple[Applied, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Every diagnosis of this sweep, in an incident with an issue or not."""
    missed: tuple[datetime, ...] = ()
    """Times of the own schedule that brought no sweep, oldest first."""
    notes: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    dry_run: bool = False

    def numbers(self, *verbs: str) -> list[dict[str, Any]]:
        """`{"repository", "number"}` of the issues that got one of these changes, each once."""
        changed = dict.fromkeys(
            (done.change.repository, done.number)
            for done in self.applied
            if done.change.verb in verbs and not done.deferred
        )
        return [{"repository": repository, "number": number} for repository, number in changed]


def report_json(report: Report) -> dict[str, Any]:
    """The public form, version 1."""
    decided = by_incident(report.applied)
    return {
        "version": 1,
        "started": _time(report.started),
        "finished": _time(report.finished),
        "since": _time(report.since),
        "repositories": list(report.repositories),
        "organization": report.organization or None,
        "dry_run": report.dry_run,
        "counts": {
            **asdict(report.counts),
            "incidents": len(report.incidents),
        },
        "incidents": [_incident(each, decided.get(each.fingerprint)) for each in report.incidents],
        "changes": [_change(done) for done in report.applied],
        "requests": {"total": report.usage.total, "not_modified": report.usage.not_modified, "bytes": report.usage.bytes,
                     "by_kind": dict(report.usage.requests)},
        "missed_schedules": [_time(moment) for moment in report.missed],
        "notes": list(report.notes),
    }  # fmt: skip


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _incident(incident: Incident, decision: Decision | None) -> dict[str, Any]:
    return {
        "fingerprint": incident.fingerprint,
        "aliases": list(incident.aliases),
        "issue": decision.number if decision else None,
        "decision": {"did": decision.words, "reason": decision.reason} if decision else None,
        "repositories": list(incident.repositories),
        "workflows": [workflow.path for workflow in incident.workflows],
        "diagnosis": diagnosis_json(incident.diagnosis),
        "runs": [
            {"id": f.run.id, "attempt": f.run.attempt, "job": f.job_id or None, "how": f.how, "url": f.run.url}
            for f in incident.findings
        ],
    }


def diagnosis_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """The public form of a diagnosis in a report."""
    return {
        "service": diagnosis.service,
        "status": diagnosis.status,
        "cause": diagnosis.cause.value,
        "confidence": diagnosis.confidence,
        "signature": diagnosis.signature,
        "credential": diagnosis.credential or None,
        "host": diagnosis.host or None,
        "evidence": [{"says": fact.says, "text": fact.text, "url": fact.url or None} for fact in diagnosis.evidence],
    }


def _change(done: Applied) -> dict[str, Any]:
    change = done.change
    return {
        "verb": change.verb,
        "repository": change.repository,
        "number": done.number,
        "url": done.url or None,
        "fingerprint": change.fingerprint,
        "transition": change.transition or None,
        "reason": change.reason,
        "deferred": done.deferred or None,
    }
