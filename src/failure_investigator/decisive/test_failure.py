"""What stands under a failed test's headline: the answer of the server under test, printed by the assertion.

Only wordings of no service in particular and without a public host near: a test that a service refused names the service.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.decisive import names_public_host

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_HEADLINE = re.compile(
    r"^\s{0,6}\d+\) (?!Error\b)\S+.*[A-Za-z]{3}|^\s*● .* › |^\s*(?:FAIL|❯|×) .*(?:\.(?:test|spec)\.| > )|"
    r"^\s*(?:--- )?FAIL: |<<< FAILURE!|^\s*Failure/Error:|^\d+\) \S+::\w+|^[\w.$ ]+ > \S.* FAILED$|^---- \S+ stdout ----"
)
_ASSERTS = re.compile(
    r"(?i)\bexpect(?:ed|s)?\b.{0,80}\b(?:got|to (?:be|equal|have)|but|actual|received)\b|\bassert(?:ion)?(?:Error|ionFailed)?\b|"
    r"^\s*(?:\[\w+\] )?\s*(?:Expected|Actual) ?[:(]|with response body:|^\s*(?:Mock)?HttpServletResponse:"
)
REACH = 3
BODY = 5
"""Lines above a printed body that may introduce it."""


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether a failed test's headline, or an assertion whose answer this is, stands right above."""
    if not place.generic or place.host or names_public_host(place.text):
        return ""
    above = [line.text for line in log.before(place.offset, BODY)]
    if any(names_public_host(text) for text in above):
        return ""
    if any(_HEADLINE.search(text) for text in above[-REACH:]):
        return "the answer that a failed test prints"
    return "an answer that an assertion prints" if any(_ASSERTS.search(text) for text in above) else ""
