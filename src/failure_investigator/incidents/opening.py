"""Whether an incident without an open issue gets one, and why it waits. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.incidents.fingerprint import OUTAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from failure_investigator.model import Finding, Incident, Streak

    Counts = Callable[[Finding], bool]

WIDE = 3
"""Workflows in one window that open an incident of a persistent cause at once."""


def why_open(incident: Incident, needed: int, counts: Counts = lambda _: True) -> str:
    """Why an incident gets an issue; '' when it does not. Only the findings that count are looked at."""
    going = [streak for streak in _going(incident) if any(map(counts, streak.findings))]
    longest = max((sum(map(counts, streak.findings)) for streak in going), default=0)
    if longest >= needed:
        return f"{longest} consecutive failed run{'s' if longest > 1 else ''}"
    workflows = {(streak.stream.repository, streak.workflow.id) for streak in going}
    if going and incident.fingerprint.startswith(OUTAGE):
        return f"the service fails in {len({streak.stream.repository for streak in going})} repositories"
    if incident.diagnosis.cause.persistent and len(workflows) >= WIDE:
        return f"seen in {len(workflows)} workflows"
    return ""


def why_wait(incident: Incident, needed: int, counts: Counts = lambda _: True) -> str:
    """Why an incident gets no issue yet."""
    if all(streak.stream.kind == "none" for streak in incident.streaks):
        return "only runs from forks or Dependabot, which get no secrets"
    if not list(_going(incident)):
        return "the runs recovered by themselves"
    longest = max(sum(map(counts, streak.findings)) for streak in _going(incident))
    return f"{longest} of {needed} consecutive failed runs"


def _going(incident: Incident) -> Iterator[Streak]:
    return (streak for streak in incident.streaks if streak.going)
