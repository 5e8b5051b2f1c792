"""What a marker knows of runs and streams: those it lists, and, once it is full, all up to the newest one of the stream.

A marker lists 200 runs at most. While it lists all, only listed runs are known, so that a run which started early and ended
late is still counted; a full one cannot tell, and counts nothing twice. A sealed marker, which more people may read than
the evidence, holds hashes of the names of streams and jobs.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from failure_investigator.model import StreamKey
from failure_investigator.trackers.marker import LONGEST, MOST_RUNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from failure_investigator.model import Finding, Incident, Issue, Marker, Run, Streak, Tracked

_STREAM = re.compile(
    r"(?P<repository>[^/:]+/[^/:]+):(?P<number>[0-9]{1,20}):(?P<kind>default|pull_request|branch)(?::(?P<branch>.+))?",
    re.DOTALL,
)


def stamp(moment: datetime) -> str:
    """ISO 8601 with Z, to the second: what markers carry; orders as text."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def moment(text: str) -> datetime | None:
    """The time of a stamp; None when there is none, or it is no date."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def cloaked(name: str, *, sealed: bool) -> str:
    """A name as a marker keeps it: cut, or a hash of it."""
    return hashlib.sha256(name.encode()).hexdigest()[:24] if sealed else name[:LONGEST]


def fresh(streak: Streak, marker: Marker | None) -> tuple[Finding, ...]:
    """The streak's findings that the issue did not count yet, newest first."""
    if marker is None:
        return streak.findings
    listed = {entry.partition("/")[0] for entry in marker.runs}
    tracked = marker.streams.get(cloaked(str(streak.stream), sealed=marker.sealed))
    full = len(marker.runs) >= MOST_RUNS and tracked is not None
    return tuple(
        found
        for found in streak.findings
        if found.run.key not in listed and not (full and tracked and stamp(found.run.started_at) <= tracked.at)
    )


def remembered(issues: Iterable[Issue]) -> dict[str, dict[str, int]]:
    """Run key → fingerprint → job id (0 for an inferred run), from the markers of our own issues."""
    found: dict[str, dict[str, int]] = {}
    for issue in issues:
        marker = issue.marker
        for entry in marker.runs if marker else ():
            key, _, job = entry.partition("/")
            if marker is not None:
                found.setdefault(key, {})[marker.fingerprint] = int(job) if job.isdigit() else 0
    return found


def jobs_of(issues: Iterable[Issue], run: str) -> set[str]:
    """Names of the jobs that were refused in a run, or hashes of them, where it is a stream's last failure."""
    markers = [issue.marker for issue in issues if issue.marker is not None]
    streams = [tracked for marker in markers for tracked in marker.streams.values()]
    return {name for tracked in streams if tracked.run == run for name in tracked.jobs}


def counted_until(issues: Iterable[Issue]) -> dict[str, str]:
    """Stream key → start of the newest run taken into account, for the issues whose markers are full."""
    found: dict[str, str] = {}
    for issue in issues:
        marker = issue.marker
        if marker is not None and len(marker.runs) >= MOST_RUNS:
            found |= {key: tracked.at for key, tracked in marker.streams.items()}
    return found


def recorded_until(issues: Iterable[Issue], stream: str) -> dict[str, str]:
    """Fingerprint → start of the last failure of a stream that its issue recorded, whatever became of that issue."""
    found: dict[str, str] = {}
    for marker in (issue.marker for issue in issues if issue.marker is not None):
        tracked = marker.streams.get(cloaked(stream, sealed=marker.sealed))
        if tracked is not None:
            found |= {name: max(found.get(name, ""), tracked.at) for name in marker.names}
    return found


def from_on(runs: Sequence[Run], at: str) -> tuple[Run, ...]:
    """The runs that started at a stamp or later."""
    return tuple(run for run in runs if stamp(run.started_at) >= at)


def watched(issues: Iterable[Issue], repository: str, likely: Iterable[StreamKey]) -> dict[StreamKey, list[Tracked]]:
    """The streams of a repository that open issues wait for, each with what was recorded of it.

    `likely` are streams that a sealed marker may mean. What a marker names that is no stream is left out.
    """
    found: dict[StreamKey, list[Tracked]] = {}
    hidden = {cloaked(str(key), sealed=True): key for key in likely}
    for issue in issues:
        if issue.state != "open" or issue.marker is None:
            continue
        for name, tracked in issue.marker.streams.items():
            key = hidden.get(name) if issue.marker.sealed else stream_key(name)
            if key is not None and key.repository.lower() == repository.lower():
                found.setdefault(key, []).append(tracked)
    return found


def stream_key(text: str) -> StreamKey | None:
    """The key that `str` wrote; None for any other text."""
    found = _STREAM.fullmatch(text)
    if found is None or (found["kind"] == "branch") != bool(found["branch"]):
        return None
    return StreamKey(found["repository"], int(found["number"]), found["kind"], found["branch"] or "")  # type: ignore[arg-type]


def sealed_streams(issues: Iterable[Issue]) -> Iterator[str]:
    """Hashes of streams that open issues wait for."""
    for issue in issues:
        if issue.state == "open" and issue.marker is not None and issue.marker.sealed:
            yield from issue.marker.streams


def floor_of(issue: Issue, marker: Marker) -> str:
    """The stamp that good runs of an open issue have to be later than; '' for none.

    Whoever reopens an issue knows something that the runs until then did not show. Where the tracker knows no time of it,
    it was later than the run by which the bot closed the issue.
    """
    closed = marker.state in ("resolved", "abandoned", "duplicate")
    return max(marker.floor, marker.since if closed else "", stamp(issue.reopened_at) if issue.reopened_at else "")


def newest_findings(incident: Incident) -> list[tuple[Streak, Finding]]:
    """The newest finding of each streak that may count, newest first."""
    found = [(streak, streak.findings[0]) for streak in incident.counted if streak.findings]
    return sorted(found, key=lambda pair: (pair[1].run.started_at, pair[1].run.id), reverse=True)
