"""The issue: title, body and marker. A pure function of the incident and its context: no clock, no "ago"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from failure_investigator.incidents.memory import fresh
from failure_investigator.model import Marker
from failure_investigator.render import words
from failure_investigator.render.markdown import plain, render
from failure_investigator.trackers.marker import MOST_RUNS, wrap

if TYPE_CHECKING:
    from failure_investigator.model import Finding, Incident, Streak
    from failure_investigator.render.context import Context

TITLE = 256
BUDGET = 60_000
"""Characters of a body; GitHub takes 65,536."""
NEWEST = 50
"""Affected runs that are linked one by one, and the oldest."""


@dataclass(frozen=True, slots=True)
class Page:
    """Renders incidents of one repository; what `incidents.lifecycle` asks for pages."""

    context: Context

    def title(self, incident: Incident) -> str:
        """See `issue_title`."""
        return issue_title(incident, self.context)

    def body(self, incident: Incident, before: Marker | None) -> str:
        """See `issue_body`."""
        return issue_body(incident, replace(self.context, before=before))


def issue_title(incident: Incident, context: Context) -> str:
    """Workflow, service, status, cause and credential; at most 256 characters."""
    diagnosis = incident.diagnosis
    if context.counts_only:
        who = words.service_title(diagnosis, context) if _is_known(incident, context) else "a service"
        said = f"{who} answers {diagnosis.status}, {words.SHORT[diagnosis.cause]}"
        return f"A private repository: {plain(said)}"[:TITLE]
    names = [plain(workflow.name) for workflow in incident.workflows]
    who = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more" if names else "Workflows"
    credential = f" ({plain(diagnosis.credential)})" if diagnosis.credential else ""
    said = f": {words.service_title(diagnosis, context)} answers {diagnosis.status}, {words.SHORT[diagnosis.cause]}"
    rest = f"{plain(said)}{credential}"[: TITLE - 20]
    room = TITLE - len(rest)
    return f"{who if len(who) <= room else who[: room - 1] + '…'}{rest}"


def issue_body(incident: Incident, context: Context) -> str:
    """The whole body with its marker, within the budget: table rows are cut first, then evidence."""
    if context.counts_only:
        return _counts_only(incident, context)
    marker = make_marker(incident, context.before, context.repository)
    for newest, facts in ((NEWEST, 12), (25, 8), (10, 5), (3, 3), (1, 1)):
        body = wrap(marker, render("issue.md.j2", _values(incident, context, marker, newest, facts)))
        if len(body) <= BUDGET:
            return body
    return wrap(marker, render("issue.md.j2", _values(_narrow(incident), context, marker, 1, 1)))[:BUDGET]


def _counts_only(incident: Incident, context: Context) -> str:
    """The page that may be read by more people than the evidence: nothing on it comes from a log or a name."""
    marker = replace(
        make_marker(incident, context.before, context.repository), cursors={}, service="", credential="", signature=""
    )
    values = {
        "title": words.service_title(incident.diagnosis, context) if _is_known(incident, context) else "A service",
        "status": incident.diagnosis.status,
        "cause": words.LONG[incident.diagnosis.cause],
        "counts": _counts(marker),
        "workflows": len(incident.workflows),
        "first_seen": _readable(marker.first_seen),
        "last_seen": _readable(marker.last_seen),
        "close_after": context.close_after,
        "mute": context.mute_label,
    }
    return wrap(marker, render("counts.md.j2", values))


def _is_known(incident: Incident, context: Context) -> bool:
    """Whether the service is one of the library's: any other name is a host of the private repository's."""
    return incident.diagnosis.service in context.services


def make_marker(incident: Incident, before: Marker | None, repository: str) -> Marker:
    """The state that the issue carries: what it recorded before, and what is new."""
    counted = [f for s in incident.streaks if s.stream.kind != "none" for f in s.findings]
    counted.sort(key=lambda f: (f.run.started_at, f.run.id), reverse=True)
    new = {f.run.key for s in incident.streaks for f in fresh(s, before)}
    added = [_entry(f) for f in counted if f.run.key in new]
    runs = [*added, *(before.runs if before else ())]
    first = min((f.run.started_at for f in counted), default=None)
    last = max((f.run.started_at for f in counted), default=None)
    firsts = [text for text in (before.first_seen if before else "", words.stamp(first) if first else "") if text]
    lasts = [text for text in (before.last_seen if before else "", words.stamp(last) if last else "") if text]
    diagnosis = incident.diagnosis
    return Marker(
        fingerprint=incident.fingerprint,
        repository=repository,
        aliases=incident.aliases[:20],
        runs=tuple(runs[:MOST_RUNS]),
        cursors=_cursors(incident, before),
        total=(before.total if before else 0) + len(added),
        read=(before.read if before else 0) + sum("/" in entry for entry in added),
        first_seen=min(firsts, default=""),
        last_seen=max(lasts, default=""),
        cause=diagnosis.cause.value,
        service=diagnosis.service[:500],
        status=diagnosis.status,
        credential=diagnosis.credential[:500],
        signature=diagnosis.signature[:500],
    )


def _entry(finding: Finding) -> str:
    return f"{finding.run.key}/{finding.job_id}" if finding.job_id and finding.how != "inferred" else finding.run.key


def _cursors(incident: Incident, before: Marker | None) -> dict[str, str]:
    """The newest run per stream that was taken into account."""
    cursors = dict(before.cursors) if before else {}
    for streak in incident.streaks:
        if streak.stream.kind != "none" and streak.findings:
            cursors[str(streak.stream)[:500]] = streak.findings[0].run.key
    return dict(sorted(cursors.items())[:500])


def _values(incident: Incident, context: Context, marker: Marker, newest: int, facts: int) -> dict[str, Any]:
    diagnosis = incident.diagnosis
    streaks = [streak for streak in incident.streaks if streak.stream.kind != "none"] or list(incident.streaks)
    findings = sorted(
        (f for s in streaks for f in s.findings), key=lambda f: (f.run.started_at, f.run.id), reverse=True
    )
    service = context.services.get(diagnosis.service)
    return {
        "incident": incident,
        "diagnosis": diagnosis,
        "service": service,
        "title": words.service_title(diagnosis, context),
        "cause": words.LONG[diagnosis.cause],
        "names": words.NAMES,
        "rows": [_row(f) for f in _shown(findings, newest)],
        "hidden": max(0, marker.total - len(_shown(findings, newest))),
        "counts": _counts(marker),
        "evidence": diagnosis.evidence[:facts],
        "against": diagnosis.against[:facts],
        "secondary": diagnosis.secondary[:facts],
        "excluded": [other for other in diagnosis.alternatives if other.excluded][:10],
        "possible": [other for other in diagnosis.alternatives if not other.excluded][:10],
        "wasted": words.duration(sum(f.run.seconds for f in findings)),
        "several": len(findings) > 1,
        "set_in_step": any(fact.kind == "environment" and " was set " in fact.says for fact in diagnosis.evidence),
        "strips": [_strip(streak) for streak in streaks[:20]],
        "criteria": [_criterion(streak, context) for streak in streaks],
        "close_after": context.close_after,
        "mute": context.mute_label,
        "first_seen": _readable(marker.first_seen),
        "last_seen": _readable(marker.last_seen),
        "total": marker.total,
    }


def _readable(stamp: str) -> str:
    """`2026-05-04 12:34 UTC` of a marker's time."""
    return f"{stamp[:10]} {stamp[11:16]} UTC"


def _shown(findings: list[Finding], newest: int) -> list[Finding]:
    """The newest, and the oldest."""
    return findings if len(findings) <= newest + 1 else [*findings[:newest], findings[-1]]


def _counts(marker: Marker) -> str:
    failed = f"{marker.total} failed run{'s' if marker.total != 1 else ''}"
    inferred = marker.total - marker.read
    return f"{failed}, {marker.read} read, {inferred} inferred" if inferred else f"{failed}, all read"


def _row(finding: Finding) -> dict[str, Any]:
    run, job = finding.run, finding.job
    return {
        "run": run,
        "job": job.name if job else "job" if finding.job_id else "",
        "job_url": job.url if job else f"{run.url}/job/{finding.job_id}",
        "started": words.time(run.started_at),
        "duration": words.duration(run.seconds),
        "how": "inferred" if finding.how == "inferred" else "read",
    }


def _strip(streak: Streak) -> dict[str, Any]:
    shown = streak.strip[::-1]
    failed = sum(run.failed for run in shown)
    good = sum(run.conclusion == "success" for run in shown)
    return {
        "name": streak.workflow.name,
        "branch": streak.branch,
        "squares": "".join(words.square(run) for run in shown),
        "said": f"{len(shown)} runs, oldest first: {good} good, {failed} failed, {len(shown) - good - failed} other",
        "last_good": streak.last_good,
        "last_good_time": words.time(streak.last_good.started_at) if streak.last_good else "",
    }


def _criterion(streak: Streak, context: Context) -> dict[str, Any]:
    good = min(len(streak.good), context.close_after)
    return {"name": streak.workflow.name, "branch": streak.branch, "good": good, "done": good >= context.close_after}


def _narrow(incident: Incident) -> Incident:
    """The incident with the twenty largest streaks, for a page that nothing else made small enough."""
    largest = sorted(incident.streaks, key=lambda s: (-len(s.findings), s.stream))[:20]
    return replace(incident, streaks=tuple(sorted(largest, key=lambda s: s.stream)))
