from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from failure_investigator import cli
from failure_investigator.initial import WORKFLOW, workflow
from failure_investigator.settings import DEFAULT_CONFIG

if TYPE_CHECKING:
    from pathlib import Path

ACTION = "octo-org/failure-investigator@v1"


def init(home: Path, *flags: str, **environ: str) -> tuple[int, str, str]:
    """Exit code, data and talk."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["init", "--directory", str(home), *flags]
    return cli.run(argv, environ, (io.BytesIO(), out, err), lambda: datetime.now(UTC)), out.getvalue(), err.getvalue()


def test_both_files_are_written_once(tmp_path: Path) -> None:
    """The second time they are already so."""
    first = init(tmp_path, "--action", ACTION, "--repository", "octo-org/app")
    second = init(tmp_path, "--action", ACTION, "--repository", "octo-org/app")

    assert (0, f"{WORKFLOW}: written\n{DEFAULT_CONFIG}: written\n") == first[:2]
    assert (0, f"{WORKFLOW}: is already so\n{DEFAULT_CONFIG}: is already so\n") == second[:2]
    assert workflow("octo-org/app", ACTION) == (tmp_path / WORKFLOW).read_text()
    assert "doctor" in first[2]


def test_what_is_there_stays_and_a_diff_is_shown(tmp_path: Path) -> None:
    """Whatever it is."""
    (tmp_path / ".github").mkdir()
    (tmp_path / DEFAULT_CONFIG).write_text("min-failures: 5\n")
    code, out, _ = init(tmp_path, "--action", ACTION)

    assert (0, "min-failures: 5\n") == (code, (tmp_path / DEFAULT_CONFIG).read_text())
    assert [True, True, True] == [
        line in out.splitlines() for line in (f"--- a/{DEFAULT_CONFIG}", "-min-failures: 5", "+# min-failures: 2")
    ]


def test_the_action_is_the_one_that_runs_us_or_a_placeholder_that_is_told(tmp_path: Path) -> None:
    """No account is guessed."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    ours = init(tmp_path / "a", GITHUB_ACTION_REPOSITORY="corp/failure-investigator", GITHUB_ACTION_REF="v2")
    unknown = init(tmp_path / "b")

    assert "uses: corp/failure-investigator@v2" in (tmp_path / "a" / WORKFLOW).read_text()
    assert (False, True) == ("OWNER" in ours[2], "in place of OWNER" in unknown[2])


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (["--action", "nothing"], "error: --action takes OWNER/NAME@REF, not 'nothing'\n"),
        (["--repository", "nothing"], "error: --repository takes owner/name, not 'nothing'\n"),
        (["--directory", "/nowhere"], "error: There is no directory /nowhere\n"),
        (["--directory", "/dev/fd"], "error: Cannot write /dev/fd/.github"),
    ],
)
def test_what_cannot_be_done_is_one_line(tmp_path: Path, flags: list[str], line: str) -> None:
    """With exit code 2."""
    code, out, err = init(tmp_path, *flags)

    assert (2, "", line) == (code, out, err[: len(line)])


def test_the_log_level_of_the_workflow_is_heard(tmp_path: Path) -> None:
    """Quiet leaves the data; a level that does not exist is the normal one."""
    quiet = init(tmp_path, "--action", ACTION, FAILURE_INVESTIGATOR_LOG_LEVEL="quiet")
    odd = init(tmp_path, "--action", ACTION, FAILURE_INVESTIGATOR_LOG_LEVEL="loud")

    assert ("", True) == (quiet[2], "Next:" in odd[2])


def test_an_organisation_s_workflow_calls_the_one_of_the_same_version(tmp_path: Path) -> None:
    """And what to do for its App is said; a repository's workflow that is there is left alone."""
    code, out, err = init(tmp_path, "--org", "--action", ACTION, "--repository", "octo-org/platform")
    called = "octo-org/failure-investigator/.github/workflows/investigate-org.yml@v1"

    assert (0, f"{WORKFLOW}: written\n{DEFAULT_CONFIG}: written\n") == (code, out)
    assert f"    uses: {called}\n" in (tmp_path / WORKFLOW).read_text()
    assert (True, True) == ("FAILURE_INVESTIGATOR_PRIVATE_KEY" in err, "doctor --organization octo-org" in err)
    assert (
        f"+    uses: {called}"
        not in init(tmp_path, "--org", "--action", ACTION, "--repository", "octo-org/platform")[1]
    )
    assert f"-    uses: {called}" in init(tmp_path, "--action", ACTION)[1].splitlines()
