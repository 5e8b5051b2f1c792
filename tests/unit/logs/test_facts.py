"""How a job ran, as its log tells it: the versions that tools print, whatever stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.looked import looked

from failure_investigator.logs.facts import job_facts, same_section
from failure_investigator.logs.jobs import JobText, read_jobs

if TYPE_CHECKING:
    from failure_investigator.logs.text import LogText

STAMP = "2026-05-04T10:00:00.0000000Z "


def read(*lines: str) -> tuple[LogText, JobText]:
    """A raw job log."""
    look = looked("".join(f"{STAMP}{line}\n" for line in lines).encode())
    [job] = read_jobs(look.log, look.marks)
    return look.log, job


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("OpenAI Codex v0.121.0 (research preview)", "OpenAI Codex", "0.121.0"),
        ("git version 2.53.0", "git", "2.53.0"),
        ("go version go1.22.1 linux/amd64", "go", "1.22.1"),
        ("Docker version 27.3.1, build ce12230", "Docker", "27.3.1"),
        ("Terraform v1.9.2", "Terraform", "1.9.2"),
        ("Python 3.11.4", "Python", "3.11.4"),
        ("node: v20.11.0", "node", "20.11.0"),
        ("aws-cli/2.15.0 Python/3.11.6 Linux/6.5", "aws-cli", "2.15.0"),
        ("+ openai==1.99.0", "openai", "1.99.0"),
        ("+ @octo/client 2.1.0", "@octo/client", "2.1.0"),
        ("   Compiling reqwest v0.12.1", "reqwest", "0.12.1"),
        ("Downloading openai-1.99.0-py3-none-any.whl (400 kB)", "openai", "1.99.0"),
        ("Successfully installed httpx-0.28.1 my-client-2.0.1rc1", "my-client", "2.0.1rc1"),
    ],
)
def test_a_version_is_read_as_the_tool_prints_it(line: str, name: str, version: str) -> None:
    """Name and number, without what stands around them."""
    log, job = read("##[group]Run ./go", "##[endgroup]", line)

    assert version == job_facts(log, job, None).versions[name]


@pytest.mark.parametrize(
    "line",
    ["took 3.5 seconds", "rate 0.25", "failed after 3 attempts 1.5", "HTTP/1.1 401 Unauthorized", "see RFC 7.1 for it"],
)
def test_numbers_that_are_no_versions_are_left(line: str) -> None:
    """Durations, ratios and protocols change from run to run."""
    log, job = read(line)

    assert {} == dict(job_facts(log, job, None).versions)


def test_the_step_of_the_same_title_is_compared() -> None:
    """Its environment is part of the facts."""
    log, job = read(
        "##[group]Run ./go", "shell: bash", "env:", "  KEY: ***", "##[endgroup]", "##[group]Run ./stop", "##[endgroup]"
    )
    section = same_section(job, job.sections[0])

    assert {"KEY": "***"} == dict(job_facts(log, job, section).env)
    assert same_section(job, None) is None
