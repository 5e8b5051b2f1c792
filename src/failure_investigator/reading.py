"""Reading one log: bytes → its jobs, each with its refusals and its diagnosis. Pure; used by `explain` and `investigate`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from failure_investigator.diagnose.diagnosis import diagnose
from failure_investigator.diagnose.refusals import find_refusals
from failure_investigator.logs.jobs import read_jobs
from failure_investigator.logs.look import look_at
from failure_investigator.logs.steps import failed_span, place_in_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from failure_investigator.diagnose.case import Found
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.look import Looked
    from failure_investigator.logs.text import LogText
    from failure_investigator.model import Diagnosis, Evidence, Job, JobLog, Place, Refusal, Run, Step
    from failure_investigator.signatures.scanner import Scanner


@dataclass(frozen=True, slots=True)
class JobReading:
    """What one job's text says."""

    log: LogText
    job: JobText
    found: tuple[Found, ...]
    diagnosis: Diagnosis | None

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """All places found, decisive or not, in the order of the log."""
        return tuple(entry.refusal for entry in self.found)


def read_log(
    looked: Looked,
    scanner: Scanner,
    *,
    run: Run | None = None,
    conclusion: str = "",
    steps: Sequence[Step] = (),
) -> tuple[JobReading, ...]:
    """Read a log of one job (or of several, as `gh run view --log` prints them).

    `conclusion` and `steps` are the jobs API's, where it was asked: they override what the text suggests.
    """
    log, readings = looked.log, []
    failed = [step.name for step in steps if step.conclusion == "failure"]
    for job in read_jobs(log, looked.marks, conclusion=conclusion, failed_steps=failed):
        job = replace(job, failed_span=failed_span(log, job, steps) if steps else None)
        own = [hit for hit in looked.hits if job.start <= hit.start < job.end]
        found = find_refusals(log, job, own, scanner.rulebook, scanner.names)
        passed = job.failed is False
        diagnosis = None if passed else diagnose(log, job, found, scanner.rulebook, run)
        readings.append(JobReading(log, job, tuple(found), diagnosis))
    return tuple(readings)


def read_job(delivered: JobLog, job: Job, run: Run, scanner: Scanner) -> Diagnosis | None:
    """What a failed job of a run failed of, its places as steps and lines where these are sure.

    `delivered` holds the job's whole text or its steps' own files; a log that is gone has no diagnosis.
    """
    data = b"".join(_ended(member.data) for member in delivered.members)
    whole = all(member.step is None for member in delivered.members)
    steps = job.steps if whole else ()
    for reading in read_log(look_at(data, scanner), scanner, run=run, conclusion=job.conclusion, steps=steps):
        if reading.diagnosis is not None:
            return _located(reading.diagnosis, _locator(delivered, job, reading), job)
    return None


def _ended(data: bytes) -> bytes:
    return data if data.endswith(b"\n") else data + b"\n"


def _locator(delivered: JobLog, job: Job, reading: JobReading) -> Callable[[Place], tuple[int | None, int | None]]:
    """From a line of the text to (step, line in the step's own log): exact for step files, matched for a job's text."""
    log = reading.log
    if any(member.step is None for member in delivered.members):
        return lambda place: place_in_steps(log, log.offset_of(place.line), reading.job, job.steps)
    ends = list(accumulate(_ended(member.data).count(b"\n") for member in delivered.members))

    def locate(place: Place) -> tuple[int | None, int | None]:
        before = 0
        for member, end in zip(delivered.members, ends, strict=True):
            if place.line <= end:
                return member.step, place.line - before
            before = end
        return None, None

    return locate


def _located(diagnosis: Diagnosis, locate: Callable[[Place], tuple[int | None, int | None]], job: Job) -> Diagnosis:
    """The diagnosis with every place as GitHub's `#step:N:LINE` where that is sure, else linked to the job's page."""

    def place(fact: Evidence) -> Evidence:
        if fact.place is None:
            return fact
        step, line = locate(fact.place)
        fragment = f"#step:{step}:{line}" if step and line else ""
        return replace(fact, place=replace(fact.place, step=step, step_line=line), url=job.url + fragment)

    return replace(
        diagnosis,
        evidence=tuple(map(place, diagnosis.evidence)),
        against=tuple(map(place, diagnosis.against)),
        secondary=tuple(map(place, diagnosis.secondary)),
    )
