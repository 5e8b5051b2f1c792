"""The success criteria: one a stream, with the good runs that were seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from failure_investigator.incidents.memory import cloaked, stream_key
from failure_investigator.render.words import elsewhere

if TYPE_CHECKING:
    from failure_investigator.model import Incident, Marker, Streak, Tracked
    from failure_investigator.render.context import Context


@dataclass(frozen=True, slots=True)
class GoodRun:
    """A run that counts, with its page where it is known."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """What has to happen in one stream, and how far it is."""

    name: str
    branch: str
    good: int
    done: bool
    gone: str = ""
    runs: tuple[GoodRun, ...] = ()
    repository: str = ""
    """Where it is another than the issue's."""


def criteria(incident: Incident, marker: Marker, context: Context) -> list[Criterion]:
    """By what the marker records, so that a stream that is not listed now keeps its line."""
    seen = {cloaked(str(s.stream), sealed=marker.sealed): s for s in incident.counted}
    if not marker.streams:  # only runs of forks or Dependabot
        return [
            Criterion(
                s.workflow.name, s.branch, 0, done=False, repository=elsewhere(s.stream.repository, context.repository)
            )
            for s in incident.streaks
        ]
    return [_criterion(key, marker, seen.get(key), context, incident) for key in marker.streams]


def within(every: list[Criterion], most: int) -> list[Criterion]:
    """At most so many; those that are still waited for before the others."""
    return every if len(every) <= most else sorted(every, key=lambda each: each.done or bool(each.gone))[:most]


def good_runs(key: str, tracked: Tracked, incident: Incident) -> list[GoodRun]:
    """The good runs that a marker records of a stream, each with its page as another run of the repository has it."""
    parsed = stream_key(key)
    known = (run for streak in incident.streaks for run in (*streak.strip, *(f.run for f in streak.findings)))
    pages = next((run.url.rpartition("/")[0] for run in known if parsed and run.repository == parsed.repository), "")
    ids = [good.run.partition(".")[0] for good in tracked.good]
    return [GoodRun(number, f"{pages}/{number}" if pages else "") for number in ids]


def _criterion(key: str, marker: Marker, streak: Streak | None, context: Context, incident: Incident) -> Criterion:
    tracked = marker.streams[key]
    parsed = stream_key(key)
    name = streak.workflow.name if streak else tracked.name or (str(parsed.workflow_id) if parsed else "a workflow")
    return Criterion(
        name,
        streak.branch if streak else tracked.branch,
        min(len(tracked.good), context.close_after),
        done=len(tracked.good) >= context.close_after,
        gone=tracked.gone,
        runs=tuple(good_runs(key, tracked, incident)),
        repository=elsewhere(parsed.repository, context.repository) if parsed else "",
    )
