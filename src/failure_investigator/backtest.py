"""What the present library, configuration and packs would have filed on a recording: its time swept again, step by step.

Each sweep sees only what was over by then, and keeps its issues in a tracker of its own, so that opening, updating, closing
and reopening follow the same rules as at the time. Nothing is written anywhere else. Pure but for the tracker.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from failure_investigator.errors import UsageError
from failure_investigator.investigate import investigate
from failure_investigator.model import Listing
from failure_investigator.sources.delegating import DelegatingSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime, timedelta

    from failure_investigator.model import Applied, Repository, StreamKey
    from failure_investigator.render.report import Report
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.trackers.base import Tracker

_TOLD = {"create": "opened", "close": "closed", "reopen": "reopened"}
MOST_SWEEPS = 2000
"""More are a mistake in the step."""


class AsOf(DelegatingSource):
    """See `Source`: a recording as it was at a moment. A run that was re-run later is seen when its last attempt was over.

    `last` says that the moment is that of the recording. What was deleted or disabled by then was so at some time that
    nobody knows, so at earlier moments nothing is concluded from it.
    """

    def __init__(self, source: Source, moment: datetime, *, last: bool = True) -> None:
        super().__init__(source)
        self._moment, self._last = moment, last

    def workflows(self, repository: str) -> Mapping[int, str] | None:
        """See `Source.workflows`."""
        return super().workflows(repository) if self._last else None

    def branch(self, repository: str, name: str) -> bool:
        """See `Source.branch`."""
        return not self._last or super().branch(repository, name)

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `Source.runs`."""
        return self._over(super().runs(repository, since, until))

    def follow(self, stream: StreamKey, before: datetime, default_branch: str) -> Listing:
        """See `Source.follow`."""
        return self._over(super().follow(stream, before, default_branch))

    def since(self, stream: StreamKey, start: datetime, default_branch: str) -> Listing | None:
        """See `Source.since`."""
        listing = super().since(stream, start, default_branch)
        if listing is None:
            return None if self._last else Listing((), complete=False, note="its workflow was deleted later")
        return self._over(listing)

    def scheduled(self, repository: str, path: str) -> Listing:
        """See `Source.scheduled`: running ones too."""
        listing = super().scheduled(repository, path)
        return replace(listing, runs=tuple(run for run in listing.runs if run.created_at <= self._moment))

    def _over(self, listing: Listing) -> Listing:
        return replace(listing, runs=tuple(run for run in listing.runs if run.updated_at <= self._moment))


@dataclass(frozen=True, slots=True)
class Event:
    """What a sweep would have told people about an incident."""

    at: datetime
    """The sweep's time."""
    what: str
    """opened, widened, reclassified, closed or reopened."""
    why: str
    transition: str = ""
    """How it was closed or reopened: resolved, abandoned, regressed …"""


@dataclass
class Story:
    """What became of one incident."""

    fingerprint: str
    title: str = ""
    cause: str = ""
    first_failure: datetime | None = None
    events: list[Event] = field(default_factory=list)
    runs: set[str] = field(default_factory=set)
    left: str = ""
    """Why the last sweep that saw it filed nothing, while nothing was filed."""

    @property
    def opened(self) -> bool:
        """Whether an issue would have been filed."""
        return any(event.what == "opened" for event in self.events)

    @property
    def opened_after(self) -> timedelta | None:
        """How long after the first failure; None when it was not opened."""
        opened = next((event.at for event in self.events if event.what == "opened"), None)
        return opened - self.first_failure if opened and self.first_failure else None

    @property
    def state(self) -> str:
        """Where its issue would stand at the end: open or closed, '' when there is none."""
        moves = [event.what for event in self.events if event.what in ("opened", "closed", "reopened")]
        return "" if not moves else "closed" if moves[-1] == "closed" else "open"


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
        seen = AsOf(source, moment, last=moment == window[1])
        report = investigate(seen, tracker, settings, lambda now=moment: now, scanner=scanner)  # type: ignore[misc]
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
        starts = [finding.run.started_at for finding in incident.findings]
        story.first_failure = min([*starts, *filter(None, [story.first_failure])], default=None)
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
    what = _TOLD.get(change.verb) or (change.transition if change.verb == "update" else "")
    if what and not done.deferred:
        story.title = change.title or story.title
        story.events.append(
            Event(moment, what, change.reason, change.transition if what in ("closed", "reopened") else "")
        )
    elif done.deferred and not story.opened:
        story.left = f"{change.reason}; left: {done.deferred}"
