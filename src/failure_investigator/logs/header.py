"""What the runner says before the first step: versions, image, permissions, where secrets come from (docs/log-format.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.logs.text import Line, LogText

_ACTION = re.compile(r"Download action repository '([^']+)' \(SHA:([0-9a-f]{7,40})\)")
_PAIR = re.compile(r"^([A-Za-z][\w ]{0,40}): (.{1,200})$")
REACH = 200
"""Lines of the header that are read."""


@dataclass(frozen=True, slots=True)
class Header:
    """The runner's own words about a job."""

    whole: bool = False
    ended: bool = False
    """The trailer is there: nothing of the end is missing."""
    job_name: str = ""
    secret_source: str = ""
    permissions: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)


def read_header(log: LogText, marks: Sequence[Line]) -> Header:
    """The header of one job from its markers' lines; only the groups that matter are read."""
    version = next((line for line in marks if line.text.startswith("Current runner version")), None)
    ended = any(line.text.startswith("Cleaning up orphan processes") for line in marks)
    first_step = next((line.start for line in marks if line.text.startswith("##[group]Run ")), None)
    if version is None:
        return Header(whole=ended, ended=ended)
    lines = [line for line in log.after(version.start, REACH) if first_step is None or line.start < first_step]
    said = [line.text for line in lines]
    facts = {"runner": version.text.partition(": ")[2].strip("'")}
    for group in ("Operating System", "Runner Image", "Virtual Environment"):
        facts |= {f"{group} {key}".strip(): value for key, value in _group(said, group).items()}
    return Header(
        whole=True,
        ended=ended,
        job_name=_after(said, "Complete job name: "),
        secret_source=_after(said, "Secret source: "),
        permissions=_group(said, "GITHUB_TOKEN Permissions"),
        facts=facts,
        actions={match[1]: match[2] for text in said if (match := _ACTION.search(text))},
    )


def _after(said: Sequence[str], prefix: str) -> str:
    return next((text.removeprefix(prefix).strip() for text in said if text.startswith(prefix)), "")


def _group(said: Sequence[str], title: str) -> dict[str, str]:
    """The `Key: value` lines of a group."""
    try:
        start = said.index(f"##[group]{title}")
    except ValueError:
        return {}
    found: dict[str, str] = {}
    for text in said[start + 1 :]:
        if text.startswith("##["):
            break
        match = _PAIR.match(text)
        if match:
            found[match[1]] = match[2]
    return found
