"""What an issue records of its incident: the marker, made of the one before and of what this sweep saw. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.incidents.memory import cloaked, fresh, stamp
from failure_investigator.incidents.streaks import last_failure
from failure_investigator.model import Good, Marker, Tracked
from failure_investigator.trackers.marker import MOST_JOBS, MOST_RUNS, MOST_STREAMS, ROOM, size

if TYPE_CHECKING:
    from failure_investigator.model import Finding, Incident, Streak

_LONGEST = 500
_SHOWN = 60
"""Characters of a workflow's name and of a branch, for a stream that is not listed any more."""


def record(incident: Incident, before: Marker | None, repository: str, close_after: int) -> Marker:
    """The marker with all that is counted and tracked; the state and what was told are the lifecycle's to set."""
    sealed = ":sealed:" in incident.fingerprint
    added = _added(incident, before)
    starts = [stamp(finding.run.started_at) for finding in added]
    entries = [_entry(finding) for finding in added]
    earlier = before or Marker(incident.fingerprint, repository)
    streams = _streams(incident, earlier, close_after, sealed=sealed)
    kept = _fitting(streams)
    diagnosis = incident.diagnosis
    return replace(
        earlier,
        fingerprint=incident.fingerprint,
        repository=repository,
        aliases=incident.aliases[:20],
        runs=tuple([*entries, *earlier.runs][:MOST_RUNS]),
        streams=kept,
        more=max(earlier.more, len(streams) - len(kept)),
        total=earlier.total + len(added),
        read=earlier.read + sum("/" in entry for entry in entries),
        first_seen=min([text for text in (earlier.first_seen, *starts) if text], default=""),
        last_seen=max([earlier.last_seen, *starts]),
        cause=diagnosis.cause.value,
        service="" if sealed and _is_host(diagnosis.service) else diagnosis.service[:_LONGEST],
        status=diagnosis.status,
        credential="" if sealed else diagnosis.credential[:_LONGEST],
        signature="" if sealed else diagnosis.signature[:_LONGEST],
    )


def _added(incident: Incident, before: Marker | None) -> list[Finding]:
    """The findings that were not counted yet, newest first; runs of forks and Dependabot never count."""
    found = [f for s in incident.counted for f in fresh(s, before)]
    return sorted(found, key=lambda f: (f.run.started_at, f.run.id), reverse=True)


def _is_host(service: str) -> bool:
    """Whether a service is known by its host only, which may be a private name."""
    return "." in service or service == "unknown"


def _entry(finding: Finding) -> str:
    return f"{finding.run.key}/{finding.job_id}" if finding.job_id and finding.how != "inferred" else finding.run.key


def _streams(incident: Incident, earlier: Marker, close_after: int, *, sealed: bool) -> dict[str, Tracked]:
    streams = dict(earlier.streams)
    for streak in incident.counted:
        if streak.findings or streak.last:
            streams[cloaked(str(streak.stream), sealed=sealed)] = track(
                streak, close_after, earlier.floor, sealed=sealed
            )
    return streams


def _fitting(streams: dict[str, Tracked]) -> dict[str, Tracked]:
    """Those that failed last, as many as a marker has room for."""
    kept, room = {}, ROOM
    for key, tracked in sorted(streams.items(), key=lambda item: (item[1].at, item[0]), reverse=True)[:MOST_STREAMS]:
        room -= size(key, tracked)
        if room < 0:
            break
        kept[key] = tracked
    return dict(sorted(kept.items()))


def track(streak: Streak, close_after: int, floor: str = "", *, sealed: bool = False) -> Tracked:
    """What is to be recorded of a stream: its last failure, and the first good runs since, later than `floor`."""
    at, run = last_failure(streak)
    known = streak.last if streak.last is not None and streak.last.run == run else None
    good = _good(streak, known, close_after, floor)
    gone = streak.gone if len(good) < close_after else ""
    newest = streak.findings[0].run if streak.findings else None
    if known is not None and (newest is None or newest.key != run):
        return replace(known, good=good, gone=gone)
    return Tracked(
        run=run,
        at=at,
        sha=newest.head_sha if newest else "",
        jobs=streak.jobs[:MOST_JOBS],
        good=good,
        gone=gone,
        name="" if sealed else streak.workflow.name[:_SHOWN],
        branch="" if sealed else streak.branch[:_SHOWN],
    )


def _good(streak: Streak, known: Tracked | None, close_after: int, floor: str) -> tuple[Good, ...]:
    """The first good runs since the last failure; what could not be looked at takes back none that were seen."""
    seen = tuple(Good(run.key, stamp(run.started_at), run.head_sha) for run in streak.good[:close_after])
    if known is None or (streak.complete and not streak.unsure):
        return seen
    return max(seen, tuple(good for good in known.good if good.at > floor), key=len)
