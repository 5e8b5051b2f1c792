"""A service that fails for a large part of an organisation at once is out: one incident, and no others for it. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.incidents.fingerprint import OUTAGE, outage
from failure_investigator.logs.marks import SERVER_ERROR
from failure_investigator.model import Cause

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.model import Diagnosis, Issue, Matter, Scan

LEAST = 5
"""Repositories that have to fail."""
PART = 0.30
"""More than this part of those that were looked at."""
_THEIRS = (Cause.RATE_LIMITED, Cause.QUOTA_EXHAUSTED)


def with_outages(scans: Sequence[Scan], looked_at: int, issues: Sequence[Issue] = ()) -> list[Scan]:
    """The scans with the matters of a service that is out put together; `looked_at` counts the quiet repositories too.

    What fails of a service whose outage is an open one of the `issues` joins it. A matter that has an issue of its own keeps
    it, and those of which only counts may be filed are together by themselves.
    """
    filed = {each.number: each.marker.fingerprint for each in issues if each.state == "open" and each.marker}
    outages = {number: mark for number, mark in filed.items() if mark.startswith(OUTAGE)}
    hit: defaultdict[str, set[str]] = defaultdict(set)
    for scan in scans:
        for matter in scan.matters:
            if service := out(matter):
                hit[service].add(scan.repository.name)
    down = {service for service, names in hit.items() if len(names) >= LEAST and len(names) > PART * looked_at}

    def mark(matter: Matter) -> str:
        """The outage that a matter is part of; '' for none."""
        if matter.issue:
            return outages.get(matter.issue, "")
        service, hidden = out(matter), any(":sealed:" in each for each in matter.marks)
        own = outage(service, hidden=hidden)
        return own if service and (service in down or own in outages.values()) else ""

    return [replace(scan, matters=tuple(_joined(each, mark(each)) for each in scan.matters)) for scan in scans]


def out(matter: Matter) -> str:
    """The service that a streak may show to be out; '' for any other."""
    told = next((found.diagnosis for found in matter.streak.findings if found.diagnosis is not None), None)
    return told.service if matter.streak.going and told is not None and _is_theirs(told) else ""


def _is_theirs(diagnosis: Diagnosis) -> bool:
    """Whether the service's side refuses: throttling, a quota of its own, or server errors beside the refusal."""
    broken = any(fact.says == f"{SERVER_ERROR}." for fact in diagnosis.secondary)
    return diagnosis.service != "unknown" and (diagnosis.cause in _THEIRS or broken)


def _joined(matter: Matter, mark: str) -> Matter:
    """The same streak as part of the outage with this fingerprint; its own one stays as an alias."""
    if not mark:
        return matter
    findings = tuple(replace(each, mark=mark) if each.mark else each for each in matter.streak.findings)
    return replace(matter, marks=tuple(sorted({mark, *matter.marks})), streak=replace(matter.streak, findings=findings))
