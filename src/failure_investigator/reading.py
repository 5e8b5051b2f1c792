"""Reading one log: bytes → its jobs, each with its refusals and its diagnosis. Pure; used by `explain` and `investigate`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from failure_investigator.diagnose.diagnosis import make_case, weigh
from failure_investigator.diagnose.refusals import find_refusals
from failure_investigator.logs.facts import job_facts, same_section
from failure_investigator.logs.jobs import read_jobs
from failure_investigator.logs.look import look_at
from failure_investigator.logs.steps import failed_span, place_in_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from failure_investigator.diagnose.case import Case, Found
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.look import Looked
    from failure_investigator.logs.text import LogText
    from failure_investigator.model import Diagnosis, Job, JobFacts, JobLog, Place, Refusal, Run, Step
    from failure_investigator.signatures.scanner import Scanner


@dataclass(frozen=True, slots=True)
class JobReading:
    """What one job's text says."""

    log: LogText
    job: JobText
    found: tuple[Found, ...]
    case: Case | None
    """What is known of the refusal that the job failed of, if it did."""

    @property
    def diagnosis(self) -> Diagnosis | None:
        """What the log alone says."""
        return weigh(self.case) if self.case else None

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
        case = None if passed else make_case(log, job, found, scanner.rulebook, run)
        readings.append(JobReading(log, job, tuple(found), case))
    return tuple(readings)


def read_job(delivered: JobLog, job: Job, run: Run, scanner: Scanner) -> Case | None:
    """What a failed job of a run failed of, its places as steps and lines where these are sure.

    `delivered` holds the job's whole text or its steps' own files; a log that is gone has nothing to tell.
    """
    for reading in _readings(delivered, job, run, scanner):
        if reading.case is not None:
            facts = job_facts(reading.log, reading.job, reading.case.found.section)
            return replace(
                _located(reading.case, _locator(delivered, job, reading)), url=job.url, job_name=job.name, facts=facts
            )
    return None


def read_facts(delivered: JobLog, job: Job, run: Run, scanner: Scanner, case: Case) -> JobFacts | None:
    """How the same job ran in another run, its step of the same title with it; None for a log that is gone."""
    for reading in _readings(delivered, job, run, scanner):
        return job_facts(reading.log, reading.job, same_section(reading.job, case.found.section))
    return None


def _readings(delivered: JobLog, job: Job, run: Run, scanner: Scanner) -> tuple[JobReading, ...]:
    data = b"".join(_ended(member.data) for member in delivered.members)
    whole = all(member.step is None for member in delivered.members)
    steps = job.steps if whole else ()
    return read_log(look_at(data, scanner), scanner, run=run, conclusion=job.conclusion, steps=steps) if data else ()


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


def _located(case: Case, locate: Callable[[Place], tuple[int | None, int | None]]) -> Case:
    """The case with every place as step and line where that is sure."""

    def place(at: Place) -> Place:
        step, line = locate(at)
        return replace(at, step=step, step_line=line)

    def refusal(found: Found) -> Found:
        return replace(found, refusal=replace(found.refusal, place=place(found.refusal.place)))

    return replace(
        case,
        found=refusal(case.found),
        others=tuple(map(refusal, case.others)),
        signals=tuple(replace(fact, place=place(fact.place)) if fact.place else fact for fact in case.signals),
    )
