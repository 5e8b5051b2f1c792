"""Streaks: consecutive failed runs of a stream with one fingerprint and no success of the job between.

Cancelled and skipped runs, failures without the fingerprint and runs whose log can't be read neither break nor extend a
streak. Failed runs that were not read and stand between two that were, both with the fingerprint, count as inferred.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from failure_investigator.model import Finding, Streak

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from failure_investigator.model import Diagnosis, Job, Run, Stream

STRIP = 20
"""Runs of the stream that are shown around a streak."""


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
    """What is known of a stream's failed runs, by `run.key`."""

    read: Mapping[str, RunReading] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """From the markers: run key → fingerprint → job id (0 for an inferred run)."""

    def fingerprints(self, stream: Stream) -> list[str]:
        """Every fingerprint seen in a stream, in a stable order."""
        found: dict[str, None] = {}
        for run in stream.runs:
            reading = self.read.get(run.key)
            found |= dict.fromkeys(mark for mark, _, _ in reading.refused) if reading else {}
            found |= dict.fromkeys(self.remembered.get(run.key, {}))
        return sorted(found)

    def findings(self, run: Run, fingerprint: str) -> Finding | None:
        """The finding of a fingerprint in one run, if it has it."""
        reading = self.read.get(run.key)
        for mark, job, diagnosis in reading.refused if reading else ():
            if mark == fingerprint:
                return Finding(run, "read", job, job.id, diagnosis)
        job_id = self.remembered.get(run.key, {}).get(fingerprint)
        if job_id is None:
            return None
        return Finding(run, "remembered" if job_id else "inferred", job_id=job_id)


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


def streaks(stream: Stream, known: Known, branch: str) -> Iterator[tuple[str, Streak]]:
    """(fingerprint, streak) for each fingerprint in the stream's newest run of failures."""
    for fingerprint in known.fingerprints(stream):
        streak = _streak(stream, known, fingerprint, branch)
        if streak is not None:
            yield fingerprint, streak


def _streak(stream: Stream, known: Known, fingerprint: str, branch: str) -> Streak | None:
    findings: list[Finding] = []
    unread: list[Run] = []
    good: list[Run] = []
    last_good: Run | None = None
    for run in stream.runs:
        found = known.findings(run, fingerprint) if run.failed else None
        if found is not None:
            findings += [Finding(between, "inferred") for between in unread if findings]
            findings.append(found)
            unread = []
        elif _proves_success(run, known, findings):
            if findings:
                last_good = run
                break
            good.append(run)
        elif run.failed and run.key not in known.read:
            unread.append(run)
    if not findings:
        return None
    return Streak(
        stream=stream.key,
        workflow=findings[0].run.workflow,
        branch=branch,
        findings=tuple(findings),
        strip=stream.runs[:STRIP],
        last_good=last_good,
        good=tuple(good),
    )


def _proves_success(run: Run, known: Known, findings: list[Finding]) -> bool:
    """A green run, or a failed one in which the refused job itself succeeded."""
    if run.conclusion == "success":
        return True
    reading = known.read.get(run.key)
    refused = {finding.job.name for finding in findings if finding.job is not None}
    if reading is None or not refused:
        return False
    return any(job.name in refused and job.conclusion == "success" for job in reading.jobs)
