"""What is in the image, and what is not."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from failure_investigator import __version__
from tests.image import base
from tests.image.engine import ROOT

if TYPE_CHECKING:
    from tests.image.conftest import Image

BUILDERS = ("pip", "pip3", "uv", "poetry", "gcc", "cc", "g++", "clang", "make", "hatchling")
LISTED = "find /opt/failure-investigator/library -type f | sort | xargs sha256sum"


def configured(image: Image) -> dict[str, Any]:
    """The image's own account of itself."""
    told = image.engine("image", "inspect", "--format", "{{json .Config}}", image.name)
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def within(image: Image, script: str, *, user: str = "1001:1001") -> str:
    """What a shell script prints in the image."""
    done = image.engine("run", "--rm", f"--user={user}", "--entrypoint=sh", image.name, "-euc", script)
    return done.stdout.decode().strip()


def test_it_is_the_command_and_sweeps_by_default(image: Image) -> None:
    """An entry point, a default command that a schedule needs no word for, and a signal that Python answers."""
    found = configured(image)

    assert (["failure-investigator"], ["investigate"], "SIGINT") == (
        found["Entrypoint"],
        found["Cmd"],
        found["StopSignal"],
    )


def test_it_says_what_it_is(image: Image) -> None:
    """The labels of the OCI, with the licence of pyproject.toml and the base of the Dockerfile's first line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    labels = {
        name.removeprefix("org.opencontainers.image."): value for name, value in configured(image)["Labels"].items()
    }

    assert (project["name"], project["license"], base.named().reference) == (
        labels["title"],
        labels["licenses"],
        labels["base.name"],
    )
    assert labels["description"]


def test_it_is_not_root(image: Image) -> None:
    """Neither by number nor by what it can do."""
    assert "1001 1001" == within(image, 'echo "$(id -u) $(id -g)"')
    assert "CapEff:\t0000000000000000" == within(image, "grep CapEff /proc/self/status")


def test_nothing_in_it_installs_or_compiles(image: Image) -> None:
    """No command, and no module for any of its interpreters."""
    found = within(image, "; ".join(f"command -v {name} || true" for name in BUILDERS))
    names = ("pip", "setuptools", "ensurepip", "hatchling")
    modules = f"from importlib.util import find_spec; print([name for name in {names} if find_spec(name)])"
    asked = [within(image, f'{python} -c "{modules}"') for python in ("python", "/usr/local/bin/python")]

    assert ("", ["[]", "[]"]) == (found, asked)


def test_nothing_of_the_build_or_the_checkout_is_left(image: Image) -> None:
    """No settings of pip, no lock, no source tree, no tests."""
    places = "/etc/pip.conf /build /work/* /root/.cache/pip /opt/failure-investigator/lib/python3*/site-packages/tests"

    assert "" == within(image, f"ls -d {places} 2>/dev/null || true", user="0:0")


def test_it_is_the_version_of_this_checkout(image: Image) -> None:
    """The wheel was made from here."""
    done = image("--version")

    assert (0, f"failure-investigator {__version__}\n") == (done.code, done.stdout.decode())


def test_all_modules_are_compiled(image: Image) -> None:
    """What starts it has nothing to compile, and could not keep it."""
    script = """
packages=/opt/failure-investigator/lib/python3*/site-packages/failure_investigator
find $packages -name '*.py' | while read -r path; do
  compiled="$(dirname "$path")/__pycache__/$(basename "$path" .py).cpython-"*.pyc
  test -e $compiled || echo "$path"
done
"""

    assert "" == within(image, script)


def test_the_library_is_compiled(image: Image) -> None:
    """Root, who could write what is missing or stale, finds nothing to write."""
    script = f"{LISTED}; failure-investigator explain /etc/os-release >&2; echo; {LISTED}"
    before, _, after = within(image, script, user="0:0").partition("\n\n")

    assert ("library/library-" in before, before) == (True, after)


def test_every_user_can_run_it(image: Image) -> None:
    """Some platforms give every container a number of its own, without a name or a home."""
    done = image("signatures", "list", options=("--user=54321:0", "--read-only"))

    assert (0, True) == (done.code, "openai/missing-bearer" in done.stdout.decode())
