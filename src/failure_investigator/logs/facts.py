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
_BEGINS = rb"(?m)^(?:[^\t\n]*\t[^\t\n]*\t)?(?:\S+Z )?[ \t]*"
_LINES = (
    # pnpm and uv list what they installed: `+ openai 1.99.0`, `+ openai==1.99.0`.
    re.compile(_BEGINS + rb"\+ " + _NAME + rb"(?:==|@| )" + _VERSION + rb"\s*$"),
    # `Compiling reqwest v0.12.1`, `Installed openai 1.99.0`, `Using node 20.1.0`.
    re.compile(_BEGINS + rb"(?:Installing|Installed|Downloaded|Compiling|Using|Setting up|Fetched) " + _NAME
               + rb"[ @]\(?" + _VERSION),
    # `Downloading openai-1.99.0-py3-none-any.whl`
    re.compile(rb"Downloading (?:\S*/)?" + _NAME + rb"-" + _VERSION + rb"(?:-py|\.tar|\.tgz)"),
    # `git version 2.53.0`, `Docker version 27.3.1, build …`, `go version go1.22.1 linux/amd64`
    re.compile(_BEGINS + _NAME + rb" version (?:go)?" + _VERSION),
    # `Terraform v1.9.2`, `OpenAI Codex v0.121.0 (research preview)`, `Python 3.11.4`, `node: v20.1.0`
    re.compile(_BEGINS + rb"(?P<name>[A-Za-z][\w.+-]{1,40}(?: [A-Z][\w.+-]{1,40}){0,3}):? (?:v(?=\d)|(?=\d+\.\d+\.))" + _VERSION
               + rb"(?: \([^()\n]{1,60}\))?\s*$"),
    # `aws-cli/2.15.0 Python/3.11.6`
    re.compile(_BEGINS + _NAME + rb"/" + _VERSION + rb" \S+/"),
)  # fmt: skip
_PIP = re.compile(rb"Successfully installed (.{3,4000})")
_PIP_ONE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_.]*(?:-[A-Za-z][A-Za-z0-9_.]*)*)-(?P<version>\d[\w.+!]*)$")


def job_facts(log: LogText, job: JobText, section: Section | None) -> JobFacts:
    """The facts of one job; `section` is the step whose environment counts."""
    start = (
        job.sections[1].start if job.whole and len(job.sections) > 1 else job.start
    )  # the runner's words come before
    return JobFacts(
        runner=job.facts,
        actions=job.actions,
        versions=dict(sorted(_versions(log.data[start : min(job.end, start + EARLY)]))[:MOST]),
        env=section.env if section else {},
        permissions=job.permissions,
    )


def same_section(job: JobText, section: Section | None) -> Section | None:
    """The step of another run's job that has the same title; the one at the same place if several have."""
    if section is None:
        return None
    return next((other for other in job.sections if other.title == section.title), None)


def _versions(data: bytes | bytearray) -> Iterator[tuple[str, str]]:
    """(name, version) wherever a tool's installer prints one; the first one of a name counts."""
    found: dict[str, str] = {}
    for match in _PIP.finditer(data):
        for word in match[1].decode("utf-8", "replace").split():
            one = _PIP_ONE.match(word)
            if one:
                found.setdefault(one["name"].lower(), one["version"])
    for pattern in _LINES:
        for match in pattern.finditer(data):
            found.setdefault(match["name"].decode("utf-8", "replace"), match["version"].decode().rstrip(".,-+"))
            if len(found) > MOST * 4:
                return iter(found.items())
    return iter(found.items())
