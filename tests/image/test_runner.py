"""The image as GitHub's runner starts it: a container action, with its files, folders and variables.

https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from failure_investigator.commands.investigate import OUTPUTS
from tests.e2e.conftest import TOKEN
from tests.e2e.runner_place import outputs
from tests.image.conftest import USER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.e2e.standin import StandIn
    from tests.image.conftest import Image
    from tests.image.engine import Ran

FOLDERS = {"home": "home", "runner_temp": "temp", "file_commands": "file_commands", "workspace": "workspace"}


@dataclass
class Job:
    """A job's folders on the runner's machine, which belong to its user."""

    image: Image
    place: Path
    environ: Mapping[str, str]

    def __post_init__(self) -> None:
        for name in FOLDERS.values():
            (self.place / name).mkdir()
        for name in ("output", "summary"):
            (self.place / "file_commands" / name).touch()
        if os.geteuid() == 0:
            for path in (self.place, *self.place.rglob("*")):
                os.chown(path, USER, USER)

    def run(self, environ: Mapping[str, str] | None = None, *, options: tuple[str, ...] = ()) -> Ran:
        """One step that uses the image."""
        mounts = [f"--volume={self.place / name}:/github/{inside}" for inside, name in FOLDERS.items()]
        mine = [] if os.geteuid() in (0, USER) else [f"--user={os.geteuid()}:{os.getegid()}"]
        return self.image(
            environ={**self.environ, **(environ or {})},
            options=("--workdir=/github/workspace", *mounts, *mine, *options),
        )

    @property
    def outputs(self) -> dict[str, str]:
        """What the step set."""
        return outputs(self.place / "file_commands" / "output")

    @property
    def summary(self) -> str:
        """What the step added to the summary."""
        return (self.place / "file_commands" / "summary").read_text("utf-8")


@pytest.fixture
def job(image: Image, at: Mapping[str, str], standin: StandIn, tmp_path: Path) -> Job:
    """A job of the swept repository."""
    environ = {
        **at,
        "CI": "true",
        "HOME": "/github/home",
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": standin.world.repository.name,
        "GITHUB_WORKSPACE": "/github/workspace",
        "GITHUB_OUTPUT": "/github/file_commands/output",
        "GITHUB_STEP_SUMMARY": "/github/file_commands/summary",
        "RUNNER_TEMP": "/github/runner_temp",
        "INPUT_GITHUB-TOKEN": TOKEN,
    }
    return Job(image, tmp_path, environ)


def test_it_files_the_issue_and_sets_the_outputs(job: Job, standin: StandIn) -> None:
    """Exit code, issue, outputs, summary and report are those of the action."""
    done = job.run()

    assert (0, list(OUTPUTS)) == (done.code, list(job.outputs)), done.stderr
    assert ("1", [{"repository": "octo-org/octo-app", "number": 1}]) == (
        job.outputs["incident-count"],
        json.loads(job.outputs["created"]),
    )
    assert ["AI Moderator: OpenAI answers 401, no credential reached it (OPENAI_API_KEY)"] == [
        issue["title"] for issue in standin.world.issues
    ]
    assert "1 incident" in job.summary
    assert 1 == len(
        json.loads((job.place / "temp" / "failure-investigator-report.json").read_text("utf-8"))["incidents"]
    )


def test_a_second_step_changes_nothing(job: Job, standin: StandIn) -> None:
    """The same issue, known by its marker."""
    codes = [job.run().code, job.run().code]

    assert ([0, 0], 1, "[]") == (codes, len(standin.world.issues), job.outputs["updated"])


def test_inputs_are_those_of_the_action(job: Job, standin: StandIn) -> None:
    """By the names that the runner makes of them, hyphens kept."""
    done = job.run({"INPUT_DRY-RUN": "true", "INPUT_LOOKBACK": "7d"})

    assert (0, [], "[]") == (done.code, standin.world.issues, job.outputs["created"])
    assert "Planned: create" in job.summary


def test_the_configuration_of_the_checkout_counts(job: Job, standin: StandIn) -> None:
    """A key that is wrong is exit code 2, with its line."""
    (job.place / "workspace" / ".github").mkdir()
    (job.place / "workspace" / ".github" / "failure-investigator.yml").write_text("lookbak: 7d\n", encoding="utf-8")
    done = job.run()

    assert (2, []) == (done.code, standin.world.issues)
    assert "failure-investigator.yml:1" in done.stderr.decode() + done.stdout.decode()


def test_a_token_that_is_refused_is_exit_code_3(job: Job) -> None:
    """With one annotation for the run's page."""
    done = job.run({"INPUT_GITHUB-TOKEN": "gh" + "s_" + "x" * 40})
    said = (done.stdout + done.stderr).decode()

    assert (3, 1) == (done.code, said.count("::error"))


def test_a_read_only_file_system_is_enough(job: Job) -> None:
    """All that it writes are the runner's own files."""
    done = job.run(options=("--read-only", "--cap-drop=all", "--security-opt=no-new-privileges"))

    assert (0, "1") == (done.code, job.outputs["incident-count"]), done.stderr
