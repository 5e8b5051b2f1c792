"""A replay beside what was really filed, and both in their public form. Pure but for reading the recording.

both      filed, and opened by the replay
missed    filed, and not opened by the replay, although all of its runs could be read again
unknown   filed, and not opened by the replay, which could not read all of its runs
earlier   filed, and over before the replayed time began
new       opened by the replay, and not filed
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from failure_investigator.incidents.memory import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from failure_investigator.backtest import Backtest, Story
    from failure_investigator.model import Issue, Marker, Run
    from failure_investigator.sources.snapshot import SnapshotSource

What = Literal["both", "missed", "unknown", "earlier", "new"]


@dataclass(frozen=True, slots=True)
class Beside:
    """One incident of the replay, an issue that was filed, or both."""

    what: What
    fingerprint: str
    number: int = 0
    """The issue's; 0 for none."""
    title: str = ""
    filed: str = ""
    """State of the issue that was filed."""
    replayed: str = ""
    """State of the one that would have been."""
    why: str = ""


def against(found: Backtest, issues: Sequence[Issue], recording: SnapshotSource) -> list[Beside]:
    """Compared with issues that were filed about the recorded repository, by fingerprint and alias."""
    opened = {mark: story for mark, story in found.stories.items() if story.opened}
    filed = [(issue, issue.marker) for issue in issues if issue.marker and _concerns(issue.marker, recording)]
    compared = [_filed(issue, marker, found, recording) for issue, marker in filed]
    names = frozenset[str]().union(*(marker.names for _, marker in filed))
    new = [story for mark, story in opened.items() if mark not in names]
    return compared + [Beside("new", story.fingerprint, 0, story.title, "", story.state) for story in new]


def _concerns(marker: Marker, recording: SnapshotSource) -> bool:
    """Whether an issue is about the recorded repository; one repository may get the issues of many."""
    own = f"{recording.manifest.repository.name}:".lower()
    return marker.sealed or not marker.streams or any(key.lower().startswith(own) for key in marker.streams)


def _filed(issue: Issue, marker: Marker, found: Backtest, recording: SnapshotSource) -> Beside:
    state = f"{issue.state} {issue.state_reason}".strip()
    stories = [story for mark, story in found.stories.items() if mark in marker.names]
    story = next((one for one in stories if one.opened), None)
    if story is not None:
        return Beside("both", marker.fingerprint, issue.number, issue.title, state, story.state)
    what, why = _absent(marker, stories, recording)
    return Beside(what, marker.fingerprint, issue.number, issue.title, state, "", why)


def _absent(marker: Marker, stories: Iterable[Story], recording: SnapshotSource) -> tuple[What, str]:
    """Why the replay did not open what was filed, and whether that means anything."""
    start = stamp(recording.manifest.since)
    if marker.last_seen and marker.last_seen < start:
        return "earlier", f"its last failure began {marker.last_seen}"
    if marker.sealed:
        return "unknown", "it holds counts only"
    if hidden := list(_unreadable(marker, recording)):
        more = f", and so are {len(hidden) - 1} more of its runs" if len(hidden) > 1 else ""
        return "unknown", f"{hidden[0]}{more}"
    return "missed", next((story.left for story in stories if story.left), "no refusal was found in its runs")


def _unreadable(marker: Marker, recording: SnapshotSource) -> Iterator[str]:
    """Those of an issue's runs that the recording does not hold as they were, each with the reason."""
    recorded = {run.id: run for run in recording.every_run}
    for entry in marker.runs:
        number, _, attempt = entry.partition("/")[0].partition(".")
        run = recorded.get(int(number))
        if run is None:
            yield f"run {number} is not in the recording"
        elif run.attempt != int(attempt):
            yield f"run {number} is recorded as it ran again"
        elif reason := _not_read(run, recording):
            yield f"run {number} is not readable any more ({reason})"


def _not_read(run: Run, recording: SnapshotSource) -> str:
    jobs = recording.jobs(run)
    if jobs is None:
        return "its jobs were not recorded"
    logs = recording.logs(run, [job for job in jobs if job.failed]).values()
    return next((log.gone for log in logs if log.gone), "")


def backtest_json(found: Backtest, compared: Sequence[Beside] | None, requests: int | None = None) -> dict[str, Any]:
    """The public form, version 2. `requests` is what the recording cost, None where there was one already."""
    return {
        "version": 2,
        "sweeps": found.sweeps,
        "requests": requests,
        "incidents": [_story(story) for story in found.stories.values()],
        "refused_runs": len(found.seen.union(*(story.runs for story in found.stories.values()))),
        "unexplained": dict(sorted(found.unexplained.items())),
        "against": None if compared is None else [_beside(each) for each in compared],
        "notes": found.notes,
    }


def _story(story: Story) -> dict[str, Any]:
    after = story.opened_after
    return {
        "fingerprint": story.fingerprint,
        "title": story.title or None,
        "cause": story.cause or None,
        "first_failure": stamp(story.first_failure) if story.first_failure else None,
        "runs": len(story.runs),
        "filed": story.opened,
        "state": story.state or None,
        "opened_after_seconds": int(after.total_seconds()) if after is not None else None,
        "not_filed_because": None if story.opened else story.left,
        "events": [
            {"at": stamp(event.at), "event": event.what, "transition": event.transition or None, "reason": event.why}
            for event in story.events
        ],
    }


def _beside(each: Beside) -> dict[str, Any]:
    return {
        "what": each.what,
        "fingerprint": each.fingerprint,
        "issue": each.number or None,
        "title": each.title or None,
        "filed": each.filed or None,
        "replayed": each.replayed or None,
        "why": each.why or None,
    }


_WORDS = {
    "both": "filed, and opened again",
    "missed": "filed, and missed now",
    "unknown": "filed, and not known whether it would be again",
    "earlier": "filed, and over before",
    "new": "opened, and not filed",
}


def lines(told: dict[str, Any]) -> Iterator[str]:
    """The public form for a person."""
    filed = [each for each in told["incidents"] if each["filed"]]
    cost = f", requests {told['requests']}" if told["requests"] is not None else ""
    yield f"sweeps {told['sweeps']}, issues {len(filed)}, refused runs {told['refused_runs']}{cost}"
    for each in told["incidents"]:
        yield f"{each['title'] or each['fingerprint']} ({each['cause']}, {each['runs']} runs)"
        yield f"  first failure {each['first_failure']}"
        yield from (_event(event, each) for event in each["events"])
        if not each["filed"]:
            yield f"  not filed: {each['not_filed_because']}"
    for path, count in told["unexplained"].items():
        yield f"no refusal found: {path}, {count} failed run{'s' if count > 1 else ''}"
    for each in told["against"] or ():
        number = f"#{each['issue']} " if each["issue"] else ""
        states = ", ".join(f"{name} {each[name]}" for name in ("filed", "replayed") if each[name])
        why = f": {each['why']}" if each["why"] else ""
        yield f"{_WORDS[each['what']]}: {number}{each['title'] or each['fingerprint']} ({states}){why}"
    yield from (f"note: {note}" for note in told["notes"])


def _event(event: dict[str, Any], story: dict[str, Any]) -> str:
    how = f" ({event['transition']})" if event["transition"] else ""
    seconds = story["opened_after_seconds"]
    after = f", {_length(seconds)} after it" if event["event"] == "opened" and seconds is not None else ""
    return f"  {event['event']}{how} {event['at']}{after}: {event['reason']}"


def _length(seconds: int) -> str:
    """A span of time in its two largest units."""
    days, rest = divmod(seconds, 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    parts = [f"{count}{unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if count]
    return " ".join(parts[:2]) or "less than a minute"
