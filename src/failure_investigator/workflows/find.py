"""From the names that logs and the jobs API print back to the job and the step in the file; None when that is not certain.

A job shows its `name`, else its key; a matrix adds its values in parentheses; a called workflow's job stands behind its
caller's and a slash (`caller / callee`). A step shows its `name`, else `Run ` and its action or its script's first line;
the log's group shows the latter always.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from failure_investigator.workflows.expressions import has_expression, is_written, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from failure_investigator.workflows.model import JobSpec, StepSpec, WorkflowFile

_Spec = TypeVar("_Spec")
_MATRIX = re.compile(r" \(.*\)$", re.DOTALL)


def find_job(file: WorkflowFile, job_name: str) -> JobSpec | None:
    """The job that prints this name. `caller / callee` is the caller's call, or in a called file the callee; the only job
    of a file is it whatever the name, if there is no name."""
    jobs = list(file.jobs.values())
    name = job_name.strip()
    if not name:
        return jobs[0] if len(jobs) == 1 else None
    found = _job(jobs, name)
    parts = name.split(" / ")
    if found is None and len(parts) > 1:
        calls = [job for job in jobs if job.uses]
        found = _job(calls, parts[0])
        if found is None and "workflow_call" in file.triggers:
            found = _job(jobs, " / ".join(parts[1:])) or _job(jobs, parts[-1])
    return found


def _job(jobs: Sequence[JobSpec], name: str) -> JobSpec | None:
    """By the surest of four readings that any job fits; None if it fits two."""
    bare = _MATRIX.sub("", name)
    readings: list[Callable[[JobSpec], bool]] = [
        lambda job: (job.name or job.key) == name,
        lambda job: job.matrix and bare != name and (job.name or job.key) == bare,
        lambda job: bool(words_of(job.name)) and has_expression(job.name) and is_written(job.name, name),
        lambda job: has_expression(job.name) and len(jobs) == 1,
    ]
    return _single(jobs, readings)


def _single(candidates: Sequence[_Spec], readings: Sequence[Callable[[_Spec], bool]]) -> _Spec | None:
    """The one that fits the first reading which any fits; None if two do."""
    for reading in readings:
        fitting = [one for one in candidates if reading(one)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def find_step(file: WorkflowFile, job_name: str, step_title: str) -> tuple[JobSpec, StepSpec] | None:
    """The step that prints this title (`Run npm publish`, `Run actions/checkout@v4`, or its name) in the job of this name.

    None for the runner's own steps, for steps inside an action, for calls of other files, and where two steps fit.
    """
    job = find_job(file, job_name)
    title = " ".join(step_title.removeprefix("▶").split())
    if job is None or not title:
        return None
    readings: list[Callable[[StepSpec], bool]] = [
        lambda step: bool(step.name) and _plain(step.name) == title,
        lambda step: _title(step) == title,
        lambda step: bool(words_of(step.name)) and is_written(_plain(step.name), title),
        lambda step: has_expression(_title(step)) and is_written(_title(step), title),
    ]
    step = _single(job.steps, readings)
    return (job, step) if step else None


def _plain(text: str) -> str:
    return " ".join(text.split())


def _title(step: StepSpec) -> str:
    """What the runner makes of a step without a name."""
    shown = step.uses or step.run.strip().partition("\n")[0]
    return _plain(f"Run {shown}") if shown else ""
