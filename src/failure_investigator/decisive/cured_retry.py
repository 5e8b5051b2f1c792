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
_RETRYING = re.compile(
    r"(?i)\bretry(?:ing)?\b.{0,40}\b(?:in|after|attempt)\b|\b(?:will|going to) retry\b|\b(?:trying|try) again in\b"
)
_WORKED = re.compile(
    r"(?i)\b(?:completed?|succe(?:ss|eded|ssful|ssfully)|done|downloaded|installed|uploaded|published|fetched|retrieved|200 OK)\b"
)
_REFUSED = re.compile(
    r"(?i)\b(?:401|403|407|429)\b|unauthori|forbidden|denied|too many requests|rate.?limit|g[ia]ve?(?:ing)? up|"
    r"max(?:imum)? (?:number of )?(?:retries|attempts)|(?:retries|attempts) (?:exhausted|exceeded|failed|left)|"
    r"\b(?:error|fail\w*)\b"
)
_SERVED = re.compile(r"(?<![\d.])(?:200|304)\b(?! ?ms)")
REACH = 5
LATER = 12
"""A retry that waits prints its outcome within so many lines."""


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
    return "the next attempt worked" if place.generic and _next_worked(place, log) else ""


def _next_worked(place: Candidate, log: LogText) -> bool:
    """Whether the line announces another attempt and a line of success comes before any further trouble."""
    if not _RETRYING.search(place.text):
        return False
    for line in log.after(place.offset, LATER):
        if _REFUSED.search(line.text) and not _RETRYING.search(line.text):
            return False
        if _WORKED.search(line.text):
            return True
    return False
