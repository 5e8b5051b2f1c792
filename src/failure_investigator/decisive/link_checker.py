"""A link checker's 403 is its finding: the page that refused it refuses nobody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_CHECKER = re.compile(
    r"(?i)\b(?:lychee|linkinator|markdown-link-check|muffet|htmltest|html-proofer|htmlproofer|linkchecker|awesome_bot|mlc)\b"
)


def reason(place: Candidate, job: JobText, _log: LogText) -> str:
    """Whether the step runs a link checker."""
    if not place.generic:
        return ""
    section = next((s for s in reversed(job.sections) if s.start <= place.offset), None)
    said = (section.title, *section.script, section.step_name) if section else ()
    return "a link checker's finding" if any(_CHECKER.search(text) for text in (*said, place.text)) else ""
