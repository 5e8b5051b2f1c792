"""The issue: title, body and marker. A pure function of the incident, its marker and the page before: no clock, no "ago"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from failure_investigator.model import Cause
from failure_investigator.owners import owners_of
from failure_investigator.render import words
from failure_investigator.render.carried import Carried, carried, together
from failure_investigator.render.comment import comment
from failure_investigator.render.criteria import criteria, within
from failure_investigator.render.markdown import plain, render
from failure_investigator.render.table import row
from failure_investigator.trackers.marker import merge, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.incidents.transitions import Facts
    from failure_investigator.model import Incident, Marker, Streak
    from failure_investigator.render.context import Context

TITLE = 256
BUDGET = 60_000
"""Characters of a body; GitHub takes 65,536."""
NEWEST = 50
"""Affected runs that are linked one by one, and the oldest."""
STRIPS = 20
_SIZES = ((NEWEST, 12, STRIPS, 60), (25, 8, STRIPS, 60), (10, 5, 10, 40), (3, 3, 5, 20), (1, 1, 0, 10))
"""Rows, facts, strips and criteria, from ample to scarce."""


@dataclass(frozen=True, slots=True)
class Page:
    """Renders incidents of one issue repository; what `incidents.lifecycle` asks for pages."""

    context: Context

    def title(self, incident: Incident) -> str:
        """See `issue_title`."""
        return issue_title(incident, self.context)

    def body(self, incident: Incident, marker: Marker, old: str) -> str:
        """See `issue_body`; what people wrote around the old one stays."""
        body = issue_body(incident, marker, self.context, old)
        return merge(old, body) if old else body

    def comment(self, facts: Facts, key: str) -> str:
        """See `comment.comment`."""
        return comment(facts, key)


def issue_title(incident: Incident, context: Context) -> str:
    """Workflow, service, status, cause and credential; at most 256 characters."""
    diagnosis = incident.diagnosis
    if incident.sealed:
        who = words.service_title(diagnosis, context) if _is_known(incident, context) else "a service"
        said = f"{who} answers {diagnosis.status}, {words.SHORT[diagnosis.cause]}"
        return f"A private repository: {plain(said)}"[:TITLE]
    who = plain(words.who(incident, context.repository))
    credential = f" ({plain(diagnosis.credential)})" if diagnosis.credential else ""
    said = f": {words.service_title(diagnosis, context)} answers {diagnosis.status}, {words.SHORT[diagnosis.cause]}"
    rest = f"{plain(said)}{credential}"[: TITLE - 20]
    room = TITLE - len(rest)
    return f"{who if len(who) <= room else who[: room - 1] + '…'}{rest}"


def issue_body(incident: Incident, marker: Marker, context: Context, old: str = "") -> str:
    """The whole body with its marker, within the budget: rows are cut first, then evidence, the marker never."""
    before = carried(old)
    template = "counts.md.j2" if incident.sealed else "issue.md.j2"
    body = ""
    for size in _SIZES:
        values = _values(incident, marker, context, before) | _sized(incident, marker, context, before, size)
        values["shown"] = within(values["criteria"], size[3])
        body = wrap(marker, render(template, values))
        if len(body) <= BUDGET:
            return body
    return body


def _is_known(incident: Incident, context: Context) -> bool:
    """Whether the service is one of the library's: any other name is a host of the private repository's."""
    return incident.diagnosis.service in context.services


def _values(incident: Incident, marker: Marker, context: Context, before: Carried) -> dict[str, Any]:
    diagnosis = incident.diagnosis
    read = incident.judged is not None or not before.cause
    findings = incident.findings
    known = not incident.sealed or _is_known(incident, context)
    service = context.services.get(diagnosis.service)
    return {
        "incident": incident,
        "diagnosis": diagnosis,
        "service": None if incident.sealed else service,
        "title": words.service_title(diagnosis, context) if known else "A service",
        "cause": words.LONG[diagnosis.cause],
        "names": words.NAMES,
        "counts": counts(marker),
        "lead": "" if read else before.lead,
        "carried_cause": "" if read else before.cause,
        "carried_remedy": "" if read else before.remedy,
        "excluded": [other for other in diagnosis.alternatives if other.excluded][:10],
        "possible": [other for other in diagnosis.alternatives if not other.excluded][:10],
        "wasted": words.duration(sum(f.run.seconds for f in findings)),
        "several": len(findings) > 1,
        "set_in_step": diagnosis.cause is Cause.CREDENTIAL_MISSING
        and any(fact.kind == "environment" and " was set " in fact.says for fact in diagnosis.evidence),
        "criteria": criteria(incident, marker, context),
        "close_after": context.close_after,
        "mute": context.mute_label,
        "first_seen": _readable(marker.first_seen),
        "last_seen": _readable(marker.last_seen),
        "status": words.status(marker.state, _readable(marker.since), marker.earlier),
        "workflows": len(incident.workflows),
        "earlier": marker.earlier if marker.state != "duplicate" else 0,
        "more": marker.more,
        "owners": owners_of(context.owners, diagnosis.service, diagnosis.cause, incident.workflows),
    }


def _sized(
    incident: Incident, marker: Marker, context: Context, before: Carried, size: tuple[int, int, int, int]
) -> dict[str, Any]:
    """What is cut to fit: so many rows, facts and strips."""
    newest, facts, strips, _ = size
    diagnosis = incident.diagnosis
    counted = incident.counted or incident.streaks
    findings = [found for streak in counted for found in streak.findings]
    known, read = (
        [row(f, context.repository) for f in findings if (f.how == "read") == told] for told in (False, True)
    )
    rows = together(known, before.rows, read)  # an older page names the job of a run that is only remembered now
    shown = rows if len(rows) <= newest + 1 else [*rows[:newest], rows[-1]]
    return {
        "rows": [each.line for each in shown],
        "hidden": max(0, marker.total - len(shown)),
        "evidence": diagnosis.evidence[:facts],
        "against": diagnosis.against[:facts],
        "secondary": diagnosis.secondary[:facts],
        "strips": [_strip(streak, context.repository) for streak in _largest(counted, strips) if streak.strip],
    }


def _largest(streaks: Sequence[Streak], most: int) -> list[Streak]:
    """The streaks with the most failures, in the order of streams."""
    largest = sorted(streaks, key=lambda streak: (-len(streak.findings), streak.stream))[:most]
    return sorted(largest, key=lambda streak: streak.stream)


def _readable(stamp: str) -> str:
    """`2026-05-04 12:34 UTC` of a marker's time."""
    return f"{stamp[:10]} {stamp[11:16]} UTC"


def counts(marker: Marker) -> str:
    """How many failed runs the incident has had, and how they are known."""
    failed = f"{marker.total} failed run{'s' if marker.total != 1 else ''}"
    inferred = marker.total - marker.read
    return f"{failed}, {marker.read} read, {inferred} inferred" if inferred else f"{failed}, all read"


def _strip(streak: Streak, home: str) -> dict[str, Any]:
    shown = streak.strip[::-1]
    failed = sum(run.failed for run in shown)
    good = sum(run.conclusion == "success" for run in shown)
    other = len(shown) - good - failed
    said = f"{len(shown)} run{'s' if len(shown) > 1 else ''}: {good} good, {failed} failed"
    return {
        "name": streak.workflow.name,
        "branch": streak.branch,
        "repository": words.elsewhere(streak.stream.repository, home),
        "squares": "".join(words.square(run) for run in shown),
        "said": f"{said}, {other} other" if other else said,
        "last_good": streak.last_good,
        "last_good_time": words.time(streak.last_good.started_at) if streak.last_good else "",
    }
