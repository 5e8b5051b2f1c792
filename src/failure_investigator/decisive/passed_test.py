"""What `go test -v` prints between a test's start and its `--- PASS`: a test that passed refused nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_STARTED = re.compile(r"^\s*=== (?:RUN|CONT) +(\S+)")
_ENDED = re.compile(r"^\s*--- (PASS|FAIL|SKIP): (\S+)")
REACH = 40


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether the place lies inside a test that passed."""
    if not place.generic:
        return ""
    above = (_STARTED.match(line.text) for line in reversed(log.before(place.offset, REACH)))
    started = next((found.group(1) for found in above if found), "")
    if not started:
        return ""
    below = (_ENDED.match(line.text) for line in log.after(place.offset, REACH))
    outcome = next((found.group(1) for found in below if found and found.group(2) == started), "")
    return "a test that passed printed it" if outcome == "PASS" else ""
