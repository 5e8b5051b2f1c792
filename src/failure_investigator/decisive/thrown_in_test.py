"""An exception whose stack goes through a test's own code: the test made it, and says itself whether that was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_FRAME = re.compile(
    r"^\s*(?:at |in |from )?[\w.$/<>\\-]*(?:Tests?|Spec|TestCase|Specification)(?:\$\w+)*[.$:#][\w.$<>]*"
    r"|\((?:\w*(?:Test|Tests|Spec|TestCase|Specs)\.(?:java|kt|scala|groovy|cs))\b"
    r"|/(?:tests?|spec|__tests__)/\S+\.(?:rb|py|js|ts|mjs|php|ex|exs):\d+"
)
_STACK = re.compile(
    r"^\s*(?:at \S|from \S+:\d+|File \"|in \S+ at |\.{3} \d+ more|Caused by:|[\w.]+(?:Exception|Error)\b)"
)
REACH = 25


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether frames of a test stand in the stack right below a refusal that names no host."""
    if not place.generic or place.host:
        return ""
    for line in log.after(place.offset, REACH):
        if _FRAME.search(line.text):
            return "it was thrown in a test"
        if not _STACK.match(line.text):
            return ""
    return ""
