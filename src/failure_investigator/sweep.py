"""One repository's sweep: which runs there are, which are read, and what each says. Source in, streaks out.

Everything that is asked goes through the `Source`; what is concluded is pure (`incidents/`). The budget's reserve ends the
reading, never the deciding: what was not read is told.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from failure_investigator.diagnose.diagnosis import weigh
from failure_investigator.incidents.fingerprint import fingerprint
from failure_investigator.incidents.memory import above, cursors, remembered
from failure_investigator.incidents.plan import first_look, second_look
from failure_investigator.incidents.streaks import Known, RunReading, decided, streaks
from failure_investigator.incidents.streams import stream_of, streams
from failure_investigator.reading import read_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from failure_investigator.diagnose.case import Case
    from failure_investigator.model import (
        Diagnosis,
        Finding,
        Issue,
        Job,
        JobLog,
        Repository,
        Run,
        Streak,
        Stream,
        StreamKey,
    )
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source

    Identify = Callable[[Diagnosis, Run], str]

WORKERS = 8
"""Runs whose logs are fetched at the same time."""


@dataclass
class Swept:
    """What a sweep gathered about one repository, filled stage by stage by `sweep_repository` alone."""

    repository: Repository
    since: datetime
    identify: Identify
    listed: tuple[Run, ...] = ()
    streams: dict[StreamKey, Stream] = field(default_factory=dict)
    read: dict[str, RunReading] = field(default_factory=dict)
    cases: dict[tuple[str, int], Case] = field(default_factory=dict)
    """(run key, job id) → what is known of the refusal, for a second and closer judgement."""
    remembered: dict[str, dict[str, int]] = field(default_factory=dict)
    cursors: Mapping[str, str] = field(default_factory=dict)
    """Stream key → the newest run that an issue with a full marker took into account."""
    notes: list[str] = field(default_factory=list)
    logs_read: int = 0
    logs_gone: int = 0
    stopped: str = ""
    """Why no more was asked, once the budget's reserve was reached."""
    left: set[str] = field(default_factory=set)
    """Keys of failed runs that the budget's reserve left unread."""

    @property
    def known(self) -> Known:
        """What is known of the failed runs: read now, or remembered."""
        return Known(self.read, self.remembered)

    def streaks(self) -> Iterator[tuple[str, Streak]]:
        """(fingerprint, streak) of every stream."""
        for key, stream in self.streams.items():
            branch = self.repository.default_branch if key.kind == "default" else key.branch
            yield from streaks(stream, self.known, branch)

    def findings(self) -> Iterator[Finding]:
        """Every diagnosis of this sweep, in a streak or not."""
        from failure_investigator.model import Finding

        for reading in self.read.values():
            for _, job, diagnosis in reading.refused:
                yield Finding(reading.run, "read", job, job.id, diagnosis)


def sweep_repository(
    source: Source,
    repository: Repository,
    settings: Settings,
    issues: Sequence[Issue],
    scanner: Scanner,
    window: tuple[datetime, datetime],
    identify: Identify = fingerprint,
) -> Swept:
    """List, follow and read one repository; `issues` are what the tracker remembers, `window` is (since, now).

    `identify` gives a finding its fingerprint.
    """
    since, now = window
    swept = Swept(repository, since, identify, remembered=remembered(issues), cursors=cursors(issues))
    listing = source.runs(repository, since, now)
    if not listing.complete:
        swept.notes.append(listing.note)
    swept.listed = tuple(run for run in listing.runs if wanted(run, settings))
    swept.streams = streams(swept.listed, repository.default_branch, settings.branches)
    _read_all(source, swept, scanner, _first)
    _follow(source, swept, issues, settings)
    _read_all(source, swept, scanner, _second)
    return swept


def wanted(run: Run, settings: Settings) -> bool:
    """Whether the `workflows`, `exclude-workflows` and `branches` inputs let a run in; globs on path, file or name."""
    names = (run.workflow.path, run.workflow.path.rpartition("/")[2], run.workflow.name)

    def named(globs: Sequence[str]) -> bool:
        return any(fnmatchcase(name, glob) for glob in globs for name in names)

    if settings.workflows and not named(settings.workflows):
        return False
    if settings.branches and not any(fnmatchcase(run.branch, glob) for glob in settings.branches):
        return False
    return not named(settings.exclude_workflows)


def _first(swept: Swept, stream: Stream) -> tuple[Run, ...]:
    """The failed runs of the window; a stream whose newest run is good again has nothing to tell."""
    if next((run.conclusion for run in stream.runs if run.failed or run.conclusion == "success"), "") == "success":
        return ()
    return first_look(_above(swept, stream), swept.since, {*swept.read, *swept.remembered})


def _second(swept: Swept, stream: Stream) -> tuple[Run, ...]:
    """Older runs are read only where a refusal was found: a broken test needs no archaeology.

    A fingerprint that no issue remembers in the stream may stand beside a known one in runs that were judged before, so
    these are read again for it.
    """
    if stream.key.kind == "none" or not swept.known.fingerprints(stream):
        return ()
    old = {mark for run in stream.runs for mark in swept.remembered.get(run.key, ())}
    fresh = {mark for run in stream.runs if run.key in swept.read for mark, _, _ in swept.read[run.key].refused} - old
    judged = {*swept.read} if fresh else {*swept.read, *swept.remembered}
    shown = stream if fresh else _above(swept, stream)
    return second_look(shown, judged, sum(run.key in swept.read for run in stream.runs))


def _above(swept: Swept, stream: Stream) -> Stream:
    """The stream without the runs that its issue counted and had no room to list."""
    cursor = swept.cursors.get(str(stream.key), "")
    return replace(stream, runs=above(stream.runs, cursor)) if cursor else stream


def _follow(source: Source, swept: Swept, issues: Sequence[Issue], settings: Settings) -> None:
    """Follow each stream with a refusal back to the success before it, one page at most."""
    named = {key for issue in issues if issue.state == "open" and issue.marker for key in issue.marker.cursors}
    for key, stream in list(swept.streams.items()):
        refused = bool(swept.known.fingerprints(stream)) or str(key) in named
        if not refused or key.kind == "none" or decided(stream) or not any(run.failed for run in stream.runs):
            continue
        if _stopped(source, swept):
            return
        before = stream.runs[-1].started_at
        older = source.follow(key, before, swept.repository.default_branch)
        runs = [run for run in older.runs if stream_of(run, swept.repository.default_branch, settings.branches) == key]
        merged = streams([*stream.runs, *runs], swept.repository.default_branch, settings.branches)
        swept.streams[key] = merged[key]


def _stopped(source: Source, swept: Swept) -> bool:
    """Whether the budget's reserve is reached; told once."""
    reason = source.exhausted()
    if reason and not swept.stopped:
        swept.stopped = reason
        swept.notes.append(reason)
    return bool(reason)


def _read_all(
    source: Source,
    swept: Swept,
    scanner: Scanner,
    choose: Callable[[Swept, Stream], tuple[Run, ...]],
) -> None:
    """Read the chosen runs of every stream: jobs one after the other, logs several at a time, judged in order."""
    chosen = {run.key: run for stream in swept.streams.values() for run in choose(swept, stream)}
    asked: list[tuple[Run, tuple[Job, ...]]] = []
    for run in chosen.values():
        if _stopped(source, swept):
            swept.left.update(chosen.keys() - {run.key for run, _ in asked})
            break
        asked.append((run, source.jobs(run)))
    with ThreadPoolExecutor(WORKERS) as pool:
        for start in range(0, len(asked), WORKERS):  # batches bound the memory: logs are large
            batch = asked[start : start + WORKERS]
            logs = pool.map(lambda pair: source.logs(pair[0], [job for job in pair[1] if job.failed]), batch)
            for (run, jobs), delivered in zip(batch, logs, strict=True):
                _take(swept, run, jobs, delivered, scanner)


def _take(swept: Swept, run: Run, jobs: tuple[Job, ...], delivered: Mapping[int, JobLog], scanner: Scanner) -> None:
    swept.read[run.key] = _read_run(run, jobs, delivered, scanner, swept)
    swept.logs_read += sum(not log.gone for log in delivered.values())
    swept.logs_gone += sum(bool(log.gone) for log in delivered.values())
    if any(log.truncated for log in delivered.values()):
        swept.notes.append(f"the log of run {run.id} was longer than the limit: its end was not read")


def _read_run(
    run: Run, jobs: tuple[Job, ...], delivered: Mapping[int, JobLog], scanner: Scanner, swept: Swept
) -> RunReading:
    refused = []
    for job in jobs:
        log = delivered.get(job.id)
        case = read_job(log, job, run, scanner) if log is not None and not log.gone else None
        if case is not None:
            diagnosis = weigh(case)
            refused.append((swept.identify(diagnosis, run), job, diagnosis))
            swept.cases[run.key, job.id] = case
    gone = [log.gone for log in delivered.values() if log.gone]
    return RunReading(run, jobs, tuple(refused), gone[0] if gone and len(gone) == len(delivered) else "")
