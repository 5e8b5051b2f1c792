"""Fixtures of the image's tests: the image, built once, and the stand-in for GitHub that it is let loose on."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import SNAPSHOT, TOKEN
from tests.e2e.standin import StandIn, World
from tests.image import engine as engines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.image.engine import Engine, Ran

HOME = Path(os.environ.get("FAILURE_INVESTIGATOR_TEST_CACHE", engines.ROOT / ".cache" / "image"))
USER = 1001
"""Of the image, and of GitHub's hosted runners."""


FIGURES = pytest.StashKey[list[str]]()
"""What was measured, for the end of the output."""


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is measured yet."""
    config.stash[FIGURES] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What was measured."""
    for line in config.stash[FIGURES]:
        terminalreporter.write_line(line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the image."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("image")


@dataclass(frozen=True)
class Image:
    """The image under test; a call runs it, with nothing of this machine but loopback."""

    engine: Engine
    name: str

    def __call__(
        self,
        *arguments: str,
        environ: Mapping[str, str] | None = None,
        options: tuple[str, ...] = (),
        stdin: bytes = b"",
        network: str = "host",
    ) -> Ran:
        """`run --rm` with variables and further options; the exit code is the program's."""
        given = [f"--env={name}={value}" for name, value in (environ or {}).items()]
        opened = ["--interactive"] if stdin else []
        flags = ("--rm", f"--network={network}", *opened, *given, *options)
        return self.engine("run", *flags, self.name, *arguments, stdin=stdin, check=False)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """podman, or what FAILURE_INVESTIGATOR_TEST_ENGINE names."""
    return engines.prepared(os.environ.get("FAILURE_INVESTIGATOR_TEST_ENGINE") or "podman", HOME)


@pytest.fixture(scope="session")
def image(engine: Engine, request: pytest.FixtureRequest) -> Image:
    """The Dockerfile as it stands, built; how long that took and how large it is, is told."""
    start = time.perf_counter()
    engines.build(engine, HOME)
    seconds = time.perf_counter() - start
    size = int(engine("image", "inspect", "--format", "{{.Size}}", engines.NAME).stdout)
    request.config.stash[FIGURES].append(f"the image: built in {seconds:.1f} s, {size / 1e6:.0f} MB")
    return Image(engine, engines.NAME)


@pytest.fixture
def world() -> World:
    """The founding incident, and a token that may do what the README says."""
    made = World.from_snapshot(SNAPSHOT)
    made.add_token(TOKEN)
    return made


@pytest.fixture
def standin(world: World) -> Iterator[StandIn]:
    """The stand-in that serves the world."""
    with StandIn(world) as made:
        yield made


@pytest.fixture
def at(standin: StandIn) -> dict[str, str]:
    """What leads to the stand-in, at the time of its world."""
    return {
        "GITHUB_API_URL": standin.api,
        "FAILURE_INVESTIGATOR_NOW": standin.world.now.isoformat(),
        "FAILURE_INVESTIGATOR_WRITE_PAUSE": "0",
    }
