"""Fixtures of the end-to-end tests: the stand-in, and the program as a process of its own with a runner's environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import failure_investigator
from tests.e2e.standin import StandIn, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

SNAPSHOT = Path(failure_investigator.__file__).parent / "demo" / "snapshot"
TOKEN = "gh" + "s_" + "e" * 40


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts the stand-in."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker("e2e")


@dataclass
class Done:
    """A finished process, and what it left for the runner."""

    code: int
    stdout: str
    stderr: str
    outputs: dict[str, str]
    summary: str
    report: dict[str, Any]


class Program:
    """Starts `failure-investigator` against a stand-in, each time from an empty machine."""

    def __init__(self, home: Path, standin: StandIn) -> None:
        self.home, self.standin, self.count = home, standin, 0

    def __call__(
        self,
        *arguments: str,
        environ: Mapping[str, str] | None = None,
        now: datetime | None = None,
        stdin: bytes = b"",
    ) -> Done:
        """Run a command; `environ` adds to the runner's variables (`INPUT_…`), empty values take one away."""
        self.count += 1
        place = self.home / f"run-{self.count}"
        place.mkdir()
        moment = now or self.standin.world.now
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "FAILURE_INVESTIGATOR_CACHE": str(self.home / "cache"),
            "FAILURE_INVESTIGATOR_NOW": moment.isoformat(),
            "FAILURE_INVESTIGATOR_WRITE_PAUSE": "0",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.standin.api,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": self.standin.world.repository.name,
            "GITHUB_OUTPUT": str(place / "output"),
            "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
            "RUNNER_TEMP": str(place),
            "INPUT_GITHUB-TOKEN": TOKEN,
            **(environ or {}),
        }
        variables = {name: value for name, value in variables.items() if value}
        done = subprocess.run(
            [sys.executable, "-m", "failure_investigator", *(arguments or ("investigate",))],
            input=stdin, capture_output=True, env=variables, cwd=place, timeout=120, check=False,
        )  # fmt: skip
        report = place / "failure-investigator-report.json"
        return Done(
            done.returncode,
            done.stdout.decode(),
            done.stderr.decode(),
            outputs(place / "output"),
            (place / "summary.md").read_text("utf-8") if (place / "summary.md").exists() else "",
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


@pytest.fixture
def world() -> World:
    """The founding incident; the runner's token may do what the README says."""
    made = World.from_snapshot(SNAPSHOT)
    made.add_token(TOKEN)
    return made


@pytest.fixture
def standin(world: World) -> Iterator[StandIn]:
    """The stand-in that serves the world."""
    with StandIn(world) as made:
        yield made


@pytest.fixture
def program(tmp_path: Path, standin: StandIn) -> Program:
    """The program under test."""
    return Program(tmp_path, standin)
