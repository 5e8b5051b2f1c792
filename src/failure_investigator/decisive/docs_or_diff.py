"""Texts about refusals: licences, diffs, changelogs and advice are no refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_TEXT = re.compile(
    r"^\s*(?:@@ |diff --git |\+\+\+ |--- a/|[+-]\s{2,}\S|\|.*\|.*\|$|<!-- )|"
    r"(?i:you agree that|changelog|bump=(?:patch|minor|major))"
)


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether the line is part of a diff, a table of documentation, or a licence."""
    return "documentation, a diff or a licence" if place.generic and _TEXT.search(place.text) else ""
