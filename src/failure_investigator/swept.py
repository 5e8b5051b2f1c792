"""What a sweep gathers about one repository, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from failure_investigator.incidents.grouping import clusters
from failure_investigator.incidents.memory import cloaked, floor_of
from failure_investigator.incidents.streaks import Known, Walk, unlisted, with_older
from failure_investigator.model import Finding
from failure_investigator.reading import read_job
from failure_investigator.verdicts import Forgetful

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from failure_investigator.diagnose.case import Case
    from failure_investigator.incidents.grouping import Cluster, Place
    from failure_investigator.incidents.streaks import RunReading
    from failure_investigator.model import (
        Diagnosis,
        Issue,
        Job,
        JobLog,
        Repository,
        Run,
        Streak,
        Stream,
        StreamKey,
        Tracked,
    )
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.verdicts import Verdicts

    Identify = Callable[[Diagnosis, Run], str]
    Reader = Callable[[JobLog, Job, Run, Scanner], Case | None]


@dataclass
class Swept:
    """Filled by the stages of `sweep.sweep_repository` alone; read by everybody after."""

    repository: Repository
    since: datetime
    identify: Identify
    issues: tuple[Issue, ...] = ()
    """What the tracker remembers."""
    listed: tuple[Run, ...] = ()
    left_out: set[int] = field(default_factory=set)
    """Workflows that the settings leave out: nothing is concluded about their streams."""
    complete: bool = True
    """Whether the window's listing is whole."""
    streams: dict[StreamKey, Stream] = field(default_factory=dict)
    watched: dict[StreamKey, list[Tracked]] = field(default_factory=dict)
    """The streams that open issues wait for, with what they recorded."""
    gone: dict[StreamKey, str] = field(default_factory=dict)
    """Why a watched stream can have no more runs."""
    followed: set[StreamKey] = field(default_factory=set)
    """The streams that were followed back beyond what was listed of them."""
    read: dict[str, RunReading] = field(default_factory=dict)
    cases: dict[tuple[str, int], Case] = field(default_factory=dict)
    """(run key, job id) → what is known of the refusal, for a second and closer judgement."""
    jobs: dict[str, tuple[Job, ...]] = field(default_factory=dict)
    """Run key → its jobs, where they were asked for."""
    lost: set[str] = field(default_factory=set)
    """Keys of runs whose jobs were asked for and are not known."""
    older: set[str] = field(default_factory=set)
    """Keys of failed runs on a commit that is older than the one that was good again."""
    remembered: dict[str, dict[str, int]] = field(default_factory=dict)
    counted_until: Mapping[str, str] = field(default_factory=dict)
    """Stream key → start of the newest run that an issue with a full marker took into account."""
    notes: list[str] = field(default_factory=list)
    logs_read: int = 0
    logs_gone: int = 0
    stopped: str = ""
    """Why no more was asked, once the budget's reserve was reached."""
    left: set[str] = field(default_factory=set)
    """Keys of failed runs that the budget's reserve left unread, or of whose jobs nobody knows."""
    reader: Reader = read_job
    """Says what a failed job's log tells."""
    verdicts: Verdicts = field(default_factory=Forgetful)
    """What earlier sweeps judged to show no refusal."""
    capped: set[str] = field(default_factory=set)
    """Keys of failed runs beyond the cap of their stream."""

    @property
    def known(self) -> Known:
        """What is known of the runs: read now, remembered, or told by their jobs."""
        return Known(self.read, self.remembered, self.jobs, frozenset(self.lost))

    def jobs_of(self, source: Source, run: Run) -> tuple[Job, ...] | None:
        """The jobs of a run, asked for once; None when they are not known."""
        if run.key not in self.jobs and run.key not in self.lost:
            self.told(run, source.jobs(run))
        return self.jobs.get(run.key)

    def told(self, run: Run, jobs: tuple[Job, ...] | None) -> None:
        """Keeps a source's answer about a run's jobs."""
        if jobs is None:
            self.lost.add(run.key)
        else:
            self.jobs[run.key] = jobs

    def exhausted(self, source: Source) -> bool:
        """Whether the budget's reserve is reached; told once."""
        reason = source.exhausted()
        if reason and not self.stopped:
            self.stopped = reason
            self.notes.append(reason)
        return bool(reason)

    def clusters(self) -> list[Cluster]:
        """The matters that were found or are open, each with its issue."""
        known = self.known
        runs: dict[str, set[str]] = {mark: set() for s in self.streams.values() for mark in known.fingerprints(s)}
        places: dict[str, set[Place]] = {}
        stream_of = {run.key: str(key) for key, stream in self.streams.items() for run in stream.runs}
        for reading in self.read.values():
            for mark, job, _ in reading.refused:
                runs.setdefault(mark, set()).add(f"{reading.run.key}/{job.id}")
                places.setdefault(mark, set()).add(
                    (stream_of.get(reading.run.key, ""), cloaked(job.name, sealed=False))
                )
        return clusters(runs, self.issues, places)

    def walks(self) -> Iterator[tuple[Cluster, Walk]]:
        """Each stream for each matter that may be in it."""
        known = self.known
        seen = {key: known.fingerprints(stream) for key, stream in self.streams.items()}
        for cluster in self.clusters():
            marker = cluster.issue.marker if cluster.issue else None
            sealed = any(":sealed:" in mark for mark in cluster.marks)
            open_ = cluster.issue is not None and cluster.issue.state == "open"
            floor = floor_of(cluster.issue, marker) if cluster.issue and marker and open_ else ""
            for key, stream in self.streams.items():
                noted = marker.streams.get(cloaked(str(key), sealed=sealed)) if marker else None
                last = noted if open_ else None
                if last is not None or cluster.marks.intersection(seen[key]):
                    yield cluster, Walk(stream, known, cluster.marks, last, sealed, floor, noted)

    def streaks(self) -> Iterator[tuple[Cluster, Streak]]:
        """The streaks of every stream, each with its matter.

        A stream that was good again before its issue heard of it is none of its business.
        """
        for cluster, walk in self.walks():
            key = walk.stream.key
            branch = self.repository.default_branch if key.kind == "default" else key.branch
            streak = walk.streak(branch)
            if streak is None and walk.last is not None:
                streak = unlisted(walk.last, walk, branch)
            mended = streak is not None and bool(streak.good) and walk.noted is None
            if streak is not None and not (mended and cluster.issue is not None):
                yield cluster, with_older(replace(streak, gone=self.gone.get(key, "")), self.older)

    def reached(self) -> list[Stream]:
        """The streams with a refusal or an issue that waits for them, each back to where what failed in it began."""
        reach: dict[StreamKey, int] = {}
        for _, walk in self.walks():
            reach[walk.stream.key] = max(reach.get(walk.stream.key, 0), walk.reach)
        return [
            replace(self.streams[key], runs=self.streams[key].runs[:many])
            for key, many in reach.items()
            if key.kind != "none"
        ]

    def findings(self) -> Iterator[Finding]:
        """Every diagnosis of this sweep, in a streak or not."""
        for reading in self.read.values():
            for mark, job, diagnosis in reading.refused:
                yield Finding(reading.run, "read", job, job.id, diagnosis, mark)
