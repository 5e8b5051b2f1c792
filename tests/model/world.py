"""A repository in memory, which the real sweep is let loose on: a `Source` of runs, and a hub that keeps the issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

import requests

from failure_investigator.errors import UnreachableError
from failure_investigator.incidents.streams import stream_of
from failure_investigator.investigate import investigate
from failure_investigator.model import Comparison, Job, JobLog, Listing, Usage
from failure_investigator.settings import Settings
from failure_investigator.sources.base import LONGEST_RUN
from failure_investigator.trackers.github_issues import GitHubIssues
from tests.model.facts import JOBS, NAME, REPOSITORY, START, WORKFLOWS, Attempt, log_of, make_run, read_quickly, sha_of
from tests.model.hub import BOT, Fault, Hub

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.model import Repository, Run, StreamKey
    from failure_investigator.render.report import Report

LOST = frozenset(range(5, 1000, 7))
"""Commits that were pushed away: nobody knows any more what they came after."""


@dataclass
class World:
    """Runs and issues; every act takes a while."""

    settings: Settings = field(default_factory=lambda: Settings(repository=NAME, labels=("failure-investigator",)))
    now: datetime = START
    attempts: dict[int, list[Attempt]] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=lambda: dict.fromkeys(WORKFLOWS, "active"))
    branch: bool = True
    """Whether the branch `release/1` exists."""
    commit: int = 0
    """The newest commit."""

    def __post_init__(self) -> None:
        self.hub = Hub(lambda: self.now)
        self._starts: set[datetime] = set()

    def run(self, workflow: int, place: str, outcome: Mapping[str, str], *, back: int = 0, hours: float = 0) -> Attempt:
        """A run that has just ended. `outcome` is job → conclusion or kind of failure; `back` commits behind the newest."""
        number = 100 + len(self.attempts)
        return self._ended(number, workflow, place, outcome, max(0, self.commit - back), hours, None)

    def rerun(self, number: int, outcome: Mapping[str, str]) -> Attempt:
        """Another attempt of a run: the same commit, created when it was."""
        first = self.attempts[number][0].run
        place = next(p for p, b in (("default", "main"), ("branch", "release/1"), ("", "patch-1")) if b == first.branch)
        place = place or ("pull_request" if first.head_repository == NAME else "fork")
        commit = next(at for at in range(self.commit + 1) if sha_of(at) == first.head_sha)
        return self._ended(number, first.workflow.id, place, outcome, commit, 0, first.created_at)

    def _ended(
        self, number: int, workflow: int, place: str, outcome: Mapping[str, str], commit: int, hours: float,
        created: datetime | None,
    ) -> Attempt:  # fmt: skip
        self.now += timedelta(minutes=12)
        started = self.now - timedelta(minutes=10, hours=hours)
        while started in self._starts:
            started -= timedelta(seconds=1)
        self._starts.add(started)
        gone = outcome.get("logs") == "gone"
        ended = {job: outcome[job] for job in JOBS}
        refused = {job: kind for job, kind in ended.items() if kind not in ("success", "skipped", "cancelled")}
        conclusion = "failure" if refused else "cancelled" if "cancelled" in ended.values() else "success"
        tries = self.attempts.setdefault(number, [])
        run = make_run(
            number, workflow, place, conclusion, started, self.now, commit, created, attempt=len(tries) + 1
        )  # fmt: skip
        jobs = tuple(
            Job(number * 100 + run.attempt * 10 + place_, number, run.attempt, job,
                "failure" if job in refused else ended[job], f"{run.url}/job/{number}{place_}")
            for place_, job in enumerate(JOBS)
        )  # fmt: skip
        tries.append(Attempt(run, jobs, refused, gone))
        return tries[-1]

    @property
    def latest(self) -> list[Attempt]:
        """Every run at its latest attempt, newest first."""
        found = [tries[-1] for tries in self.attempts.values()]
        return sorted(found, key=lambda attempt: (attempt.run.started_at, attempt.run.id), reverse=True)

    def sweep(self, fault: Fault | None = None) -> Report:
        """The real sweep on this world. Raises what it raises, and `Killed`."""
        fault = fault or Fault()
        tracker = GitHubIssues(
            "ghs_none", "http://localhost", NAME, bot_login=BOT, pause=0, clock=lambda: self.now,
            sleep=lambda _: None, request=self.hub.asker(fault),
        )  # fmt: skip
        return investigate(Actions(self, fault), tracker, self.settings, lambda: self.now, reader=read_quickly)


class Actions:
    """The world as a `Source`."""

    def __init__(self, world: World, fault: Fault) -> None:
        self._world, self._fault = world, fault
        self._lock = Lock()
        self._by_key = {a.run.key: a for tries in world.attempts.values() for a in tries}

    def _asked(self) -> None:
        try:
            with self._lock:
                self._fault.asked()
        except requests.exceptions.ConnectionError as error:
            raise UnreachableError("The world could not be reached") from error

    def repository(self, _name: str) -> Repository:
        """See `Source.repository`."""
        self._asked()
        return REPOSITORY

    def runs(self, _repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `Source.runs`."""
        self._asked()
        start = since - LONGEST_RUN
        found = [attempt.run for attempt in self._world.latest]
        return Listing(tuple(run for run in found if run.updated_at >= since and start <= run.created_at <= until))

    def follow(self, stream: StreamKey, before: datetime, _branch: str) -> Listing:
        """See `Source.follow`."""
        self._asked()
        gone = self._world.states[stream.workflow_id] == "deleted"
        older = [run for run in self._of(stream) if run.started_at < before and not gone]
        return Listing(tuple(older[:100]), complete=len(older) <= 100)

    def since(self, stream: StreamKey, start: datetime, _branch: str) -> Listing | None:
        """See `Source.since`."""
        self._asked()
        if self._world.states[stream.workflow_id] == "deleted":
            return None
        return Listing(tuple(run for run in self._of(stream) if run.created_at >= start))

    def _of(self, stream: StreamKey) -> list[Run]:
        runs = [attempt.run for attempt in self._world.latest]
        return [run for run in runs if stream_of(run, REPOSITORY.default_branch) == stream]

    def scheduled(self, _repository: str, _path: str) -> Listing:
        """See `Source.scheduled`."""
        return Listing(())

    def workflows(self, _repository: str) -> Mapping[int, str]:
        """See `Source.workflows`."""
        self._asked()
        return {number: state for number, state in self._world.states.items() if state != "deleted"}

    def branch(self, _repository: str, _name: str) -> bool:
        """See `Source.branch`."""
        self._asked()
        return self._world.branch

    def jobs(self, run: Run) -> tuple[Job, ...]:
        """See `Source.jobs`."""
        self._asked()
        return self._by_key[run.key].jobs

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:
        """See `Source.logs`; nobody keeps those of jobs that went well."""
        self._asked()
        attempt = self._by_key[run.key]
        gone = JobLog(gone="410")
        return {
            job.id: gone if attempt.gone or job.name not in attempt.refused else log_of(attempt.refused[job.name])
            for job in jobs
        }

    def file(self, _repository: str, _path: str, _ref: str = "") -> str | None:
        """See `Source.file`."""
        return None

    def folder(self, _repository: str, _path: str) -> tuple[str, ...]:
        """See `Source.folder`."""
        return ()

    def compare(self, _repository: str, base: str, head: str) -> Comparison | None:
        """See `Source.compare`."""
        self._asked()
        return compared(self._world, base, head)

    def secrets(self, _repository: str) -> Mapping[str, datetime] | None:
        """See `Source.secrets`."""
        return None

    def usage(self) -> Usage:
        """See `Source.usage`."""
        return Usage()

    def exhausted(self) -> str:
        """See `Source.exhausted`."""
        return ""


def compared(world: World, base: str, head: str) -> Comparison | None:
    """How two commits stand to each other; None when one of them is lost."""
    order = {sha_of(at): at for at in range(world.commit + 1) if at not in LOST}
    if base not in order or head not in order:
        return None
    ahead = order[head] - order[base]
    return Comparison("ahead" if ahead > 0 else "behind" if ahead < 0 else "identical")
