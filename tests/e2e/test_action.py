"""action.yml, step by step as a runner does it, from a clean checkout against the stand-in.

setup-python and the cache are stand-ins here: the one gives this Python, the other restores an environment.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from failure_investigator.commands import investigate, plan
from tests.e2e.action_runner import ActionRunner
from tests.e2e.conftest import TOKEN
from tests.e2e.service_steps import clean_checkout, restore, setup_python

if TYPE_CHECKING:
    from tests.e2e.standin import StandIn

OUTPUTS = (*investigate.OUTPUTS, *plan.OUTPUTS)


@pytest.fixture
def runner(tmp_path: Path) -> ActionRunner:
    """The action of a clean checkout, in an empty job."""
    clean_checkout(tmp_path / "action")
    for name in ("temp", "job"):
        (tmp_path / name).mkdir()
    uses = {"actions/setup-python": setup_python, "actions/cache": restore}
    return ActionRunner(tmp_path / "action", tmp_path / "temp", tmp_path / "job", uses, TOKEN)


@pytest.fixture
def environ(standin: StandIn, tmp_path: Path) -> dict[str, str]:
    """What a runner sets for every step."""
    return {
        "HOME": str(tmp_path),
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": standin.api,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": standin.world.repository.name,
        "RUNNER_OS": "Linux",
        "RUNNER_ARCH": "X64",
        "FAILURE_INVESTIGATOR_NOW": standin.world.now.isoformat(),
        "FAILURE_INVESTIGATOR_WRITE_PAUSE": "0",
    }


def test_the_action_files_the_issue_and_sets_its_outputs(
    runner: ActionRunner, environ: dict[str, str], standin: StandIn
) -> None:
    """With the job's token, without any input."""
    done = runner.run({}, environ)

    assert (0, list(OUTPUTS)) == (done.code, list(done.outputs)), done.stderr
    assert ("1", [{"repository": "octo-org/octo-app", "number": 1}]) == (
        done.outputs["incident-count"],
        json.loads(done.outputs["created"]),
    )
    assert 1 == len(standin.world.issues)
    assert "1 incident" in done.summary
    assert Path(done.outputs["report"]).is_file()


def test_inputs_reach_the_program_and_nothing_runs_in_them(
    runner: ActionRunner, environ: dict[str, str], standin: StandIn
) -> None:
    """They go by the environment; a command in one is text."""
    dry = runner.run({"dry-run": "true", "labels": '$(touch "$HOME/pwned")`touch pwned`'}, environ)

    assert (0, [], "[]") == (dry.code, standin.world.issues, dry.outputs["created"])
    assert [] == list(runner.job.parent.rglob("pwned"))


def test_a_failure_is_the_exit_code_of_the_step(runner: ActionRunner, environ: dict[str, str]) -> None:
    """A token that GitHub refuses."""
    done = runner.run({"github-token": "gh" + "s_" + "x" * 40}, environ)

    assert (3, True) == (done.code, "::error" in done.stdout + done.stderr)


def test_what_lies_in_the_job_s_checkout_is_not_run(runner: ActionRunner, environ: dict[str, str]) -> None:
    """A pull request may bring a module of any name, and the job any setting of Python and pip."""
    for name in ("json.py", "failure_investigator.py", "sitecustomize.py", "venv.py", "httpx.py"):
        (runner.job / name).write_text("raise SystemExit('pwned')\n")
    hostile = {
        "PYTHONPATH": str(runner.job),
        "PYTHONHOME": "/nowhere",
        "PYTHONWARNINGS": "error",
        "PIP_TARGET": "/nowhere",
    }
    done = runner.run({}, {**environ, **hostile})

    assert (0, False) == (done.code, "pwned" in done.stdout + done.stderr), done.stderr


def test_the_environment_is_planned_once_for_one_lock_and_python(runner: ActionRunner, environ: dict[str, str]) -> None:
    """The same path and key the second time; another lock is another environment."""

    def plan() -> dict[str, str]:
        output = runner.temp / "planned"
        output.unlink(missing_ok=True)
        script = str(runner.checkout / "scripts" / "own_environment.py")
        given = {**environ, "GITHUB_OUTPUT": str(output), "RUNNER_TEMP": str(runner.temp)}
        subprocess.run([sys.executable, "-I", script, "plan"], env=given, check=True)
        return dict(line.split("=", 1) for line in output.read_text().splitlines())

    first, second = plan(), plan()
    (runner.checkout / "requirements.lock").write_text("other==1\n")
    third = plan()

    assert (["path", "key", "python", "library"], first) == (list(first), second)
    assert "failure-investigator-Linux-X64-py3." in first["key"]
    assert (True, True) == (first["key"] != third["key"], first["path"] != third["path"])


def test_an_installation_that_fails_ends_the_action_and_leaves_nothing_whole(
    runner: ActionRunner, environ: dict[str, str], tmp_path: Path
) -> None:
    """A cache that has nothing, and an index that has nothing: pip says why, and the next run begins anew."""
    runner.uses = {**runner.uses, "actions/cache": lambda _: {"cache-hit": ""}}
    nothing = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null"}
    done = runner.run({}, {**environ, **nothing})

    assert (1, "", "Install from the hashed lock, unless it was restored") == (
        done.code,
        done.outputs["incident-count"],
        list(done.seconds)[-1],
    )
    assert "No matching distribution found" in done.stderr
    assert [] == list(runner.temp.rglob("whole"))
