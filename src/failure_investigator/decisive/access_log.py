"""Access logs of a server under test: it is the project's own server that says no there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_ACCESS = re.compile(
    r"\"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) [^\"]{1,300} HTTP/[\d.]+\"? (?:401|403|407|429)\b|"
    r"(?i:responded: HTTP/)|(?i:processOneRequest)|(?i:\b(?:uvicorn|gunicorn|werkzeug|mockwebserver|morgan)\b)"
)


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether the line has an access log's form."""
    return "a line of an access log" if _ACCESS.search(place.text) else ""
