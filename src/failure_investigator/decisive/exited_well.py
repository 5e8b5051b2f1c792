"""What came before a command, a build or a tool said that it exited with 0: whatever was refused, nothing failed of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_ZERO = re.compile(
    r"(?i)\b(?:exit(?:ed|s|ing)?|finished|completed|terminated|returned)(?: \w+){0,3}? (?:with |status |code |of )*"
    r"[\"'(]?0\b(?!\.?\d)"
    r"|\bexit(?: code| status)?[:=] ?0\b(?!\.?\d)"
)
_OTHER = re.compile(r"(?i)\bexit(?:ed|s|ing)?\b[^\n]{0,40}\b(?:code|status|with)\b[: ]{1,3}[\"'(]?[1-9]")
_ERROR = re.compile(r"^\s*(?:##\[error\]|::error)")
REACH = 15


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether the next lines tell an exit with 0 before any that tells another one or an error."""
    for line in log.after(place.offset, REACH):
        if _OTHER.search(line.text) or _ERROR.match(line.text):
            return ""
        if _ZERO.search(line.text):
            return "what printed it exited with 0"
    return ""
