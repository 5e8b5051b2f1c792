"""Streaks: consecutive failed runs of a stream with one fingerprint and no success of the job between.

Cancelled and skipped runs, failures without the fingerprint and runs whose log can't be read neither break nor extend a
streak, and neither does a green run in which the refused job was skipped: it proves nothing. Failed runs that were not
read and stand between two that were, both with the fingerprint, count as inferred.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from failure_investigator.incidents.memory import cloaked, moment, stamp
from failure_investigator.model import Finding, Streak, Workflow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from failure_investigator.model import Diagnosis, Job, Run, Stream, Tracked

STRIP = 20
"""Runs of the stream that are shown around a streak."""
CHECKED = 10
"""Green runs of a stream whose jobs are looked at, the first after the failure and as many of the newest."""
Proof = Literal["good", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class RunReading:
    """What reading a failed run gave: its jobs, and for each refused job its fingerprint and diagnosis."""

    run: Run
    jobs: tuple[Job, ...]
    refused: tuple[tuple[str, Job, Diagnosis], ...] = ()
    """(fingerprint, job, diagnosis)."""
    gone: str = ""
    """Why no log of it could be read; '' when at least one was."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a stream's runs, by `run.key`."""

    read: Mapping[str, RunReading] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """From the markers: run key → fingerprint → job id (0 for an inferred run)."""
    jobs: Mapping[str, tuple[Job, ...]] = field(default_factory=dict)
    """Run key → the jobs of the runs that were asked for them."""
    lost: frozenset[str] = frozenset()
    """Keys of runs whose jobs nobody can tell: it stays open whether they prove anything."""
    checked: int = CHECKED
    """See `CHECKED`."""

    def judged(self, run: Run) -> bool:
        """Whether a log of it was read, now or by an earlier sweep: what was not found then, it does not have."""
        return run.key in self.read or any(self.remembered.get(run.key, {}).values())

    def fingerprints(self, stream: Stream) -> list[str]:
        """Every fingerprint seen in a stream, in a stable order."""
        found: dict[str, None] = {}
        for run in stream.runs:
            reading = self.read.get(run.key)
            found |= dict.fromkeys(mark for mark, _, _ in reading.refused) if reading else {}
            found |= dict.fromkeys(self.remembered.get(run.key, {}))
        return sorted(found)

    def finding(self, run: Run, marks: Collection[str]) -> Finding | None:
        """The finding of one of the fingerprints in a failed run, if it has it."""
        reading = self.read.get(run.key)
        for mark, job, diagnosis in reading.refused if reading else ():
            if mark in marks:
                return Finding(run, "read", job, job.id, diagnosis, mark)
        for mark, job_id in sorted(self.remembered.get(run.key, {}).items()):
            if mark in marks:
                return Finding(run, "remembered" if job_id else "inferred", job_id=job_id, mark=mark)
        return None

    def refused(self, found: Finding, marks: Collection[str]) -> tuple[str, ...]:
        """Names of the jobs that were refused in a run; none when they are not known."""
        reading = self.read.get(found.run.key)
        if reading is not None:
            return tuple(sorted({job.name for mark, job, _ in reading.refused if mark in marks}))
        return tuple(job.name for job in self.jobs.get(found.run.key, ()) if job.id == found.job_id)

    def proof(self, run: Run, names: Collection[str], *, sealed: bool = False) -> Proof:
        """Whether each of these jobs ran in a run and succeeded; `unknown` where nobody looked."""
        reading = self.read.get(run.key)
        jobs = reading.jobs if reading else self.jobs.get(run.key)
        if run.conclusion != "success" and not run.failed:
            return "none"
        if jobs is None or not names:
            return "unknown" if run.conclusion == "success" or self.judged(run) else "none"
        ended: dict[str, set[str]] = {}
        for job in jobs:
            ended.setdefault(cloaked(job.name, sealed=sealed), set()).add(job.conclusion)
        return "good" if all(ended.get(name) == {"success"} for name in names) else "none"


def span(stream: Stream) -> tuple[Run, ...]:
    """The stream's failed runs from its newest failure back to the success before it, newest first."""
    found: list[Run] = []
    for run in stream.runs:
        if run.failed:
            found.append(run)
        elif run.conclusion == "success" and found:
            break
    return tuple(found)


def decided(stream: Stream) -> bool:
    """Whether the listing shows the success before the newest failures: nothing older can change the streak."""
    failed = False
    for run in stream.runs:
        if run.conclusion == "success" and failed:
            return True
        failed = failed or run.failed
    return False


@dataclass(frozen=True, slots=True)
class Walk:
    """One stream walked for the fingerprints of one incident; `last` is what its issue recorded of the stream."""

    stream: Stream
    known: Known
    marks: frozenset[str]
    last: Tracked | None = None
    sealed: bool = False
    floor: str = ""
    """Good runs have to start later than this stamp: a person reopened the issue then."""
    noted: Tracked | None = None
    """What a closed issue recorded of the stream: its jobs, if nothing failed since."""

    @property
    def newest(self) -> tuple[int, Finding] | None:
        """Place and finding of the newest failed run with the fingerprint."""
        for index, run in enumerate(self.stream.runs):
            found = self.known.finding(run, self.marks) if run.failed else None
            if found is not None:
                return index, found
        return None

    @property
    def reach(self) -> int:
        """How many of the stream's runs, newest first, the streak may lie in: all, or those after the green run before it."""
        newest = self.newest
        older = enumerate(self.stream.runs[newest[0] + 1 :], newest[0] + 1) if newest else ()
        green = (place for place, run in older if run.conclusion == "success" and self.proof(run) != "none")
        return next(green, len(self.stream.runs))

    @property
    def recorded_last(self) -> bool:
        """Whether the last failure is one that the issue recorded and that is not listed as one any more."""
        newest = self.newest
        if self.last is None or newest is None:
            return self.last is not None
        return newest[1].run.key != self.last.run and stamp(newest[1].run.started_at) < self.last.at

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the jobs that have to succeed, as the marker writes them."""
        newest = self.newest
        noted = self.last or self.noted
        if noted is not None and newest is not None and newest[1].run.key == noted.run and noted.jobs:
            return noted.jobs  # a run that is only remembered names one job of several
        if newest is None or self.recorded_last:
            return self.last.jobs if self.last else ()
        return tuple(cloaked(name, sealed=self.sealed) for name in self.known.refused(newest[1], self.marks))

    def after(self) -> Iterator[Run]:
        """The runs later than the last failure, oldest first."""
        newest = self.newest
        boundary = self.last.at if self.recorded_last and self.last else ""
        place = newest[0] if newest else len(self.stream.runs)
        for run in reversed(self.stream.runs[:place]):
            if stamp(run.started_at) > max(boundary, self.floor):
                yield run

    def proof(self, run: Run) -> Proof:
        """See `Known.proof`."""
        return self.known.proof(run, self.names, sealed=self.sealed)

    def wants(self, enough: int) -> list[Run]:
        """The runs whose jobs should be listed next; none when nothing more is to be learnt.

        Of the runs after the failure the first ones until `enough` are proven good, then the newest; of those before it
        the first green one, until one is proven good.
        """
        newest = self.newest
        if newest is not None and newest[1].job_id and not self.names and self._may_ask(newest[1].run):
            return [newest[1].run]
        if not self.names:
            return []
        after = [run for run in self.after() if self._may_prove(run)]
        looked = [*after[: self.known.checked], *reversed(after[self.known.checked :])][: 2 * self.known.checked]
        may = [run for run in looked if self.proof(run) == "good" or self._may_ask(run)][:enough]
        return [*(run for run in may if self.proof(run) != "good"), *self._before()]

    def _may_prove(self, run: Run) -> bool:
        """Whether the jobs of a run may show a success: a green one, or one that is known to have failed of something else."""
        return run.conclusion == "success" or (
            run.failed and self.known.judged(run) and self.known.finding(run, self.marks) is None
        )

    def _may_ask(self, run: Run) -> bool:
        """Whether its jobs were not asked for yet."""
        return run.key not in self.known.jobs and run.key not in self.known.lost

    def _before(self) -> list[Run]:
        """The newest green run before the failures that nobody looked at, unless a proven one is newer."""
        newest = self.newest
        green = [run for run in self.stream.runs[newest[0] + 1 :] if self._may_prove(run)] if newest else []
        for run in green[: self.known.checked]:
            proof = self.proof(run)
            if proof != "none":
                return [run] if proof == "unknown" and self._may_ask(run) else []
        return []

    def streak(self, branch: str) -> Streak | None:
        """The streak; None when neither the listing nor the issue knows of a failure."""
        newest = self.newest
        if newest is None and self.last is None:
            return None
        findings, last_good = self._failures(newest[0]) if newest and not self._ended(newest[0]) else ((), None)
        after = list(self.after())
        proofs = [self.proof(run) for run in after]
        workflow = self.stream.runs[0].workflow if self.stream.runs else None
        if workflow is None:
            return None
        return Streak(
            stream=self.stream.key,
            workflow=findings[0].run.workflow if findings else workflow,
            branch=branch,
            findings=findings,
            strip=self.stream.runs[:STRIP],
            last_good=last_good,
            good=tuple(run for run, proof in zip(after, proofs, strict=True) if proof == "good"),
            unsure=proofs.count("unknown"),
            jobs=self.names,
            last=self.last,
            complete=self.stream.complete,
        )

    def _ended(self, place: int) -> bool:
        """Whether the failures that are listed had ended before the recorded one, which is no failure any more."""
        return self.recorded_last and any(
            run.conclusion == "success" or self.proof(run) == "good"
            for run in self.stream.runs[:place]
            if self.last is not None and stamp(run.started_at) < self.last.at
        )

    def _failures(self, place: int) -> tuple[tuple[Finding, ...], Run | None]:
        """The findings from the newest one on, newest first, and the good run before them."""
        findings: list[Finding] = []
        unread: list[Run] = []
        for run in self.stream.runs[place:]:
            found = self.known.finding(run, self.marks) if run.failed else None
            if found is not None:
                findings += [Finding(between, "inferred") for between in unread if findings]
                findings.append(found)
                unread = []
            elif self.proof(run) == "good" or (self.proof(run) == "unknown" and run.conclusion == "success"):
                return tuple(findings), run
            elif run.failed and not self.known.judged(run):
                unread.append(run)
        return tuple(findings), None


def unlisted(tracked: Tracked, walk: Walk, branch: str) -> Streak:
    """The streak of a stream of which nothing is listed: what the issue recorded of it."""
    workflow = Workflow(walk.stream.key.workflow_id, tracked.name or str(walk.stream.key.workflow_id), "")
    return Streak(
        walk.stream.key, workflow, tracked.branch or branch, (), last=tracked, jobs=tracked.jobs,
        complete=walk.stream.complete,
    )  # fmt: skip


def last_failure(streak: Streak) -> tuple[str, str]:
    """(start, `run.attempt`) of the newest failure that is known, listed or recorded."""
    listed = (stamp(streak.findings[0].run.started_at), streak.findings[0].run.key) if streak.findings else ("", "")
    recorded = (streak.last.at, streak.last.run) if streak.last else ("", "")
    return listed if listed[1] == recorded[1] else max(listed, recorded)


def quiet_since(streak: Streak) -> datetime | None:
    """Start of the newest run of the stream that is known."""
    return streak.newest or moment(last_failure(streak)[0])


def with_older(streak: Streak, older: Collection[str]) -> Streak:
    """The streak with those findings marked whose commit is known to be older than the cure."""
    findings = tuple(replace(found, older=True) if found.run.key in older else found for found in streak.findings)
    return replace(streak, findings=findings)
