"""A run's zip as GitHub lays it out: each job's text, and each step's own file, both with a byte order mark."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.model import Job


def run_zip(jobs: Sequence[Job], logs: Mapping[int, bytes]) -> bytes:
    """The zip of a run's jobs; a job without a log is not in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, job in enumerate(job for job in jobs if job.id in logs):
            name = job.name.replace("/", "_")
            archive.writestr(f"{index}_{name}.txt", logs[job.id])
            for number, title, text in steps(job, logs[job.id]):
                archive.writestr(f"{name}/{number}_{title}.txt", b"\xef\xbb\xbf" + text)
    return buffer.getvalue()


def steps(job: Job, log: bytes) -> list[tuple[int, str, bytes]]:
    """(number, title, text) of each step that ran: cut where a step's first line stands."""
    lines = log.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    ran = [step for step in job.steps if step.conclusion != "skipped"]
    starts = [0]
    starts += [
        index
        for index, line in enumerate(lines)
        if any(mark in line for mark in (b"##[group]Run ", b"Post job cleanup.", b"Cleaning up orphan processes"))
    ]
    bounds = [*starts, len(lines)]
    return [
        (step.number, step.name.replace("/", "_"), b"".join(lines[first:last]))
        for step, first, last in zip(ran, bounds, bounds[1:], strict=False)
    ]
