"""What the present library, configuration and packs would have filed on a recording: its time swept again, step by step.

Each sweep sees only what was over by then, and keeps its issues in a tracker of its own, so that opening, updating, closing
and reopening follow the same rules as at the time. Nothing is written anywhere else. Pure but for the tracker.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from failure_investigator.errors import UsageError
from failure_investigator.investigate import investigate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from failure_investigator.model import (
        Applied,
        Comparison,
        Issue,
        Job,
        JobLog,
        Listing,
        Repository,
        Run,
        StreamKey,
        Usage,
    )
    from failure_investigator.render.report import Report
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.trackers.base import Tracker

_TOLD = {"create": "opened", "close": "closed", "reopen": "reopened"}
MOST_SWEEPS = 2000
"""More are a mistake in the step."""


class AsOf:
    """See `Source`: a recording as it was at a moment. A run that was re-run later is seen when its last attempt was over."""

    def __init__(self, source: Source, moment: datetime) -> None:
        self._source, self._moment = source, moment

    def repository(self, name: str) -> Repository:
        """See `Source.repository`."""
        return self._source.repository(name)

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `Source.runs`."""
        return self._over(self._source.runs(repository, since, until))

    def follow(self, stream: StreamKey, before: datetime, default_branch: str) -> Listing:
        """See `Source.follow`."""
        return self._over(self._source.follow(stream, before, default_branch))

    def _over(self, listing: Listing) -> Listing:
        return replace(listing, runs=tuple(run for run in listing.runs if run.updated_at <= self._moment))

    def since(self, stream: StreamKey, start: datetime, default_branch: str) -> Listing | None:
        """See `Source.since`."""
        listing = self._source.since(stream, start, default_branch)
        return self._over(listing) if listing else None

    def workflows(self, repository: str) -> Mapping[int, str]:
        """See `Source.workflows`."""
        return self._source.workflows(repository)

    def branch(self, repository: str, name: str) -> bool:
        """See `Source.branch`."""
        return self._source.branch(repository, name)

    def jobs(self, run: Run) -> tuple[Job, ...]:
        """See `Source.jobs`."""
        return self._source.jobs(run)

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:
        """See `Source.logs`."""
        return self._source.logs(run, jobs)

    def file(self, repository: str, path: str, ref: str = "") -> str | None:
        """See `Source.file`."""
        return self._source.file(repository, path, ref)

    def folder(self, repository: str, path: str) -> tuple[str, ...]:
        """See `Source.folder`."""
        return self._source.folder(repository, path)

    def compare(self, repository: str, base: str, head: str) -> Comparison | None:
        """See `Source.compare`."""
        return self._source.compare(repository, base, head)

    def secrets(self, repository: str) -> Mapping[str, datetime] | None:
        """See `Source.secrets`."""
        return self._source.secrets(repository)

    def usage(self) -> Usage:
        """See `Source.usage`."""
        return self._source.usage()

    def exhausted(self) -> str:
        """See `Source.exhausted`."""
        return self._source.exhausted()


@dataclass
class Story:
    """What became of one incident."""

    fingerprint: str
    title: str = ""
    cause: str = ""
    first_failure: datetime | None = None
    events: list[tuple[datetime, str, str]] = field(default_factory=list)
    """(sweep, opened | closed | reopened, reason)."""
    runs: set[str] = field(default_factory=set)
    left: str = ""
    """Why the last sweep that saw it filed nothing, while nothing was filed."""

    @property
    def opened(self) -> bool:
        """Whether an issue would have been filed."""
        return any(event == "opened" for _, event, _ in self.events)


@dataclass
class Backtest:
    """What a replay found."""

    sweeps: int = 0
    stories: dict[str, Story] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    """Keys of runs in which a refusal was found, filed or not."""
    unexplained: dict[str, int] = field(default_factory=dict)
    """Workflow path → failed runs in which no refusal was found, or that were not read."""
    notes: list[str] = field(default_factory=list)


def moments(since: datetime, until: datetime, every: timedelta) -> Iterator[datetime]:
    """When the sweeps would have run: each step after the start, and the end. Raises `UsageError` for too short a step."""
    if (until - since) / every > MOST_SWEEPS:
        raise UsageError(f"More than {MOST_SWEEPS} sweeps would be made", do="Give --every a longer time.")
    moment = since + every
    while moment < until:
        yield moment
        moment += every
    yield until


def backtest(
    source: Source,
    tracker: Tracker,
    settings: Settings,
    scanner: Scanner,
    window: tuple[datetime, datetime],
    every: timedelta,
) -> Backtest:
    """Sweep the window (since, until) again. `tracker` is empty, and is the replay's alone."""
    found = Backtest()
    for moment in moments(*window, every):
        report = investigate(AsOf(source, moment), tracker, settings, lambda now=moment: now, scanner=scanner)  # type: ignore[misc]
        found.sweeps += 1
        take(found, report, moment)
    explained = found.seen.union(*(story.runs for story in found.stories.values()))
    for run in AsOf(source, window[1]).runs(source.repository(settings.repository), *window).runs:
        if run.failed and run.key not in explained:
            found.unexplained[run.workflow.path] = found.unexplained.get(run.workflow.path, 0) + 1
    return found


def take(found: Backtest, report: Report, moment: datetime) -> None:
    """Adds what one sweep decided."""
    done = {each.change.fingerprint: each for each in report.applied}
    for incident in report.incidents:
        story = found.stories.setdefault(incident.fingerprint, Story(incident.fingerprint))
        story.cause = incident.diagnosis.cause.value
        story.runs |= {finding.run.key for finding in incident.findings}
        starts = [finding.run.started_at for finding in incident.findings]  # none where only the issue remembers them
        story.first_failure = min([*starts, *([story.first_failure] if story.first_failure else [])], default=None)
        change = done.get(incident.fingerprint)
        if change is not None and not story.opened and change.change.verb == "none":
            story.left = change.change.reason
    for each in report.applied:
        _event(found, each, moment)
    found.seen |= {finding.run.key for finding in report.findings}
    found.notes += [note for note in report.notes if note not in found.notes]


def _event(found: Backtest, done: Applied, moment: datetime) -> None:
    change = done.change
    story = found.stories.setdefault(change.fingerprint, Story(change.fingerprint))
    if change.verb in _TOLD and not done.deferred:
        story.title = change.title or story.title
        story.events.append((moment, _TOLD[change.verb], change.reason))
    elif done.deferred and not story.opened:
        story.left = f"{change.reason}; left: {done.deferred}"


def against(found: Backtest, issues: Sequence[Issue]) -> dict[str, list[str]]:
    """Compared with issues that were filed, by fingerprint and alias: what both have, what is missed, what is new."""
    opened = {mark for mark, story in found.stories.items() if story.opened}
    filed = {i.marker.fingerprint: {i.marker.fingerprint, *i.marker.aliases} for i in issues if i.marker}
    every = set().union(*filed.values())
    return {
        "both": sorted(mark for mark, names in filed.items() if names & opened),
        "missed": sorted(mark for mark, names in filed.items() if not names & opened),
        "new": sorted(opened - every),
    }


def backtest_json(found: Backtest, compared: Mapping[str, list[str]] | None) -> dict[str, Any]:
    """The public form, version 1."""
    return {
        "version": 1,
        "sweeps": found.sweeps,
        "incidents": [
            {
                "fingerprint": story.fingerprint,
                "title": story.title or None,
                "cause": story.cause or None,
                "first_failure": _time(story.first_failure) if story.first_failure else None,
                "runs": len(story.runs),
                "filed": story.opened,
                "not_filed_because": None if story.opened else story.left,
                "events": [{"at": _time(at), "event": event, "reason": reason} for at, event, reason in story.events],
            }
            for story in found.stories.values()
        ],
        "refused_runs": len(found.seen.union(*(story.runs for story in found.stories.values()))),
        "unexplained": dict(sorted(found.unexplained.items())),
        "against": dict(compared) if compared is not None else None,
        "notes": found.notes,
    }


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
