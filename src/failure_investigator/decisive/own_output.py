"""Our own output, wherever it is printed again: it tells of refusals and is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_OPEN = b"##[group]failure-investigator"
_CLOSE = b"##[endgroup]"


def reason(place: Candidate, job: JobText, log: LogText) -> str:
    """Whether the place stands in the group that our program wraps its output in."""
    opened = log.data.rfind(_OPEN, job.start, place.offset)
    if opened < 0 or log.data.find(_CLOSE, opened, place.offset) >= 0:
        return ""
    return "our own output"
