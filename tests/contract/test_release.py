"""The release and the image, compared with the rest of the project; and the scripts in the workflow that decide something."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from failure_investigator.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Callable

    Script = Callable[[str, str, dict[str, str]], dict[str, str]]

ROOT = Path(__file__).parents[2]


def read(path: str) -> str:
    """A file of the project."""
    return (ROOT / path).read_text(encoding="utf-8")


def jobs(name: str) -> dict[str, Any]:
    """The jobs of a workflow."""
    found: dict[str, Any] = load(read(f".github/workflows/{name}.yml"), name).data["jobs"]
    return found


def before(name: str, among: dict[str, Any]) -> set[str]:
    """All jobs that have to succeed before this one."""
    needed = among[name].get("needs", [])
    direct = [needed] if isinstance(needed, str) else needed
    return set(direct).union(*(before(each, among) for each in direct))


def test_the_image_has_the_python_of_the_action() -> None:
    """One Python to know of."""
    [action] = re.findall(r"python-version: '([\d.]+)'", read("action.yml"))
    [image] = re.findall(r"^ARG PYTHON=\S+/python:([\d.]+)-slim-\w+$", read("Dockerfile"), re.MULTILINE)

    assert action == image


def test_ci_runs_on_the_pythons_that_are_said_to_be_supported() -> None:
    """The classifiers and the matrix are one list."""
    classifiers = tomllib.loads(read("pyproject.toml"))["project"]["classifiers"]
    said = re.findall(r"Python :: (3\.\d+)$", "\n".join(classifiers), re.MULTILINE)

    assert said == jobs("ci")["tests"]["strategy"]["matrix"]["python"]


def test_nothing_leaves_before_the_checks_are_green() -> None:
    """Every job that writes somewhere waits for them; what cannot be taken back waits for what can fail."""
    release = jobs("release")
    writers = [name for name, job in release.items() if "write" in job["permissions"].values()]

    assert ["image", "attest", "publish", "release", "move-tag", "move-image"] == writers
    assert [] == [name for name in writers if not {"checks", "distribution"} <= before(name, release)]
    assert {"image", "attest"} <= before("publish", release)
    assert "publish" in before("release", release)
    assert {"release", "publish"} <= before("move-tag", release) & before("move-image", release)


def test_an_identity_is_for_the_upload_and_the_attestations_alone() -> None:
    """Both run nothing but actions that are pinned, and only the upload has the environment that the index trusts."""
    release = jobs("release")
    able = {name: job.get("environment") for name, job in release.items() if "id-token" in job["permissions"]}
    runs = [step["run"].split()[0] for name in able for step in release[name]["steps"] if "run" in step]

    assert ({"attest": None, "publish": "pypi"}, ["install"]) == (able, runs)


def test_no_job_has_a_right_by_default() -> None:
    """Each names its own, and no credential of git is left in a checkout."""
    text = read(".github/workflows/release.yml")
    workflow = load(text, "release").data

    assert ({}, "bash") == (workflow["permissions"], workflow["defaults"]["run"]["shell"])
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


@pytest.fixture(name="script")
def _script(tmp_path: Path) -> Script:
    """Runs a step's script as a runner does, with a stand-in for one command that prints what it is told to."""

    def run(job: str, step: str, commands: dict[str, str]) -> dict[str, str]:
        [entry] = [each for each in jobs("release")[job]["steps"] if each.get("id") == step]
        for name, printed in commands.items():
            (tmp_path / name).write_text(f"#!/bin/sh\ncat <<'END'\n{printed}\nEND\n")
            (tmp_path / name).chmod(0o755)
        output = tmp_path / "output"
        output.touch()
        environ = {
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": "Octo-Org/failure-investigator",
            "GITHUB_REF_NAME": "v1.10.0",
            "TAG": "v1.10.0",
        }
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", entry["run"]]
        subprocess.run(shell, env=environ, cwd=ROOT, check=True, capture_output=True)
        return dict(line.split("=", 1) for line in output.read_text().splitlines())

    return run


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (["v1.9.0", "v1.2.3"], {"major": "v1"}),
        (["v1.11.0"], {}),
        (["v1.11.0-rc1", "v1.10"], {"major": "v1"}),
    ],
)
def test_only_the_newest_version_moves_the_tags(script: Script, others: list[str], expected: dict[str, str]) -> None:
    """A patch of an older version leaves them, and versions are numbers, not words."""
    told = "\n".join(f"refs/tags/{tag}" for tag in ["v1.10.0", *others])

    assert expected == script("newest", "tags", {"gh": told})


def test_a_base_without_a_digest_ends_the_release(script: Script) -> None:
    """Nothing is built on whatever the tag means by then."""
    with pytest.raises(subprocess.CalledProcessError):
        script("image", "names", {"docker": "Name: docker.io/library/python"})


def test_the_image_is_built_on_the_digest_of_its_base(script: Script) -> None:
    """The tag is looked up once, for both architectures; the name is in lower case, as registries want it."""
    digest = "sha256:" + "ab" * 32
    [base] = re.findall(r"^ARG PYTHON=(\S+)$", read("Dockerfile"), re.MULTILINE)

    assert {
        "image": "ghcr.io/octo-org/failure-investigator",
        "version": "1.10.0",
        "base": f"{base}@{digest}",
        "digest": digest,
    } == script("image", "names", {"docker": f'"{digest}"'})


def test_the_image_s_page_shows_inputs_and_rights_that_there_are() -> None:
    """What it hands to the container action are inputs; the rights are those of the workflow that `init` writes."""
    [shown] = re.findall(r"^```yaml\n(.*?)^```", read("docs/image.md"), re.MULTILINE | re.DOTALL)
    job = load(shown, "docs/image.md").data["jobs"]["investigate"]
    [step] = job["steps"]

    assert jobs("investigate")["investigate"]["permissions"] == job["permissions"]
    assert set(step["with"]) <= set(load(read("action.yml"), "action.yml").data["inputs"])


def test_the_release_s_page_names_every_job_that_does_something() -> None:
    """In the order in which they run."""
    told = re.findall(r"^\| (`[a-z`, -]+) \|", read("docs/release.md"), re.MULTILINE)
    named = [name.strip(" `") for cell in told for name in cell.split(",")]

    assert [name for name in jobs("release") if name != "newest"] == named
