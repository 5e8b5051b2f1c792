"""The issue's own state, carried in its first line: `<!-- failure-investigator:v1 {…} -->`.

Whoever can edit an issue can write a marker, so it is believed only at byte 0, when it validates, when exactly one
begin/end pair with the same fingerprint follows, and when it names this repository; and even then it only saves requests.
What is in the braces has a version of its own (`schema`): older ones are migrated, newer ones are left alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from failure_investigator.model import Good, Marker, State, Tracked

VERSION = "v1"
SCHEMA = 2
MOST_RUNS = 200
MOST_STREAMS = 150
ROOM = 32_000
"""Characters of a marker that its streams may fill: the page has to find room beside it."""
MOST_JOBS = 8
LONGEST = 200
"""Characters of a name that a marker keeps."""
_FIRST = re.compile(r"<!-- failure-investigator:v(\d{1,3}) (\{.*\}) -->\r?(?:\n|\Z)")
_LOOKS_LIKE = re.compile(r"<!-- failure-investigator:")
_PAIR = re.compile(r"<!-- failure-investigator:(begin|end) v1 ([^\s<>]{1,500}) -->")

_Short = Annotated[str, StringConstraints(max_length=500)]
_Name = Annotated[str, StringConstraints(max_length=LONGEST)]
_Fingerprint = Annotated[str, StringConstraints(pattern=r"^v1:[^\s<>]{1,490}$")]
_RunKey = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}\.[0-9]{1,6}$")]
_Entry = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}\.[0-9]{1,6}(?:/[0-9]{1,20})?$")]
_Time = Annotated[str, StringConstraints(pattern=r"^(?:2[0-9]{3}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-9]{2}){2}Z)?$")]
"""From 2000 on, so that hours can be taken off any of them."""
_Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,64}$")]
_Count = Annotated[int, Field(ge=0, le=10_000_000)]


class _Strict(BaseModel):
    """Strict, so that a broken marker is never half believed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class _Stream(_Strict):
    """`model.Tracked`; a good run is `[run, start, commit]`."""

    run: _RunKey
    at: _Time
    sha: _Sha = ""
    jobs: list[_Name] = Field(default=[], max_length=MOST_JOBS)
    good: list[tuple[_RunKey, _Time, _Sha]] = Field(default=[], max_length=100)
    gone: _Name = ""
    name: _Name = ""
    branch: _Name = ""

    def to_model(self) -> Tracked:
        """The plain type."""
        good = tuple(Good(*each) for each in self.good)
        return Tracked(**{**dict(self), "jobs": tuple(self.jobs), "good": good})


class _Marker(_Strict):
    """The payload's present schema: `model.Marker`."""

    schema_: int = Field(alias="schema", ge=SCHEMA, le=SCHEMA)
    fingerprint: _Fingerprint
    repository: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,100}/[\w.-]{1,100}$")]
    aliases: list[_Fingerprint] = Field(default=[], max_length=20)
    state: State = "open"
    since: _Time = ""
    runs: list[_Entry] = Field(default=[], max_length=MOST_RUNS)
    streams: dict[_Short, _Stream] = Field(default={}, max_length=MOST_STREAMS)
    more: _Count = 0
    total: _Count = 0
    read: _Count = 0
    first_seen: _Time = ""
    last_seen: _Time = ""
    cause: Annotated[str, StringConstraints(pattern=r"^[a-z_]{0,40}$")] = ""
    service: _Short = ""
    status: int = Field(default=0, ge=0, le=999)
    credential: _Short = ""
    signature: _Short = ""
    told: _Count = 0
    announced: _Count = 0
    title: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,12}$")] = ""
    insisted: bool = False
    floor: _Time = ""
    earlier: _Count = 0

    def to_model(self) -> Marker:
        """The plain type."""
        values = {name: value for name, value in dict(self).items() if name != "schema_"}
        streams = {key: stream.to_model() for key, stream in self.streams.items()}
        return Marker(**{**values, "streams": streams, "runs": tuple(self.runs), "aliases": tuple(self.aliases)})


def _from_1(payload: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 knew of a stream its newest run only: good runs have to be later than any failure of the incident."""
    cursors = payload.pop("cursors", {})
    if not isinstance(cursors, dict) or len(cursors) > MOST_STREAMS:
        raise ValueError("cursors")
    last = payload.get("last_seen", "")
    total = payload.get("total", 0)
    return payload | {
        "schema": 2,
        "streams": {key: {"run": run, "at": last} for key, run in cursors.items()},
        "announced": total,
        "since": payload.get("first_seen", ""),
    }


_MIGRATIONS = {1: _from_1}
"""Schema → how to make the next one of it."""


def format_marker(marker: Marker) -> str:
    """The first line, without a newline. No value can end the comment: `-`, `<` and `>` are escaped where they repeat."""
    values = {**asdict(marker), "streams": {key: _stream(value) for key, value in marker.streams.items()}}
    kept = {key: value for key, value in values.items() if value or key in ("fingerprint", "repository")}
    text = json.dumps({"schema": SCHEMA, **kept}, ensure_ascii=True, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("--", "-\\u002d")
    return f"<!-- failure-investigator:{VERSION} {text} -->"


def size(key: str, tracked: Tracked) -> int:
    """Characters that a stream takes in a marker."""
    return len(json.dumps({key: _stream(tracked)}, ensure_ascii=True, separators=(",", ":")))


def _stream(tracked: Tracked) -> dict[str, Any]:
    """Without what is empty; a good run as a list."""
    values = {**asdict(tracked), "good": [[good.run, good.at, good.sha] for good in tracked.good]}
    return {key: value for key, value in values.items() if value or key in ("run", "at")}


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
    marker = _payload(first[2])
    if isinstance(marker, str):
        return marker
    pairs = _PAIR.findall(body)
    if pairs != [("begin", marker.fingerprint), ("end", marker.fingerprint)]:
        return "it does not hold exactly one begin and end marker of its fingerprint"
    if marker.repository.lower() != repository.lower():
        return f"its marker names another repository ({marker.repository})"
    return marker


def _payload(text: str) -> Marker | str:
    """What stands in the braces, migrated to the present schema; or why it is not believed."""
    try:
        payload = json.loads(text)
        schema = _schema(payload)
        if schema > SCHEMA:
            return f"its marker is of schema {schema}, which this version leaves alone"
        while schema < SCHEMA:
            payload = _MIGRATIONS[schema](payload)
            schema = payload["schema"]
        return _Marker.model_validate_json(json.dumps(payload)).to_model()
    except (ValidationError, ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return "its marker does not validate"


def _schema(payload: dict[str, Any]) -> int:
    schema = payload.get("schema", 1)
    if type(schema) is not int:  # True is an int by isinstance
        raise TypeError("schema")
    return schema


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


def content(body: str) -> str:
    """What stands between the begin and the end marker: ours."""
    found = list(_PAIR.finditer(body))
    return body[found[0].end() : found[1].start()].strip("\n") if len(found) == 2 else ""
