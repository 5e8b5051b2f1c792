"""Findings of linters and compilers: a rule's number or a quoted literal is no status."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.decisive import names_public_host

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_FINDING = re.compile(
    r"^\s*(?:\S+\.\w{1,5}:)?\d+:\d+:?\s+(?:error|warning|note|info|hint|[CWEFRNDSB]\d*)\b|"
    r"\S+\.\w{1,5}[(:]\d+[,:]\d+\)?:? (?:error|warning|note|info|suggestion|hint)\b|"
    r"^\s*\S+\.\w{1,5}:\d+(?::\d+)?:? .{0,200}\([a-z][a-z0-9-]+\)\s*$|"
    r"\b(?:TS|CS|CA|SA|SC|RUF|PLR|BLE|ESLint|MD)\d{3,4}\b|^\s*(?:error|warning)\[[A-Z]+\d+\]|"
    r"::(?:error|warning) .{0,80}\bfile=.{1,200}\bline=\d"
)


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether the line has a linter's or a compiler's form."""
    if not place.generic or names_public_host(place.text):
        return ""
    return "a finding of a linter or compiler" if _FINDING.search(place.text) else ""
