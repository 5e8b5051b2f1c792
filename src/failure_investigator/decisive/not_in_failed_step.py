"""Only the failed step's output counts, where the log or the jobs API tells which one that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText


def reason(place: Candidate, job: JobText, _log: LogText) -> str:
    """Whether another step printed the place."""
    if job.failed is False:
        return "the job passed"
    if job.failed_span is not None:
        start, end = job.failed_span
        return "" if start <= place.offset < end else "a step that did not fail printed it"
    index = job.failed_section
    if index is None:
        return ""
    section = job.sections[index]
    return "" if section.start <= place.offset < section.end else "a step that did not fail printed it"
