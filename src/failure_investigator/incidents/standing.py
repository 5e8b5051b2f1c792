"""Where the incident of an open issue stands: still failing, recovering, resolved, dormant or abandoned. Pure.

Nothing ends because time passed: resolved needs good runs in every affected stream, abandoned needs every workflow gone,
and neither is concluded from a listing that was cut short.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.incidents.memory import cloaked, stamp
from failure_investigator.incidents.streaks import last_failure, quiet_since

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from failure_investigator.model import Incident, Marker, State, Streak

DORMANT = timedelta(days=30)
"""How long no eligible run of any affected stream came before an incident is called dormant."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A state, the start of the run that brought it, and the reason in one line."""

    state: State
    since: str
    why: str


def standing(incident: Incident, marker: Marker, close_after: int, now: datetime, *, fresh: bool) -> Standing:
    """The state by what is listed now; `marker` is what the issue recorded with this sweep's failures counted.

    `fresh` says that there are some. Without any, what could not be looked at changes nothing.
    """
    streaks = incident.counted
    waiting = [streak for streak in streaks if not streak.gone or len(streak.good) >= close_after]
    unseen = unseen_streams(marker, incident)
    if streaks and not waiting and not unseen and not marker.more:
        state: State = "dormant" if marker.floor else "abandoned"
        return Standing(state, marker.last_seen, _gone(streaks))
    short = [streak for streak in waiting if len(streak.good) < close_after]
    cut = [streak for streak in waiting if not streak.complete]
    if waiting and not short and not cut and not unseen and not marker.more:
        return Standing("resolved", _reached(waiting, close_after), _all_good(waiting, close_after))
    doubt = unseen or cut or any(streak.unsure for streak in short)
    if doubt and not fresh and marker.state in ("open", "recovering", "dormant"):
        return Standing(marker.state, marker.since, _why_open(waiting, unseen, close_after))
    if waiting and not unseen and all(streak.good for streak in waiting):
        behind = min(waiting, key=lambda streak: len(streak.good))
        why = f"{min(len(behind.good), close_after)} of {close_after} good runs"
        return Standing("recovering", _reached(waiting, 1), f"{why}{_left_open(cut, marker)}")
    quiet = max((moment for streak in waiting if (moment := quiet_since(streak))), default=None)
    if quiet is not None and now - quiet > DORMANT and not unseen and not cut:
        return Standing("dormant", stamp(quiet), f"no eligible run since {quiet:%Y-%m-%d}")
    return Standing("open", marker.last_seen, _why_open(waiting, unseen, close_after))


def unseen_streams(marker: Marker, incident: Incident) -> int:
    """How many of the recorded streams were not looked at: nothing may be concluded about the whole."""
    seen = {cloaked(str(streak.stream), sealed=marker.sealed) for streak in incident.streaks}
    return sum(not tracked.gone and name not in seen for name, tracked in marker.streams.items())


def _reached(streaks: Sequence[Streak], count: int) -> str:
    """When the last of the streams had so many good runs."""
    return max(stamp(streak.good[count - 1].started_at) for streak in streaks)


def _all_good(streaks: Sequence[Streak], close_after: int) -> str:
    many = f" in each of {len(streaks)} streams" if len(streaks) > 1 else ""
    return f"{close_after} good run{'s' if close_after > 1 else ''}{many}"


def _left_open(cut: Sequence[Streak], marker: Marker) -> str:
    if cut:
        return f"; {len(cut)} listing{'s were' if len(cut) > 1 else ' was'} cut short"
    return f"; {marker.more} streams found no room in the issue" if marker.more else ""


def _gone(streaks: Sequence[Streak]) -> str:
    return "; ".join(sorted({f"{streak.workflow.name}: {streak.gone}" for streak in streaks}))


def _why_open(waiting: Sequence[Streak], unseen: int, close_after: int) -> str:
    if unseen:
        return f"{unseen} affected stream{'s were' if unseen > 1 else ' was'} not looked at"
    bad = sum(not streak.good for streak in waiting)
    unsure = sum(streak.unsure for streak in waiting)
    told = f"; {unsure} green runs in which nobody saw the job prove nothing" if unsure else ""
    last = max((last_failure(streak)[1] for streak in waiting), default="")
    where = f"{bad} of {len(waiting)} streams" if len(waiting) > 1 else f"run {last.partition('.')[0]} was the last"
    return f"no {'' if close_after == 1 else 'first '}good run yet ({where}){told}"
