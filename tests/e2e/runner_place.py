"""The runner around a sweep: its variables and files, and what a sweep leaves there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.e2e.standin import StandIn


@dataclass
class Done:
    """A finished sweep, and what it left for the runner."""

    code: int
    stdout: str
    stderr: str
    outputs: dict[str, str]
    summary: str
    report: dict[str, Any]


def environment(standin: StandIn, place: Path, token: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The runner's variables for a sweep of the stand-in's repository; `more` adds, an empty value takes one away."""
    variables = {
        "HOME": str(place),
        "FAILURE_INVESTIGATOR_WRITE_PAUSE": "0",
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": standin.api,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": standin.world.repository.name,
        "GITHUB_OUTPUT": str(place / "output"),
        "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
        "RUNNER_TEMP": str(place),
        "INPUT_GITHUB-TOKEN": token,
        **(more or {}),
    }
    return {name: value for name, value in variables.items() if value}


def left(place: Path, code: int, stdout: str, stderr: str) -> Done:
    """What a sweep left in the runner's files."""
    report, summary = place / "failure-investigator-report.json", place / "summary.md"
    return Done(
        code,
        stdout,
        stderr,
        outputs(place / "output"),
        summary.read_text("utf-8") if summary.exists() else "",
        json.loads(report.read_text("utf-8")) if report.exists() else {},
    )


def outputs(path: Path) -> dict[str, str]:
    """What a step wrote to GITHUB_OUTPUT, read as the runner reads it."""
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    lines = path.read_text("utf-8").splitlines()
    while lines:
        name, _, delimiter = lines.pop(0).partition("<<")
        end = lines.index(delimiter)
        found[name] = "\n".join(lines[:end])
        lines = lines[end + 1 :]
    return found
