"""Counts, durations, sizes, ids and line numbers that happen to be 401, 403, 407 or 429."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_NUMBER = r"(?:401|403|407|429)"
_COUNTED = re.compile(
    rf"\b{_NUMBER}(?:\.\d+)?[ -]?(?:ms|µs|ns|secs?|seconds?|s|min|minutes?|[kKMG]i?B|bytes?|px|%)(?![\w-])|"
    rf"\b{_NUMBER} (?:tests?|failures?|problems?|warnings?|rows?|records?|items?|files?|lines?|packages?|modules?|"
    r"dependencies|issues?|commits?|objects?|assertions?|examples?|passed|failed|skipped|pending|todo|total|"
    r"errors? (?:found|in|and)|times|matches|entries|users?|cases?|specs?)\b|"
    r"\b(?:passed|failed|failures|skipped|errors|total|ran|pending|broken|tests|line|lines|row|col|pid|port|job|id|issue|PR|#)"
    rf"[:=# ]{{1,3}}{_NUMBER}\s*(?:[,;/|)]|$|tests?\b|passed|failed|skipped)|"
    rf"\b{_NUMBER}/\d+|\b\d+/{_NUMBER}\b|\b{_NUMBER} of \d|:{_NUMBER}\)|\.\w{{1,5}}:{_NUMBER}\b"
)
_STATUS = re.compile(
    r"(?i)(?:http(?:/[\d.]+)?|status(?:[ _-]?code)?|response code|unauthori[sz]ed|forbidden|too many requests)"
    rf"\W{{0,6}}{_NUMBER}|"
    rf"{_NUMBER}\W{{1,4}}(?:unauthori|forbidden|too many|client error)|returned error: {_NUMBER}"
)


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether the number counts something and nothing on the line calls it a status."""
    counted = place.generic and _COUNTED.search(place.text) and not _STATUS.search(place.text)
    return "a count, a duration or an id" if counted else ""
