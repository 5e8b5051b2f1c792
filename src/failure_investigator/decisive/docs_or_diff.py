"""Texts about refusals: licences, diffs, changelogs, commit lists, tables and advice are no refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_TEXT = re.compile(
    r"\|\s*[`*]*(?:401|403|407|429)[`*]*\s*\|\s*[`*A-Z][^|]*\||"
    r"^\s*(?:@@ |diff --git |\+\+\+ |--- a/|[+-]\s{2,}\S|\|.*\|.*\|$|<!-- |#{1,6} \S|\* [0-9a-f]{7,40} |"
    r"(?:\* )?(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40} (?:\([^)]*\) )?[A-Za-z])|"
    r"(?i:you agree that|changelog|bump=(?:patch|minor|major))|"
    r"^\s*(?:[*-] )?(?:feat|fix|docs|chore|refactor|test|perf|ci)(?:\([^)]{1,40}\))?!?: \S"
)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_REMOVED = re.compile(r"^\s+- \S")
_ADDED = re.compile(r"^\s+\+ \S")
_ENTRY = re.compile(r"^\W*([1-5]\d\d)\W+[A-Z][A-Za-z]+(?: [A-Z]?[A-Za-z]+){0,4}\W*$")
REACH = 3


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether the line is part of a diff, a document, a list of commits, a table of statuses, or a licence."""
    if not place.generic:
        return ""
    if _TEXT.search(place.text):
        return "documentation, a diff, a list of commits or a licence"
    if any(_FENCE.match(line.text) for line in log.before(place.offset, REACH)):
        return "an example in a document"
    if _in_diff(place, log):
        return "a diff"
    return "a table of statuses" if _ENTRY.match(place.text) and _in_table(place, log) else ""


def _in_diff(place: Candidate, log: LogText) -> bool:
    if _REMOVED.match(place.text):
        return any(_ADDED.match(line.text) for line in log.after(place.offset, REACH))
    return bool(_ADDED.match(place.text)) and any(_REMOVED.match(line.text) for line in log.before(place.offset, REACH))


def _in_table(place: Candidate, log: LogText) -> bool:
    near = [*log.before(place.offset, 2), *log.after(place.offset, 2)]
    others = {found.group(1) for line in near if (found := _ENTRY.match(line.text))}
    return len(others - {str(place.status)}) > 1
