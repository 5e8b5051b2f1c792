"""The issue's own state, carried in its first line: `<!-- failure-investigator:v1 {…} -->`.

Whoever can edit an issue can write a marker, so it is believed only at byte 0, when it validates, when exactly one
begin/end pair with the same fingerprint follows, and when it names this repository; and even then it only saves requests.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from failure_investigator.model import Marker

VERSION = "v1"
MOST_RUNS = 200
_FIRST = re.compile(r"<!-- failure-investigator:v(\d{1,3}) (\{.*\}) -->\r?(?:\n|\Z)")
_LOOKS_LIKE = re.compile(r"<!-- failure-investigator:")
_PAIR = re.compile(r"<!-- failure-investigator:(begin|end) v1 ([^\s<>]{1,500}) -->")

_Short = Annotated[str, StringConstraints(max_length=500)]
_Fingerprint = Annotated[str, StringConstraints(pattern=r"^v1:[^\s<>]{1,490}$")]
_RunId = Annotated[str, StringConstraints(pattern=r"^\d{1,20}\.\d{1,6}(?:/\d{1,20})?$")]
_Time = Annotated[str, StringConstraints(pattern=r"^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?$")]


class _State(BaseModel):
    """The payload's schema; strict, so that a broken marker is never half believed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    fingerprint: _Fingerprint
    repository: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,100}/[\w.-]{1,100}$")]
    aliases: list[_Fingerprint] = Field(default=[], max_length=20)
    state: Annotated[str, StringConstraints(pattern=r"^[a-z_ -]{1,30}$")] = "open"
    runs: list[_RunId] = Field(default=[], max_length=MOST_RUNS)
    cursors: dict[_Short, _RunId] = Field(default={}, max_length=500)
    total: int = Field(default=0, ge=0, le=10_000_000)
    read: int = Field(default=0, ge=0, le=10_000_000)
    first_seen: _Time = ""
    last_seen: _Time = ""
    cause: Annotated[str, StringConstraints(pattern=r"^[a-z_]{0,40}$")] = ""
    service: _Short = ""
    status: int = Field(default=0, ge=0, le=999)
    credential: _Short = ""
    signature: _Short = ""


def format_marker(marker: Marker) -> str:
    """The first line, without a newline. No value can end the comment: `-`, `<` and `>` are escaped where they repeat."""
    values = asdict(marker)
    kept = {key: value for key, value in values.items() if value or key in ("fingerprint", "repository")}
    text = json.dumps(kept, ensure_ascii=True, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("--", "-\\u002d")
    return f"<!-- failure-investigator:{VERSION} {text} -->"


def wrap(marker: Marker, content: str) -> str:
    """A whole body: the marker at byte 0, then our content between the begin and end markers."""
    begin = f"<!-- failure-investigator:begin {VERSION} {marker.fingerprint} -->"
    end = f"<!-- failure-investigator:end {VERSION} {marker.fingerprint} -->"
    return f"{format_marker(marker)}\n{begin}\n{content.strip()}\n{end}\n"


def parse_marker(body: str, repository: str) -> Marker | str:
    """The marker of a body, or why it is not believed ('' for a body that carries none at all)."""
    first = _FIRST.match(body)
    if first is None:
        looks = _LOOKS_LIKE.search(body)
        return "" if looks is None else "its marker is broken or not at the very beginning"
    if first[1] != "1":
        return f"its marker is of version {first[1]}, which this version leaves alone"
    try:
        state = _State.model_validate(json.loads(first[2]))
    except (ValidationError, ValueError, RecursionError):
        return "its marker does not validate"
    pairs = _PAIR.findall(body)
    if pairs != [("begin", state.fingerprint), ("end", state.fingerprint)]:
        return "it does not hold exactly one begin and end marker of its fingerprint"
    if state.repository.lower() != repository.lower():
        return f"its marker names another repository ({state.repository})"
    return Marker(**_tuples(state.model_dump()))


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def handed_over(body: str) -> str:
    """The fingerprint of an issue whose first line a person removed while the end marker stays; '' for any other."""
    if _LOOKS_LIKE.match(body) is not None and _FIRST.match(body) is not None:
        return ""
    ends = [fingerprint for kind, fingerprint in _PAIR.findall(body) if kind == "end"]
    return ends[0] if len(ends) == 1 and "<!-- failure-investigator:v" not in body else ""


def merge(old: str, new: str) -> str:
    """The new body with the text that people wrote outside our markers in the old one kept where it stood.

    `old` carries a valid marker. Text before the begin marker moves behind the first line, which stays at byte 0.
    """
    before, after = _outside(old)
    first, _, rest = new.partition("\n")
    head = f"{first}\n{before}" if before.strip() else f"{first}\n"
    return f"{head}{rest.rstrip()}\n{after}" if after.strip() else f"{head}{rest}"


def _outside(body: str) -> tuple[str, str]:
    """What stands between the first line and the begin marker, and behind the end marker."""
    _, _, rest = body.partition("\n")
    begin, end = list(_PAIR.finditer(rest))[:2]
    before = rest[: begin.start()]
    return before, rest[end.end() :].removeprefix("\n")
