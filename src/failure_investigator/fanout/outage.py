"""A service that fails for a large part of an organisation at once is out: one incident, and no others for it. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.incidents.fingerprint import outage
from failure_investigator.logs.marks import SERVER_ERROR
from failure_investigator.model import Cause

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.model import Diagnosis, Matter, Scan

LEAST = 5
"""Repositories that have to fail."""
PART = 0.30
"""More than this part of those that were looked at."""
_THEIRS = (Cause.RATE_LIMITED, Cause.QUOTA_EXHAUSTED)


def with_outages(scans: Sequence[Scan], looked_at: int) -> list[Scan]:
    """The scans with the matters of a service that is out put together; `looked_at` counts the quiet repositories too."""
    hit: defaultdict[str, set[str]] = defaultdict(set)
    for scan in scans:
        for matter in scan.matters:
            if service := out(matter):
                hit[service].add(scan.repository.name)
    down = {service for service, names in hit.items() if len(names) >= LEAST and len(names) > PART * looked_at}
    if not down:
        return list(scans)
    return [
        replace(scan, matters=tuple(_joined(each) if out(each) in down else each for each in scan.matters))
        for scan in scans
    ]


def out(matter: Matter) -> str:
    """The service that a streak without an issue may show to be out; '' for any other."""
    if matter.issue or not matter.streak.going:
        return ""
    told = next((found.diagnosis for found in matter.streak.findings if found.diagnosis is not None), None)
    return told.service if told is not None and _is_theirs(told) else ""


def _is_theirs(diagnosis: Diagnosis) -> bool:
    """Whether the service's side refuses: throttling, a quota of its own, or server errors beside the refusal."""
    broken = any(fact.says == f"{SERVER_ERROR}." for fact in diagnosis.secondary)
    return diagnosis.service != "unknown" and (diagnosis.cause in _THEIRS or broken)


def _joined(matter: Matter) -> Matter:
    """The same streak as part of the service's outage; its own fingerprint stays as an alias."""
    mark = outage(out(matter))
    findings = tuple(replace(each, mark=mark) if each.mark else each for each in matter.streak.findings)
    return replace(matter, marks=tuple(sorted({mark, *matter.marks})), streak=replace(matter.streak, findings=findings))
