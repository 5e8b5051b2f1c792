"""A repository's life in a few lines: runs, people and sweeps, on the pure stages alone.

`World.sweep` does what a whole sweep does between listing and writing: readings and jobs → streaks → incidents → changes,
and then carries the changes out on the issues it keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.unit.factory import NOW, REPOSITORY, make_diagnosis, make_job, make_run

from failure_investigator.incidents.fingerprint import fingerprint
from failure_investigator.incidents.grouping import group
from failure_investigator.incidents.lifecycle import Rules, decide
from failure_investigator.incidents.memory import counted_until, remembered, watched
from failure_investigator.incidents.streaks import RunReading
from failure_investigator.incidents.streams import streams
from failure_investigator.model import Change, Diagnosis, Issue, Job, Repository, Run, Stream
from failure_investigator.render.context import Context
from failure_investigator.render.issue import Page
from failure_investigator.swept import Swept
from failure_investigator.trackers.marker import parse_marker

if TYPE_CHECKING:
    from failure_investigator.incidents.grouping import Grouped
    from failure_investigator.model import Marker

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WHEN = datetime(2026, 5, 4, tzinfo=NOW.tzinfo)
"""When run 0 would start; run n starts n hours later."""
BOT = "github-actions[bot]"
PAGE = Page(Context(REPOSITORY))


@dataclass
class World:
    """Runs that happened and issues that are filed; `said` keeps every comment."""

    runs: dict[int, Run] = field(default_factory=dict)
    refused: dict[str, tuple[tuple[str, Diagnosis], ...]] = field(default_factory=dict)
    """Run key → (job name, diagnosis) of its refused jobs."""
    jobs: dict[str, tuple[Job, ...]] = field(default_factory=dict)
    """Run key → its jobs; a run that is missing here was not asked."""
    issues: dict[int, Issue] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    gone: dict[int, str] = field(default_factory=dict)
    """Workflow id → why it has no more runs."""
    older: set[str] = field(default_factory=set)
    complete: bool = True
    again: set[str] = field(default_factory=set)
    """Keys of runs that are read although an issue remembers them."""

    def run(self, number: int, **changes: Any) -> Run:
        """Lists a run; a higher attempt takes the place of the one before."""
        made = make_run(number, **changes)
        self.runs[made.id] = made
        return made

    def fails(self, *numbers: int, says: Diagnosis | None = None, job: str = "publish", **changes: Any) -> None:
        """These runs fail because `job` was refused."""
        for number in numbers:
            run = self.run(number, **changes)
            self.refused[run.key] = ((job, says or make_diagnosis()),)
            self.jobs[run.key] = (make_job(run, job),)

    def breaks(self, *numbers: int, jobs: dict[str, str] | None = None, **changes: Any) -> None:
        """These runs fail of something that is no refusal; `jobs` are names and conclusions."""
        for number in numbers:
            run = self.run(number, **changes)
            self.refused[run.key] = ()
            ended = jobs or {"publish": "failure"}
            self.jobs[run.key] = tuple(make_job(run, name, end) for name, end in ended.items())

    def works(self, *numbers: int, jobs: dict[str, str] | None = None, asked: bool = True, **changes: Any) -> None:
        """These runs are green; unless `asked`, nobody looked at their jobs."""
        for number in numbers:
            run = self.run(number, conclusion="success", **changes)
            ended = jobs if jobs is not None else {"publish": "success"}
            if asked:
                self.jobs[run.key] = tuple(make_job(run, name, end) for name, end in ended.items())

    def forget(self, *numbers: int) -> None:
        """These runs are not listed any more."""
        for number in numbers:
            del self.runs[1000 + number]

    def swept(self) -> Swept:
        """What a sweep would have gathered of it."""
        issues = tuple(self.issues.values())
        known = remembered(issues)
        swept = Swept(
            Repository(REPOSITORY, "public", "main"), WHEN, fingerprint, issues, tuple(self.runs.values()),
            remembered=known, counted_until=counted_until(issues), older=self.older,
        )  # fmt: skip
        swept.streams = {k: replace(s, complete=self.complete) for k, s in streams(self.runs.values(), "main").items()}
        swept.watched = watched(issues, REPOSITORY, ())
        for key in swept.watched:
            swept.streams.setdefault(key, Stream(key, (), self.complete))
        swept.gone = {key: self.gone[key.workflow_id] for key in swept.watched if key.workflow_id in self.gone}
        for run in self.runs.values():
            if run.failed and run.key in self.refused and (run.key not in known or run.key in self.again):
                named = {job.name: job for job in self.jobs[run.key]}
                refused = tuple((fingerprint(said, run), named[name], said) for name, said in self.refused[run.key])
                swept.read[run.key] = RunReading(run, self.jobs[run.key], refused)
            elif run.key in self.jobs:
                swept.jobs[run.key] = self.jobs[run.key]
        return swept

    def groups(self) -> list[Grouped]:
        """The incidents, each with its issue."""
        return group(self.swept().streaks(), tuple(self.issues.values()))

    def plan(self, now: datetime = NOW, **rules: Any) -> tuple[Change, ...]:
        """What would be done."""
        return decide(self.groups(), REPOSITORY, Rules(**rules), PAGE, now)

    def sweep(self, now: datetime = NOW, **rules: Any) -> list[tuple[str, str]]:
        """Plans and carries out; (verb, transition or reason) of each change."""
        changes = self.plan(now, **rules)
        for change in changes:
            self._apply(change, now)
        return [(change.verb, change.transition or change.reason) for change in changes]

    def _apply(self, change: Change, now: datetime) -> None:
        number = change.number or max(self.issues, default=0) + 1
        if change.verb == "create":
            self.issues[number] = Issue(REPOSITORY, number, change.title, change.body, "open", author=BOT)
        elif change.verb == "comment":
            self.said.append(change.body)
            return
        elif change.verb in ("update", "close", "reopen"):
            self.edit(number, title=change.title or self.issues[number].title, body=change.body)
            if change.verb == "close":
                self.close(number, change.state_reason, BOT, at=now)
            elif change.verb == "reopen":
                self.edit(number, state="open", state_reason="reopened", closed_at=None, closed_by="")
        if change.verb != "none":
            self.edit(number)

    def edit(self, number: int, **changes: Any) -> None:
        """Changes an issue, whoever does; the marker is what its body says."""
        changed = replace(self.issues[number], **changes)
        marker = parse_marker(changed.body, REPOSITORY)
        self.issues[number] = replace(changed, marker=marker if not isinstance(marker, str) else None)

    def close(self, number: int, reason: str, by: str, at: datetime = NOW) -> None:
        """Somebody closes it."""
        bot = by.endswith("[bot]")
        self.edit(number, state="closed", state_reason=reason, closed_by=by, closed_by_bot=bot, closed_at=at)

    def reopen(self, number: int, at: datetime = NOW) -> None:
        """A person opens it again."""
        self.edit(number, state="open", state_reason="reopened", closed_at=None, closed_by="", reopened_at=at)

    def marker(self, number: int = 1) -> Marker:
        """What an issue records."""
        marker = self.issues[number].marker
        assert marker is not None
        return marker

    @property
    def state(self) -> tuple[str, str, str]:
        """Of issue 1: open or closed, its reason, and the marker's word."""
        issue = self.issues[1]
        return issue.state, issue.state_reason, self.marker().state


def filed(*failures: int, **changes: Any) -> World:
    """A world in which these runs failed and issue 1 was filed about it."""
    world = World()
    world.fails(*(failures or (1, 2)), **changes)
    assert [verb for verb, _ in world.sweep()] == ["create"]
    return world


def resolved(**changes: Any) -> World:
    """A world in which issue 1 was closed by good runs 3 and 4."""
    world = filed(1, 2, **changes)
    world.works(3, 4)
    assert world.sweep() == [("comment", "resolved"), ("close", "resolved")]
    return world
