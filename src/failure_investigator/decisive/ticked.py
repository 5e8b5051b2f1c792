"""A line that its printer ticked off as done: a refusal that was expected and came, or a step that went well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_TICK = re.compile(r"^\s*(?:[\w:.\[\]-]{1,30}\s+)?[✅✓✔☑🟢]")


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether the line begins with a tick."""
    return "the line is ticked off as done" if _TICK.match(place.text) else ""
