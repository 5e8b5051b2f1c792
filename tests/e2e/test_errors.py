"""Everything that can be wrong with a set-up: one clear line, the right exit code, no traceback, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Done, Program
    from tests.e2e.standin import StandIn


def line(done: Done) -> str:
    """The one error line on stderr."""
    assert "Traceback" not in done.stderr
    [found] = [text for text in done.stderr.splitlines() if text.startswith("error: ")]
    return found


def test_a_bad_token_is_refused_by_name(program: Program, standin: StandIn) -> None:
    """401 is the token's fault, and nobody else's."""
    done = program(environ={"INPUT_GITHUB-TOKEN": "gh" + "s_" + "x" * 40})

    assert (done.code, "token" in line(done)) == (3, True)


@pytest.mark.parametrize(("missing", "named"), [("actions", "actions: read"), ("issues", "issues: write")])
def test_a_missing_permission_is_named_as_the_entry_to_add(
    program: Program, standin: StandIn, missing: str, named: str
) -> None:
    """The line can be pasted into the workflow."""
    del standin.world.tokens[TOKEN].permissions[missing]

    done = program()

    assert (done.code, named in line(done)) == (3, True)
    assert standin.world.issues == []


def test_an_unknown_repository_is_said_to_be_unknown_or_invisible(program: Program) -> None:
    """404 hides both."""
    done = program(environ={"GITHUB_REPOSITORY": "octo-org/nowhere"})

    assert (done.code, "octo-org/nowhere" in line(done)) == (3, True)


def test_disabled_issues_are_said_before_anything_is_read(program: Program, standin: StandIn) -> None:
    """The fix is in the settings, or another repository."""
    standin.world.rename(has_issues=False)

    done = program()

    assert (done.code, "issue-repository" in line(done)) == (2, True)


def test_an_api_that_cannot_be_reached_closes_nothing(program: Program) -> None:
    """Exit code 4: nothing was concluded."""
    done = program(environ={"GITHUB_API_URL": "http://127.0.0.1:9"})

    assert done.code == 4
    assert "could not be reached" in line(done)


@pytest.mark.parametrize(
    ("text", "said"),
    [("min-failures: [", "failure-investigator.yml"), ("min-failure: 3\n", "Did you mean min-failures?")],
)
def test_a_wrong_configuration_names_its_line_and_the_nearest_key(
    program: Program, standin: StandIn, text: str, said: str
) -> None:
    """From the repository's default branch."""
    standin.world.files["HEAD", ".github/failure-investigator.yml"] = text

    done = program()

    assert (done.code, said in line(done)) == (2, True)


def test_a_path_that_cannot_be_read_costs_one_line(program: Program, tmp_path: Path) -> None:
    """`explain` of nothing."""
    done = program("explain", str(tmp_path / "missing.log"))

    assert (done.code, "missing.log" in line(done)) == (2, True)
