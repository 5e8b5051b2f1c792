"""What stands under a test's headline, above a frame in a test's file, or in the console of a test: the answer of the
server under test, not of one that the job needed.

Only wordings of no service in particular and without a public host near: a test that a service refused names the service.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.decisive import names_public_host

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_HEADLINE = re.compile(
    r"^\s{0,6}\d+\) (?!Error\b)\S+.*[A-Za-z]{3}|^\s*● .* › |^\s*(?:FAIL|❯|×) .*(?:\.(?:test|spec)\.| > )|"
    r"^\s*(?:--- )?FAIL: |<<< FAILURE!|^\s*Failure/Error:|^\d+\) \S+::\w+|^[\w.$ ]+ > \S.* FAILED$|^---- \S+ stdout ----|"
    r"^-{3,} Captured (?:stdout|stderr|log) (?:call|setup|teardown) -{3,}|^\s+Failed \S+ \[[\d<. ]+m?s\]$|^=== FAIL: \S+ \S+|"
    r"^\s*● Console$|^\s*console\.(?:error|warn|log|info|debug)\b|^(?:stdout|stderr) \| \S+\.(?:test|spec)\."
)
_ASSERTS = re.compile(
    r"(?i)\bexpect(?:ed|s)?\b.{0,80}\b(?:got|to (?:be|equal|have)|but|actual|received)\b|\bassert(?:ion)?(?:Error|ionFailed)?\b|"
    r"^\s*(?:\[\w+\] )?\s*(?:Expected|Actual) ?[:(]|with response body:|^\s*(?:Mock)?HttpServletResponse:"
)
_ERRORED = re.compile(r"<<< ERROR!\s*$")
"""A test that was stopped, be it by a service: so it counts where a service is told."""
_NOT_OK = re.compile(r"^\s*not ok \d+ ")
_FRAME = re.compile(
    r"^\s+at .*webpack-internal:|^\s+at .*(?:/(?:tests?|specs?|__tests__|e2e)/\S+|\.(?:test|spec)\.[cm]?[jt]sx?):\d+|"
    r"^\s*# \./spec/\S+:\d+|^\s+at \S+(?:Test|Tests|IT|Spec)\.\w+\(\w+\.(?:java|kt|scala|groovy):\d+\)"
)
REACH = 3
BODY = 6
"""Lines above a printed body that may introduce it."""
FRAMES = 4
"""Lines below a message that hold the first frames of its trace."""


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether a test's headline or assertion stands right above, or a test's frame right below."""
    if not place.generic or place.host or names_public_host(place.text):
        return ""
    above = [line.text for line in log.before(place.offset, BODY)]
    below = [line.text for line in log.after(place.offset, FRAMES)]
    if any(names_public_host(text) for text in (*above, *below)):
        return ""
    if place.service == "unknown" and any(_ERRORED.search(text) for text in above[-REACH:]):
        return "an error that stopped a test"
    return _why(above, below)


def _why(above: Sequence[str], below: Sequence[str]) -> str:
    if any(_HEADLINE.search(text) for text in above[-REACH:]):
        return "the answer that a test prints"
    if any(_ASSERTS.search(text) for text in above):
        return "an answer that an assertion prints"
    if _in_tap(above):
        return "what a failed test tells of itself"
    return "an error that a test's own code met" if any(_FRAME.search(text) for text in below) else ""


def _in_tap(above: Sequence[str]) -> bool:
    """Whether the details of a test that failed, in the Test Anything Protocol, were opened above."""
    opened = next((n for n, text in enumerate(above) if text.strip() == "---"), 0)
    return opened > 0 and bool(_NOT_OK.match(above[opened - 1]))
