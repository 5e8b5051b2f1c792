"""Services on this machine belong to the test: nobody outside refused anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_LOCAL = re.compile(
    r"(?i)(?:^|//|@|\bhost[ =:]+|\s)(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal|testserver|"
    r"[a-z0-9-]+\.(?:local|localhost|test|invalid))(?=[:/\s'\",)]|$)"
)
_PUBLIC = re.compile(r"(?i)https?://(?!localhost|127\.|0\.0\.0\.0|\[::1\])[a-z0-9.-]+\.[a-z]{2,}")
_ANSWER = re.compile(
    r"^\s*(?:< |HTTP/[\d.]+ 4\d\d|[{<\"]|\s{2,}\"|\s*> \d{3}: |"
    r"HTTP request sent, |.{0,40}ERROR 4\d\d: |\S+ Authentication Failed)"
)
"""A line of an answer's head or body, which names no host itself."""
_ASKED = re.compile(
    r"^\s*(?:--\d{4}-\d\d-\d\d \S+  https?://|> Host: |\* Connected to |\* +Trying |"
    r".*\bcurl\b.*https?://|(?:(?:GET|POST|PUT|PATCH|DELETE|URL:) )?https?://)"
)
REACH = 20


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether the host that was asked is a local one: on the line, or in the request printed above an answer."""
    if _PUBLIC.search(place.text):
        return ""
    if _LOCAL.search(place.text) or (place.host and _LOCAL.search(f"//{place.host}/")):
        return "the host is this machine or a test's own"
    if place.generic and _ANSWER.match(place.text):
        asked = next((line for line in reversed(log.before(place.offset, REACH)) if _ASKED.match(line.text)), None)
        if asked is not None and _LOCAL.search(asked.text) and not _PUBLIC.search(asked.text):
            return "the answer of a local server"
    return ""
