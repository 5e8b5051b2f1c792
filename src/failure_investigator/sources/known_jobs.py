"""Jobs of completed attempts, kept in the state: a completed attempt never changes, so nobody asks for it twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from failure_investigator.sources.payloads import JobPayload, JobsPage

if TYPE_CHECKING:
    from failure_investigator.model import Run
    from failure_investigator.state import StateFile


def kept_jobs(state: StateFile | None, run: Run) -> tuple[JobPayload, ...] | None:
    """The attempt's jobs as they were listed; None when they are not known."""
    text = state.jobs(run.repository, run.key) if state is not None else None
    if text is None:
        return None
    try:
        return JobsPage.model_validate_json(text).jobs
    except ValidationError:
        return None


def keep_jobs(state: StateFile | None, run: Run, jobs: tuple[JobPayload, ...]) -> None:
    """Keeps a whole list, once every job has its conclusion. No jobs are believed only of a run that never started."""
    over = all(job.conclusion for job in jobs) and bool(jobs or run.conclusion == "startup_failure")
    if state is not None and run.conclusion and over:
        page = JobsPage(total_count=len(jobs), jobs=jobs)
        state.keep_jobs(run.repository, run.key, page.model_dump_json(exclude_defaults=True))
