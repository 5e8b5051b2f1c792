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


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether the host that was asked is a local one."""
    local = _LOCAL.search(place.text) or _LOCAL.search(f"//{place.host}/" if place.host else "")
    return "the host is this machine or a test's own" if local and not _PUBLIC.search(place.text) else ""
