"""A refusal that the tool got round: the next source, the next attempt or the cache served instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_CURED = re.compile(
    r"(?i)falling back|fall(?:s|ing)? back to|trying (?:the )?(?:next|another|alternative|mirror)|retry(?:ing)? succeeded|"
    r"succeeded (?:on|after) (?:attempt|retry|\d+)|using (?:the )?(?:cached|mirror|fallback)|"
    r"(?:attempt|try|retry) #?\d+ ?(?:(?:of|/) ?\d+ )?(?:succeeded|successful)|retry (?:was )?successful|"
    r"login succeeded|.{0,3}saved \[\d+(?:/\d+)?\]|awaiting response\.\.\. 200 OK"
)
_ADDRESS = re.compile(r"https?://[^\s'\"<>]+")
_SERVED = re.compile(r"(?<![\d.])(?:200|304)\b(?! ?ms)")
REACH = 5


def reason(place: Candidate, job: JobText, log: LogText) -> str:
    """Whether one of the next lines of the step says that it went another way, or worked after all."""
    end = next((section.end for section in reversed(job.sections) if section.start <= place.offset), job.end)
    address = _ADDRESS.search(place.text)
    for line in [log.line(place.offset), *log.after(place.offset, REACH)]:
        if line.start >= end or line.text.startswith("##[error]"):
            break
        if _CURED.search(line.text):
            return "the tool went another way or succeeded later"
        if address and line.start > place.offset and address.group() in line.text and _SERVED.search(line.text):
            return "the same address was served later"
    return ""
