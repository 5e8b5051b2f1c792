"""A step that failed and that the workflow went on from (`continue-on-error`): it failed no job."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText


def reason(place: Candidate, job: JobText, _log: LogText) -> str:
    """Whether the runner itself says that the place's step was continued from."""
    section = next((section for section in reversed(job.sections) if section.start <= place.offset), None)
    return "the workflow went on from this step" if section is not None and section.continued else ""
