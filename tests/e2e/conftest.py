"""Fixtures of the end-to-end tests: the stand-in, and the program as a process of its own with a runner's environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import failure_investigator
from tests.e2e.runner_place import Done, environment, left
from tests.e2e.standin import StandIn, World
from tests.e2e.story import TOKEN, Story, new_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

__all__ = ["SNAPSHOT", "TOKEN", "Done", "Program"]

SNAPSHOT = Path(failure_investigator.__file__).parent / "demo" / "snapshot"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts the stand-in."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker("e2e")


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
        process = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "FAILURE_INVESTIGATOR_CACHE": str(self.home / "cache"),
            "FAILURE_INVESTIGATOR_NOW": moment.isoformat(),
        }
        variables = environment(self.standin, place, TOKEN, process | dict(environ or {}))
        done = subprocess.run(
            [sys.executable, "-m", "failure_investigator", *(arguments or ("investigate",))],
            input=stdin, capture_output=True, env=variables, cwd=place, timeout=120, check=False,
        )  # fmt: skip
        return left(place, done.returncode, done.stdout.decode(), done.stderr.decode())


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


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A repository in which nothing has happened yet."""
    with StandIn(new_world()) as made:
        yield Story(made, tmp_path)
