"""What a sweep gets to see of the runs: what can be listed, what is worth reading, and the streaks in it.

Of the rules only "What is listed" and "What is read" of docs/design.md stand here; what follows from it is the oracle's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.model.facts import NAME, Attempt, matter_of, matters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from tests.model.oracle import Case
    from tests.model.world import World

Stream = tuple[int, str]
"""Workflow and branch; all pull requests of the repository itself are one."""
RUNNING = timedelta(hours=6)
"""How long a run may take: listings filter by its beginning."""


@dataclass(frozen=True)
class Last:
    """A stream's last counted failure, the jobs that have to succeed after it, and those runs in which they did."""

    attempt: Attempt
    jobs: frozenset[str]
    good: tuple[Attempt, ...] = ()

    @property
    def at(self) -> datetime:
        return self.attempt.run.started_at


@dataclass(frozen=True)
class Seen:
    """A stream as far as it is looked at: its runs, newest first, the matters known of it, and whether it can have more."""

    stream: Stream
    runs: Sequence[Attempt]
    known: frozenset[str]
    gone: bool


@dataclass(frozen=True)
class Streak:
    """A stream's last failures of a matter, newest first, and the runs since that proved the job, oldest first."""

    stream: Stream
    failures: tuple[Attempt, ...]
    last: Last
    gone: bool

    @property
    def going(self) -> bool:
        return bool(self.failures) and not self.last.good and not self.gone


def stream_of(attempt: Attempt) -> Stream | None:
    """The stream of a run; None for a fork's, which moves nothing."""
    run = attempt.run
    if run.head_repository != NAME:
        return None
    return run.workflow.id, run.branch if run.branch in ("main", "release/1") else "pull requests"


def refused(attempt: Attempt, matter: str) -> frozenset[str]:
    """The jobs that a readable log shows to be refused of this matter."""
    kinds = {} if attempt.gone else attempt.refused
    return frozenset(job for job, kind in kinds.items() if matter_of(kind, attempt.run.workflow.id) == matter)


def proves(attempt: Attempt, jobs: Iterable[str]) -> bool:
    """Whether these jobs really ran and succeeded."""
    ended = {job.name: job.conclusion for job in attempt.jobs}
    return attempt.run.conclusion in ("success", "failure") and all(ended[job] == "success" for job in jobs)


def matters_in(attempt: Attempt) -> set[str]:
    """All that it was refused of."""
    return {matter for matter in matters().values() if refused(attempt, matter)}


def first_index(runs: list[Attempt], matter: str) -> int | None:
    """The place of the newest failure of a matter."""
    return next((place for place, attempt in enumerate(runs) if refused(attempt, matter)), None)


def block(runs: list[Attempt], matter: str) -> list[Attempt]:
    """The runs from the last failure of a matter back to the success of that job before it."""
    first = first_index(runs, matter)
    if first is None:
        return []
    jobs = refused(runs[first], matter)
    before = range(first, len(runs))
    end = next((at for at in before if not refused(runs[at], matter) and proves(runs[at], jobs)), len(runs))
    return runs[first:end]


def streak_of(seen: Seen, matter: str, last: Last | None, floor: datetime | None) -> Streak | None:
    """The last failures of a matter in a stream, and what was good since; `last` is what an open issue recorded."""
    runs = list(seen.runs)
    first = first_index(runs, matter)
    failures = tuple(a for a in block(runs, matter) if refused(a, matter))
    if last is not None and (first is None or runs[first].run.started_at < last.at):
        between = [a for a in runs[:first] if a.run.started_at < last.at]
        ended = any(a.run.conclusion == "success" or proves(a, last.jobs) for a in between)
        failures = () if ended else failures
    elif first is not None:
        last = Last(runs[first], refused(runs[first], matter))
    else:
        return None
    after = max(last.at, floor) if floor else last.at
    good = [a for a in reversed(runs) if a.run.started_at > after and proves(a, last.jobs)]
    return Streak(seen.stream, failures, replace(last, good=tuple(good)), seen.gone)


@dataclass(frozen=True)
class Sight:
    """One sweep's: what it sees depends on what open issues wait for, and on the runs that issues have counted."""

    world: World
    recorded: Mapping[Stream, Sequence[tuple[str, Last]]]
    """Stream → matter and last failure of each open issue about it."""
    counted: Mapping[str, Collection[str]]
    """Run → matters of the issues that counted it."""

    def streams(self) -> list[Seen]:
        """Every stream of the repository."""
        runs: dict[Stream, list[Attempt]] = {}
        for attempt in self.world.latest:
            if (stream := stream_of(attempt)) is not None:
                runs.setdefault(stream, []).append(attempt)
        return [self._seen(stream, members) for stream, members in runs.items()]

    @property
    def _start(self) -> datetime:
        """Where the window begins."""
        return self.world.now - self.world.settings.lookback

    def _seen(self, stream: Stream, every: list[Attempt]) -> Seen:
        recorded = self.recorded.get(stream, ())
        listed = self._listed(stream, every)
        back = self._has_news(stream, listed) and self.world.states[stream[0]] != "deleted"
        runs = [a for a in every if a in listed or (back and a.run.started_at < self._start)]
        known = {matter for matter, _ in recorded}.union(*(self.counted.get(a.run.key, ()) for a in listed))
        known |= {m for a in self._present(listed) if a.run.updated_at >= self._start for m in matters_in(a)}
        lost = self.world.states[stream[0]] == "deleted" and any(last.at < self._start for _, last in recorded)
        read: set[str] = set()
        size = -1
        while size < len(known) and listed and not lost:
            size = len(known)
            read |= {a.run.key for matter in known for a in self._read(stream, runs, listed, matter)}
            known |= {matter for a in runs if a.run.key in read for matter in matters_in(a)}
        chosen = runs if known and listed and not lost else listed
        return Seen(stream, chosen, frozenset(known) if listed else frozenset(), self._gone(stream, chosen))

    def _has_news(self, stream: Stream, listed: list[Attempt]) -> bool:
        """Whether a stream is followed back: a refusal is read of it, or something ran since its issue's last failure."""
        newest = next((a for a in listed if a.refused), None)
        counted = self.counted.get(newest.run.key, ()) if newest else ()
        half = newest is not None and bool(newest.refused.keys() - {j for m in counted for j in refused(newest, m)})
        read = [a for a in listed if a.run.key not in self.counted or (half and a is newest)]
        return any(map(matters_in, read)) or (newest is not None and self._running(stream, listed))

    def _running(self, stream: Stream, runs: list[Attempt]) -> bool:
        """Whether something ran in a stream that an issue waits for since its last failure, within the window."""
        last = [last.at for _, last in self.recorded.get(stream, ())]
        refusals = [a.run.started_at for a in runs if matters_in(a)][:1]
        return bool(last) and any(a.run.started_at > max(self._start, *last, *refusals) for a in runs)

    def _listed(self, stream: Stream, runs: list[Attempt]) -> list[Attempt]:
        """The window's runs, and from the last failure on those of a stream that an open issue waits for."""
        early = min((last.at - RUNNING for _, last in self.recorded.get(stream, ())), default=self.world.now)
        gone = self.world.states[stream[0]] == "deleted"
        return [
            a
            for a in runs
            if (a.run.updated_at >= self._start and a.run.created_at >= self._start - RUNNING)
            or (a.run.created_at >= early and not gone)
        ]

    def _read(self, stream: Stream, runs: list[Attempt], listed: list[Attempt], matter: str) -> list[Attempt]:
        """What is read for a matter that is known: all back to the green run before its failures that ran the job.

        Its failures are the last ones, and those that its issue recorded as the last.
        """
        first = first_index(runs, matter)
        known = [last.attempt for other, last in self.recorded.get(stream, ()) if other == matter]
        begins = [runs.index(attempt) for attempt in known if attempt in runs] + ([] if first is None else [first])
        if first is None:
            return listed
        return runs[: max(self._green_before(runs, begin, matter) for begin in begins)]

    def _green_before(self, runs: list[Attempt], begin: int, matter: str) -> int:
        jobs = refused(runs[begin], matter)
        green = (at for at in range(begin + 1, len(runs)) if runs[at].run.conclusion == "success")
        return next((at for at in green if proves(runs[at], jobs)), len(runs))

    def _present(self, listed: list[Attempt]) -> list[Attempt]:
        """The failures that are read: those since the last green run, unless the newest run is green and says enough."""
        decisive = [a for a in listed if a.run.conclusion in ("failure", "success")]
        fresh = [a for a in decisive if a.refused and a.run.key not in self.counted]
        if decisive and not decisive[0].refused:
            few = len(fresh) < self.world.settings.min_failures
            if few or proves(decisive[0], fresh[0].refused):
                return []
        present: list[Attempt] = []
        for attempt in decisive:
            if attempt.refused:
                present.append(attempt)
            elif present:
                break
        return present

    def _gone(self, stream: Stream, runs: list[Attempt]) -> bool:
        """Whether no run can come: the workflow or branch is gone, and none came after the last failure for a window."""
        state = self.world.states[stream[0]]
        if state == "deleted" and any(last.at < self._start for _, last in self.recorded.get(stream, ())):
            return True  # it can't even be listed
        there = state == "active" and (stream[1] != "release/1" or self.world.branch)
        return not there and not self._running(stream, runs)


def sight_of(world: World, opened: Iterable[Case], visible: Iterable[Case]) -> Sight:
    """What a sweep sees with these open issues, and these that the tracker shows."""
    recorded: dict[Stream, list[tuple[str, Last]]] = {}
    for case in opened:
        for stream, last in case.last.items():
            recorded.setdefault(stream, []).append((case.matter, last))
    counted: dict[str, set[str]] = {}
    for case in visible:
        for key in case.counted:
            counted.setdefault(key, set()).add(case.matter)
    return Sight(world, recorded, counted)
