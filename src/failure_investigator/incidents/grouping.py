"""Streaks → incidents: one per fingerprint, or per issue that already holds it under another name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from failure_investigator.model import Cause, Diagnosis, Incident

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from failure_investigator.model import Issue, Marker, Streak


@dataclass(frozen=True, slots=True)
class Grouped:
    """An incident and the issue that it belongs to, if one was observed."""

    incident: Incident
    issue: Issue | None


def group(found: Iterable[tuple[str, Streak]], issues: Sequence[Issue]) -> list[Grouped]:
    """All streaks with one fingerprint are one incident; the largest first.

    An incident belongs to the issue with its fingerprint or alias, else to the open issue whose recorded runs it overlaps:
    then the issue's fingerprint becomes an alias of the better known one.
    """
    by_fingerprint: defaultdict[str, list[Streak]] = defaultdict(list)
    for fingerprint, streak in found:
        by_fingerprint[fingerprint].append(streak)
    by_issue: dict[int, list[str]] = defaultdict(list)
    alone: list[str] = []
    for fingerprint, streaks in by_fingerprint.items():
        issue = issue_of(fingerprint, streaks, issues)
        if issue is None:
            alone.append(fingerprint)
        else:
            by_issue[issue.number].append(fingerprint)
    numbered = {issue.number: issue for issue in issues}
    groups = [_grouped([name], by_fingerprint, None) for name in alone]
    groups += [_grouped(names, by_fingerprint, numbered[number]) for number, names in by_issue.items()]
    return sorted(groups, key=lambda g: (-len(g.incident.findings), g.incident.fingerprint))


def issue_of(fingerprint: str, streaks: Sequence[Streak], issues: Sequence[Issue]) -> Issue | None:
    """The issue that a fingerprint belongs to: open before closed, the lower number first."""
    marked = sorted((i for i in issues if i.marker is not None), key=lambda i: (i.state != "open", i.number))
    for issue in marked:
        if issue.marker is not None and fingerprint in (issue.marker.fingerprint, *issue.marker.aliases):
            return issue
    runs = {f"{f.run.key}/{f.job_id}" for streak in streaks for f in streak.findings if f.job_id}
    for issue in marked:
        if issue.state == "open" and issue.marker is not None and runs.intersection(issue.marker.runs):
            return issue
    return None


def _grouped(names: list[str], by_fingerprint: dict[str, list[Streak]], issue: Issue | None) -> Grouped:
    """One incident of one or more fingerprints: the one read in the newest run names it."""
    marker = issue.marker if issue else None
    streaks = _joined([streak for name in names for streak in by_fingerprint[name]])
    read = [f for streak in streaks for f in streak.findings if f.diagnosis is not None]
    newest = max(read, key=lambda f: (f.run.started_at, f.run.id), default=None)
    diagnosis = newest.diagnosis if newest and newest.diagnosis else _from_marker(marker)
    fingerprint = _newest_name(names, by_fingerprint) if newest else (marker.fingerprint if marker else names[0])
    old = {*names, *((marker.fingerprint, *marker.aliases) if marker else ())} - {fingerprint}
    return Grouped(Incident(fingerprint, diagnosis, streaks, tuple(sorted(old))), issue)


def _newest_name(names: list[str], by_fingerprint: dict[str, list[Streak]]) -> str:
    """The fingerprint of the newest finding that was read now."""

    def newest(name: str) -> tuple[str, str]:
        times = [f.run.started_at.isoformat() for s in by_fingerprint[name] for f in s.findings if f.how == "read"]
        return max(times, default=""), name

    return max(names, key=newest)


def _joined(streaks: list[Streak]) -> tuple[Streak, ...]:
    """One streak a stream: findings of several fingerprints of one incident are put together."""
    from dataclasses import replace

    by_stream: dict[object, Streak] = {}
    for streak in streaks:
        known = by_stream.get(streak.stream)
        if known is None:
            by_stream[streak.stream] = streak
            continue
        findings = {f.run.key: f for f in (*streak.findings, *known.findings) if f.how != "inferred"}
        inferred = {f.run.key: f for f in (*streak.findings, *known.findings) if f.run.key not in findings}
        together = sorted({**findings, **inferred}.values(), key=lambda f: (f.run.started_at, f.run.id), reverse=True)
        by_stream[streak.stream] = replace(known, findings=tuple(together))
    return tuple(sorted(by_stream.values(), key=lambda s: s.stream))


def _from_marker(marker: Marker | None) -> Diagnosis:
    """What the issue says of itself, for a report about an incident with nothing new. It never reaches an issue's body."""
    if marker is None:
        return Diagnosis("unknown", 0, Cause.UNCLASSIFIED, "possible", "")
    cause = Cause(marker.cause) if marker.cause in set(Cause) else Cause.UNCLASSIFIED
    return Diagnosis(marker.service or "unknown", marker.status, cause, "possible", marker.signature, marker.credential)
