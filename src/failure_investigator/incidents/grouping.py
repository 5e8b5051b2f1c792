"""Fingerprints → clusters → incidents: one per fingerprint, or per issue that already holds it under another name.

A cluster says which fingerprints are one matter and which issue holds it; it is formed before the streaks are, so that a
stream is walked once for all names of a matter. An incident is a cluster with its streaks of all streams.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from failure_investigator.incidents.fingerprint import is_vaguer
from failure_investigator.model import Cause, Diagnosis, Incident

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set

    from failure_investigator.model import Issue, Marker, Streak


Place = tuple[str, str]
"""Stream key and job name."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Fingerprints that are one matter, and the issue that holds it, if one was observed."""

    marks: frozenset[str]
    issue: Issue | None = None

    @property
    def order(self) -> tuple[int, str]:
        """What tells clusters apart, and sorts them."""
        return (self.issue.number if self.issue else 0, "" if self.issue else min(self.marks))


@dataclass(frozen=True, slots=True)
class Grouped:
    """An incident and the issue that it belongs to, if one was observed."""

    incident: Incident
    issue: Issue | None
    twins: tuple[Issue, ...] = field(default=())
    """Open issues with the same fingerprint and a higher number: duplicates."""


def clusters(
    runs: Mapping[str, Iterable[str]],
    issues: Sequence[Issue],
    places: Mapping[str, Set[Place]] = MappingProxyType({}),
) -> list[Cluster]:
    """The clusters of these fingerprints and of all open issues, in a stable order.

    `runs` are fingerprint → `run.attempt/job` of its read findings, `places` fingerprint → where they were. A fingerprint
    belongs to the issue that has it as its own or as an alias, else to the open issue whose recorded runs it overlaps, or
    which lacks a name that it has, for the same jobs: then it becomes the issue's better name.
    """
    by_issue: defaultdict[int, set[str]] = defaultdict(set)
    found: list[Cluster] = []
    numbered = {issue.number: issue for issue in issues if issue.marker is not None}
    for issue in _originals(issues):
        if issue.state == "open":
            by_issue[issue.number] |= set()
    for mark, entries in runs.items():
        holder = issue_of(mark, frozenset(entries), issues, places.get(mark, frozenset()))
        if holder is None:
            found.append(Cluster(frozenset({mark})))
        else:
            by_issue[holder.number].add(mark)
    for number, marks in by_issue.items():
        marker = numbered[number].marker
        found.append(Cluster(frozenset(marks | (marker.names if marker else frozenset())), numbered[number]))
    return sorted(found, key=lambda cluster: cluster.order)


def issue_of(
    mark: str, entries: frozenset[str], issues: Sequence[Issue], places: Set[Place] = frozenset()
) -> Issue | None:
    """The issue that a fingerprint belongs to: open before closed, the lowest open and the newest closed one first."""
    marked = sorted(_originals(issues), key=lambda i: (i.state != "open", i.number if i.state == "open" else -i.number))
    for issue in marked:
        if issue.marker is not None and mark in issue.marker.names:
            return issue
    for issue in marked:
        if issue.state == "open" and issue.marker is not None and entries.intersection(issue.marker.runs):
            return issue
    for issue in marked:
        if issue.state == "open" and issue.marker is not None and is_vaguer(issue.marker.fingerprint, mark):
            known = {(key, job) for key, tracked in issue.marker.streams.items() for job in tracked.jobs}
            if known & places:
                return issue
    return None


def _originals(issues: Sequence[Issue]) -> list[Issue]:
    """The issues that hold something: neither a duplicate that the bot closed, nor an open twin of a lower number."""
    held = [issue for issue in issues if issue.marker is not None and issue.marker.state != "duplicate"]
    twins = {twin.number for others in twins_of(held).values() for twin in others}
    return [issue for issue in held if issue.number not in twins]


def twins_of(issues: Sequence[Issue]) -> dict[int, tuple[Issue, ...]]:
    """Number of an open issue → the open issues with its fingerprint and higher numbers: two sweeps at once filed both."""
    by_mark: defaultdict[str, list[Issue]] = defaultdict(list)
    for issue in sorted(issues, key=lambda issue: issue.number):
        if issue.state == "open" and issue.marker is not None and issue.marker.state != "duplicate":
            by_mark[issue.marker.fingerprint].append(issue)
    return {first.number: tuple(others) for first, *others in by_mark.values() if others}


def group(found: Iterable[tuple[Cluster, Streak]], issues: Sequence[Issue]) -> list[Grouped]:
    """All streaks of one cluster are one incident, every open issue is one even without; the largest first."""
    by_order: dict[tuple[int, str], list[tuple[Cluster, Streak | None]]] = {}
    for cluster in clusters({}, issues):
        by_order[cluster.order] = [(cluster, None)]
    pairs = list(found)
    holders = {mark: cluster for cluster, _ in pairs if cluster.issue for mark in cluster.marks}
    for cluster, streak in pairs:
        # One repository's runs may tell whose a fingerprint is, and another's have it alone.
        held = cluster if cluster.issue else holders.get(min(cluster.marks), cluster)
        joined = replace(held, marks=held.marks | cluster.marks)
        by_order.setdefault(held.order, []).append((joined, streak))
    twins = twins_of(issues)
    groups = []
    for members in by_order.values():
        whole = Cluster(frozenset().union(*(cluster.marks for cluster, _ in members)), members[0][0].issue)
        incident = _incident(whole, [streak for _, streak in members if streak is not None])
        groups.append(Grouped(incident, whole.issue, twins.get(whole.issue.number, ()) if whole.issue else ()))
    return sorted(groups, key=lambda g: (-len(g.incident.findings), g.incident.fingerprint))


def _incident(cluster: Cluster, streaks: list[Streak]) -> Incident:
    """The incident of a cluster: its newest failure says what it is, and names it unless its issue does.

    What was good again before it was filed is left out, unless that is all.
    """
    marker = cluster.issue.marker if cluster.issue else None
    fingerprint = marker.fingerprint if marker else min(cluster.marks)
    lasting = [streak for streak in streaks if not streak.good] if cluster.issue is None else streaks
    ordered = tuple(sorted(lasting or streaks, key=lambda streak: streak.stream))
    incident = Incident(fingerprint, from_marker(marker), ordered)
    newest = incident.judged
    if newest is not None and newest.diagnosis is not None:
        fingerprint = newest.mark if marker is None or newest.mark not in marker.names else fingerprint
        incident = replace(incident, fingerprint=fingerprint, diagnosis=newest.diagnosis)
    read = {found.mark for found in incident.findings if found.diagnosis is not None}
    names = cluster.marks | read | (marker.names if marker else frozenset())
    return replace(incident, aliases=tuple(sorted(names - {fingerprint})))


def from_marker(marker: Marker | None) -> Diagnosis:
    """What the issue says of itself, where no log was read now: what the body says of it is left as it stands."""
    if marker is None:
        return Diagnosis("unknown", 0, Cause.UNCLASSIFIED, "possible", "")
    cause = Cause(marker.cause) if marker.cause in set(Cause) else Cause.UNCLASSIFIED
    return Diagnosis(marker.service or "unknown", marker.status, cause, "possible", marker.signature, marker.credential)
