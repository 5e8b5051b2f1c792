"""Texts about refusals: licences, diffs, changelogs, commit lists, tables and advice are no refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.decisive import names_public_host

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_TEXT = re.compile(
    r"\|\s*[`*]*(?:401|403|407|429)[`*]*\s*\|\s*[`*A-Z][^|]*\||"
    r"^\s*(?:@@ |diff --git |\+\+\+ |--- a/|[+-]\s{2,}\S|\|.*\|.*\|$|<!-- |#{1,6} \S|\* [0-9a-f]{7,40} |"
    r"(?:\* )?(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40} (?:\([^)]*\) )?[A-Za-z])|"
    r"(?i:you agree that|(?<![=/&?])\bchangelog\b(?![=/&])|bump=(?:patch|minor|major))|"
    r"^\s*(?:[*-] )?(?:feat|fix|docs|chore|refactor|test|perf|ci)(?:\([^)]{1,40}\))?!?: \S"
)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_OPENED = re.compile(r"^\s*(?:```|~~~)\s*[\w+-]*\s*$")
_MARKED = re.compile(r"^\s*[-+]?(?:#{1,6} |[-*] |\d+\. |> |:\w+: ?|\||\*\*)")
_CODE = re.compile(r"`[^`]+`")
_HEADING = re.compile(r"^#{1,6} \S")
_MARKUP = re.compile(r"^\s*<(?:div|span|p|td|tr|li|ul|a|button|h\d)\b[^>]* class=[\"'](?!cf-)")
_SPEAKS = re.compile(
    r"(?i)\b40[137]\b|\b429\b|unauthori|forbidden|denied|credential|invalid|expired|token|permission|limit|not accessible"
)
_BOLD = re.compile(r"^\s*(?:[-*] |\d+\. )?\*\*[^*]+\*\*")
_BULLET = re.compile(r"^\s*[-*] \S")
_ABOVE = re.compile(r"^\s*(?:\*\*[^*]+\*\*:?|#{1,6} \S.*)\s*$")
_CHANGED = re.compile(r"^[+-](?![+-])(?!-*[+-])(?! ?\S+ ?$)|^[+-]$|^@@ |^diff --git |^(?:\+\+\+|---) [ab]/")
_CHANGE = re.compile(r"^[+-](?![-+= ])\S|^[+-]\s{2,}\S")
_NAMED = re.compile(
    r"(?i)\b(?:([45]\d\d)\b\W{0,14}(?:reason\W{1,6})?(?:bad.?request|unauthori[sz]ed|unauthenticated|payment.?required|"
    r"forbidden|not.?found|method.?not|not.?acceptable|proxy.?auth|conflict|gone|too.?many|validation|internal|server.?error)|"
    r"(?:bad.?request|unauthori[sz]ed|payment.?required|forbidden|not.?found|method.?not.?allowed|not.?acceptable|"
    r"proxy.?authentication.?required|conflict|gone|too.?many.?requests)\W{1,6}([45]\d\d)\b)"
)
_SCHEMA = re.compile(r"^\s*['\"]?(?:schema|\$ref|responses|components|operationId|application/json)['\"]?\s*:")
_EXAMPLE = re.compile(r"^\s*['\"]?(?:example|description|summary|title)['\"]?\s*:")
_REMOVED = re.compile(r"^\s+- \S")
_ADDED = re.compile(r"^\s+\+ \S")
_ENTRY = re.compile(r"^\W*([1-5]\d\d)\W+[A-Z][A-Za-z]+(?: [A-Z]?[A-Za-z]+){0,4}\W*$")
REACH = 3
FENCED = 12
"""Lines above a line that may open the example in which it stands."""
LISTED = 6
"""Lines on either side in which a list names other statuses."""


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether the line is part of a diff, a document, a list of commits, a table of statuses, or a licence."""
    if _in_fence(place, log):
        return "an example in a document"
    if _CODE.search(place.text) and not _SPEAKS.search(_CODE.sub("", place.text)):
        above = log.before(place.offset, REACH)
        if _MARKED.match(place.text) or any(_HEADING.match(line.text) for line in above):
            return "documentation that quotes it"
    if _MARKUP.match(place.text):
        return "the markup of a page"
    if _in_changes(place, log):
        return "a diff"
    if not names_public_host(place.text) and _in_list_of_statuses(place, log):
        return "a list of statuses"
    return _of_a_client(place, log) if place.generic else ""


def _of_a_client(place: Candidate, log: LogText) -> str:
    if _TEXT.search(place.text):
        return "documentation, a diff, a list of commits or a licence"
    above = [line.text for line in log.before(place.offset, REACH + 1)]
    if _BOLD.match(place.text) or (_BULLET.match(place.text) and any(_ABOVE.match(text) for text in above)):
        return "documentation"
    if _EXAMPLE.match(place.text) and any(
        _SCHEMA.match(line.text) for line in (*log.before(place.offset, 4), *log.after(place.offset, 4))
    ):
        return "a description of an interface"
    if any(_FENCE.match(text) for text in above[-REACH:]):
        return "an example in a document"
    if _in_diff(place, log):
        return "a diff"
    return "a table of statuses" if _ENTRY.match(place.text) and _in_table(place, log) else ""


def _in_fence(place: Candidate, log: LogText) -> bool:
    """Whether an example was opened above, and is closed below."""
    for line in reversed(log.before(place.offset, FENCED)):
        if _FENCE.match(line.text):
            closed = any(_FENCE.match(other.text) for other in log.after(place.offset, 2 * FENCED))
            return bool(_OPENED.match(line.text)) and closed
    return False


def _in_changes(place: Candidate, log: LogText) -> bool:
    """Whether the line and two of its neighbours begin as a diff's do."""
    if not _CHANGE.match(place.text):
        return False
    near = (*log.before(place.offset, REACH), *log.after(place.offset, REACH))
    return sum(bool(_CHANGED.match(line.text)) for line in near) > 1


def _in_list_of_statuses(place: Candidate, log: LogText) -> bool:
    """Whether the lines near name several statuses, each with its phrase."""
    near = [*log.before(place.offset, LISTED), *log.after(place.offset, LISTED)]
    if any(names_public_host(line.text) for line in near):
        return False
    named = {one or other for line in near for one, other in _NAMED.findall(line.text)}
    return len(named - {str(place.status)}) > 1


def _in_diff(place: Candidate, log: LogText) -> bool:
    if _REMOVED.match(place.text):
        return any(_ADDED.match(line.text) for line in log.after(place.offset, REACH))
    return bool(_ADDED.match(place.text)) and any(_REMOVED.match(line.text) for line in log.before(place.offset, REACH))


def _in_table(place: Candidate, log: LogText) -> bool:
    near = [*log.before(place.offset, 2), *log.after(place.offset, 2)]
    others = {found.group(1) for line in near if (found := _ENTRY.match(line.text))}
    return len(others - {str(place.status)}) > 1
