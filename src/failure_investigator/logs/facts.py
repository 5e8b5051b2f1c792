"""How a job ran, as its log tells: what is compared between the last good run and the first bad one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.model import JobFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.logs.jobs import JobText, Section
    from failure_investigator.logs.text import LogText

EARLY = 1 << 20
"""Bytes of a log in which versions are looked for: tools are set up before they are used."""
MOST = 400
"""Versions that are kept."""
_NAME = rb"(?P<name>@?[A-Za-z][A-Za-z0-9_./@+-]{1,60}?)"
_VERSION = rb"v?(?P<version>\d+\.\d+(?:\.\d+)?[A-Za-z0-9.+-]{0,24})"
_LINES = (
    re.compile(rb"^\s*\+ " + _NAME + rb"(?:==|@| )" + _VERSION + rb"\s*$", re.MULTILINE),
    re.compile(rb"^(?:\S+Z )?\s*\+ " + _NAME + rb"(?:==|@| )" + _VERSION + rb"\s*$", re.MULTILINE),
    re.compile(rb"(?i)\b(?:Installing|Installed|Downloaded|Downloading|Compiling|Using|Setting up|Fetched) " + _NAME
               + rb"(?: \(?|@|==|-)" + _VERSION + rb"\b"),
    re.compile(rb"(?:^|Z )" + _NAME + rb"(?: version|:)? " + _VERSION + rb"\s*(?:\(.{0,60}\))?\s*$", re.MULTILINE),
)  # fmt: skip
_PIP = re.compile(rb"Successfully installed (.{3,4000})")
_PIP_ONE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_.]*(?:-[A-Za-z][A-Za-z0-9_.]*)*)-(?P<version>\d[\w.+!]*)$")


def job_facts(log: LogText, job: JobText, section: Section | None) -> JobFacts:
    """The facts of one job; `section` is the step whose environment counts."""
    return JobFacts(
        runner=job.facts,
        actions=job.actions,
        versions=dict(sorted(_versions(log.data[job.start : min(job.end, job.start + EARLY)]))[:MOST]),
        env=section.env if section else {},
        permissions=job.permissions,
    )


def same_section(job: JobText, section: Section | None) -> Section | None:
    """The step of another run's job that has the same title; the one at the same place if several have."""
    if section is None:
        return None
    return next((other for other in job.sections if other.title == section.title), None)


def _versions(data: bytes) -> Iterator[tuple[str, str]]:
    """(name, version) wherever a tool's installer prints one; the first one of a name counts."""
    found: dict[str, str] = {}
    for match in _PIP.finditer(data):
        for word in match[1].decode("utf-8", "replace").split():
            one = _PIP_ONE.match(word)
            if one:
                found.setdefault(one["name"].lower(), one["version"])
    for pattern in _LINES:
        for match in pattern.finditer(data):
            name = match["name"].decode("utf-8", "replace")
            found.setdefault(name, match["version"].decode("utf-8", "replace"))
            if len(found) > MOST * 4:
                return iter(found.items())
    return iter(found.items())
