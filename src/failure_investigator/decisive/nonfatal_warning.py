"""What the tool itself calls a warning, and goes on: a cache that was not restored fails no job.

A warning that an error of the same wording follows within a few lines is that error's first half, and counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_WARNING = re.compile(
    r"^\s*(?:##\[(?:warning|notice|debug)\]|::(?:warning|notice|debug)|(?:\[?WARN(?:ING)?\]?|[Ww]arning)\b|W: Failed to fetch )"
)
_BUILD = re.compile(r"\(\d+(?:,\d+)*\): warning\b|: warning [A-Z]{2,}\d+ ?:")
"""A warning of MSBuild and the like, whose errors come after all warnings."""
_APT = re.compile(r"^\s*W: ")
_GOES_ON = re.compile(
    r"(?i)failed to (?:save|restore)(?::| (?:the )?(?:build |gradle |cargo |npm )?cache)|"
    r"unable to reserve cache|getcacheentrydownloadurl|cache service responded|"
    r"\b(?:skipping|skipped|ignoring|ignored|continuing|non-?fatal|not fatal|best effort|falling back|fall back|will retry|"
    r"using cached|proceeding|will be skipped)\b"
)
_ERROR = re.compile(r"(?i)^\s*(?:E: |##\[error\]|::error|error\b|fatal\b)|\berror:|: error\b")
REACH = 4
LATE = 40
"""apt tells its error after a warning for each index, a build tool after all its warnings."""


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether the line is a warning, or says that the work goes on without what was refused."""
    if _GOES_ON.search(place.text):
        return "the tool says that it goes on without it"
    build = _BUILD.search(place.text)
    if not build and not _WARNING.search(place.text):
        return ""
    after = [line.text for line in log.after(place.offset, LATE if build or _APT.match(place.text) else REACH)]
    return "" if any(_ERROR.search(text) for text in after) else "the tool calls it a warning"
