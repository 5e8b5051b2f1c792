"""The workflow file of a case: the job and step that were refused, and which secret feeds what, where that is certain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from failure_investigator.workflows import WorkflowFile, find_job, find_step, read_workflow, secrets_of

if TYPE_CHECKING:
    from failure_investigator.diagnose.case import Case
    from failure_investigator.workflows import JobSpec, StepSpec

TOKEN = "GITHUB_TOKEN"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Source:
    """Where a case stands in its workflow file."""

    file: WorkflowFile
    job: JobSpec
    step: StepSpec | None


@lru_cache(maxsize=32)
def _read(text: str) -> WorkflowFile:
    return read_workflow(text)


def source_of(case: Case) -> Source | None:
    """The job and, where it is certain, the step; None without a file, or where the job cannot be told."""
    text = case.around.workflow
    if not text:
        return None
    file = _read(text)
    name = job_name(case)
    title = case.found.section.title if case.found.section else ""
    found = find_step(file, name, title) if title else None
    if found is not None:
        return Source(file, *found)
    job = find_job(file, name)
    return Source(file, job, None) if job is not None else None


def job_name(case: Case) -> str:
    """The job's name as GitHub shows it."""
    return case.job_name or case.job.name


def secret_behind(case: Case, variable: str) -> str:
    """The secret that feeds a variable or input of the step; '' where the file does not tell, or tells another thing."""
    source = source_of(case)
    if source is None or not variable:
        return ""
    fed = secrets_of(source.file, source.job, source.step, variable)
    names = [reference.name for reference in fed if reference.context == "secrets" and reference.name.upper() != TOKEN]
    return names[0] if len(names) == 1 else ""
