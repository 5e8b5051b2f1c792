"""Whether a closed issue is opened again: who closed it decides what has to happen first. Pure.

the bot, by good runs      a newer failure, not on an older commit, within 90 days
the bot, workflow gone     any newer failure
a person, as completed     min-failures consecutive failures of runs created since
another bot                once, while it still fails
a person, otherwise        never
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from failure_investigator.incidents.memory import cloaked, fresh, moment, stamp
from failure_investigator.incidents.opening import why_open, why_wait
from failure_investigator.incidents.streaks import last_failure

if TYPE_CHECKING:
    from failure_investigator.model import Finding, Incident, Issue, Marker, Streak

REGRESSION = timedelta(days=90)
"""After so long a new issue is filed, which links the old one."""
Closer = Literal["cured", "abandoned", "claimed", "accepted", "bot"]


@dataclass(frozen=True, slots=True)
class Reopening:
    """Why an issue is opened again: `anew` means by a new one that links it."""

    transition: Literal["regressed", "claimed", "insisted"]
    why: str
    since: str
    """Start of the first failed run that counts."""
    anew: bool = False


def closer(issue: Issue) -> Closer:
    """Who closed an issue, and as what. The marker's word counts only where the bot itself did the closing."""
    marker = issue.marker
    state = marker.state if marker else "open"
    if state in ("resolved", "abandoned") and _by_us(issue):
        return "cured" if state == "resolved" else "abandoned"
    if issue.closed_by_bot:
        return "accepted" if marker and marker.insisted else "bot"
    return "claimed" if issue.state_reason in ("", "completed") else "accepted"


def _by_us(issue: Issue) -> bool:
    """Whether the bot closed it: its own login, or a tracker that knows no logins."""
    return not issue.closed_by or issue.closed_by.lower() == issue.author.lower()


def why_reopen(incident: Incident, issue: Issue, needed: int) -> Reopening | None:
    """Why a closed issue is opened again, or None when it rests."""
    marker = issue.marker
    if marker is None:
        return None
    who = closer(issue)
    if who in ("cured", "abandoned"):
        return _regressed(incident, marker, who, needed)
    if who == "claimed":
        return _claimed(incident, issue, needed)
    return _insisted(incident, issue) if who == "bot" else None


def _regressed(incident: Incident, marker: Marker, who: Closer, needed: int) -> Reopening | None:
    later = _later(incident, marker)
    if not later or (not incident.diagnosis.cause.persistent and len(later) < needed):
        return None
    first = min(later, key=lambda found: (found.run.started_at, found.run.id))
    cured = moment(marker.since)
    late = who == "cured" and cured is not None and first.run.started_at - cured > REGRESSION
    why = f"run {first.run.id} failed in the same way"
    return Reopening("regressed", why, stamp(first.run.started_at), anew=late)


def _later(incident: Incident, marker: Marker) -> list[Finding]:
    """What failed since the cure and was not good again by itself."""
    going = (streak for streak in incident.counted if streak.going)
    return [found for streak in going for found in newer(streak, marker) if not found.older]


def newer(streak: Streak, marker: Marker) -> list[Finding]:
    """The failures that are later in their stream than the good runs that closed the issue; never judged by its closing."""
    tracked = marker.streams.get(cloaked(str(streak.stream), sealed=marker.sealed))
    cured = max((good.at for good in tracked.good), default=tracked.at) if tracked else marker.since
    return [found for found in fresh(streak, marker) if stamp(found.run.started_at) > cured]


def _claimed(incident: Incident, issue: Issue, needed: int) -> Reopening | None:
    """A person said that it is fixed: only runs created since say otherwise, as many as open an issue."""

    def counts(found: Finding) -> bool:
        return issue.closed_at is None or found.run.created_at > issue.closed_at

    reason = why_open(incident, needed, counts)
    if not reason:
        return None
    first = min(found.run.started_at for streak in incident.counted for found in streak.findings if counts(found))
    late = issue.closed_at is not None and first - issue.closed_at > REGRESSION
    return Reopening("claimed", f"{reason} since it was closed as completed", stamp(first), anew=late)


def _insisted(incident: Incident, issue: Issue) -> Reopening | None:
    """Another bot closed it: while it still fails it is opened again, once."""
    going = [streak for streak in incident.counted if streak.going]
    if not going:
        return None
    at, run = max(last_failure(streak) for streak in going)
    return Reopening("insisted", f"{issue.closed_by or 'a bot'} closed it, and run {run.partition('.')[0]} fails", at)


def closed_at_rest(incident: Incident, issue: Issue, needed: int) -> str:
    """Why a closed issue stays closed."""
    who = closer(issue)
    number = f"issue #{issue.number}"
    if who == "accepted":
        by = f" by {issue.closed_by}" if issue.closed_by else ""
        return f"{number} was closed as {issue.state_reason or 'closed'}{by}: left alone until a person reopens it"
    if who == "claimed":
        since = f" {issue.closed_at:%Y-%m-%d %H:%M}" if issue.closed_at else ""
        waits = why_wait(incident, needed, lambda f: issue.closed_at is None or f.run.created_at > issue.closed_at)
        return f"{number} was closed as completed{since}; since then: {waits}"
    if who == "bot":
        return f"{number} was closed by {issue.closed_by or 'a bot'}, and nothing fails any more"
    return f"{number} is closed ({who}): {_why_rests(incident, issue.marker, needed)}"


def _why_rests(incident: Incident, marker: Marker | None, needed: int) -> str:
    """Why nothing says that a cure did not hold."""
    later = [found for streak in incident.counted for found in newer(streak, marker)] if marker else []
    if not later:
        return "no failure is newer than what closed it"
    if any(found.older for found in later):
        return "what failed is on a commit older than the cure"
    return why_wait(incident, needed)
