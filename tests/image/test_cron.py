"""The image as cron or any other scheduler starts it: flags, variables, nothing mounted, nothing to write to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.e2e.conftest import TOKEN
from tests.e2e.standin.world import Fault
from tests.image.conftest import FIGURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from tests.e2e.standin import StandIn
    from tests.image.conftest import Image

BARE = ("--read-only", "--cap-drop=all", "--security-opt=no-new-privileges")
LOG = b"unexpected status 401 Unauthorized: Missing bearer or basic authentication in header\n"


def test_variables_alone_are_enough(image: Image, at: Mapping[str, str], standin: StandIn) -> None:
    """Without a word on the command line it sweeps the repository that the environment names."""
    given = {**at, "GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": standin.world.repository.name}
    done = image(environ=given, options=BARE)

    assert (0, 1) == (done.code, len(standin.world.issues)), done.stderr
    assert "OPENAI_API_KEY" in done.stdout.decode()
    assert TOKEN not in (done.stdout + done.stderr).decode()


def test_flags_name_what_is_swept(image: Image, at: Mapping[str, str], standin: StandIn) -> None:
    """Each input is a flag; a second sweep writes nothing."""
    flags = ("investigate", "--repository", standin.world.repository.name, "--lookback", "48h")
    first = image(*flags, environ={**at, "GITHUB_TOKEN": TOKEN}, options=BARE)
    written = len(standin.writes())
    second = image(*flags, environ={**at, "GITHUB_TOKEN": TOKEN}, options=BARE)

    assert (0, 0, 1) == (first.code, second.code, len(standin.world.issues))
    assert (True, written) == (written > 0, len(standin.writes()))


def test_a_sweep_is_a_matter_of_seconds(
    image: Image, at: Mapping[str, str], standin: StandIn, request: pytest.FixtureRequest
) -> None:
    """With the container's start; how many is told at the end."""
    start = time.perf_counter()
    done = image(
        environ={**at, "GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": standin.world.repository.name}, options=BARE
    )
    seconds = time.perf_counter() - start

    request.config.stash[FIGURES].append(f"a sweep in a container of its own: {seconds:.1f} s")

    assert (0, True) == (done.code, seconds < 15), f"{seconds:.1f} s"


def test_errors_are_one_line_and_their_exit_code(image: Image, at: Mapping[str, str]) -> None:
    """No repository, an unknown flag, a token that GitHub does not know."""
    nothing = image(environ=at, options=BARE)
    flag = image("investigate", "--repo", "a/b", environ=at, options=BARE)
    refused = image(environ={**at, "GITHUB_TOKEN": "x" * 20, "GITHUB_REPOSITORY": "octo-org/octo-app"}, options=BARE)

    assert [2, 2, 3] == [nothing.code, flag.code, refused.code]
    assert "No repository is named" in nothing.stderr.decode()
    assert "Traceback" not in (nothing.stderr + flag.stderr + refused.stderr).decode()


def test_help_and_the_library_need_nothing(image: Image) -> None:
    """Not even a network."""
    told, listed = (image(*words, options=BARE, network="none") for words in (("--help",), ("signatures", "list")))

    assert [0, 0] == [told.code, listed.code]
    assert (True, True) == ("investigate" in told.stdout.decode(), "openai/missing-bearer" in listed.stdout.decode())


def test_a_log_is_explained_from_standard_input(image: Image) -> None:
    """With the library compiled, on a file system that takes nothing."""
    done = image("explain", "-", options=BARE, network="none", stdin=LOG)

    assert (0, True) == (done.code, "credential_missing" in done.stdout.decode())


def test_it_stops_when_it_is_told_to(image: Image, at: Mapping[str, str], standin: StandIn) -> None:
    """In the middle of a sweep, at once, as interrupted: not after the engine's grace, by force."""
    standin.world.faults.append(Fault("GET", r"/actions/runs$", "delay", delay=60))
    given = {**at, "GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": standin.world.repository.name}
    flags = [f"--env={name}={value}" for name, value in given.items()]
    container = image.engine("run", "--detach", "--network=host", *flags, *BARE, image.name).stdout.decode().strip()
    try:
        until = time.monotonic() + 30
        while standin.world.faults[0].times and time.monotonic() < until:
            time.sleep(0.05)
        start = time.monotonic()
        image.engine("stop", "-t", "20", container)
        seconds = time.monotonic() - start
        code = image.engine("wait", container).stdout.decode().strip()
    finally:
        image.engine("rm", "--force", container)

    assert ("130", True) == (code, seconds < 10), f"{seconds:.1f} s"
