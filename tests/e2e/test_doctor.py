"""`doctor`: what is missing is named with the line to add, nothing is written, and the token is never shown."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from failure_investigator.model import Workflow
from tests.e2e.conftest import TOKEN

if TYPE_CHECKING:
    from tests.e2e.conftest import Done, Program
    from tests.e2e.standin import StandIn

OWN = Workflow(99, "Failure investigator", ".github/workflows/failure-investigator.yml")
FILE = """\
on:
  schedule:
    - cron: '17 */6 * * *'
jobs:
  investigate:
    runs-on: ubuntu-latest
    permissions:
      actions: read
      contents: read
      issues: write
    steps:
      - uses: octo-org/failure-investigator@v1
"""
CLASSIC = "gh" + "p_" + "c" * 36
FINE = "github" + "_pat_" + "f" * 60


@pytest.fixture(autouse=True)
def _set_up(standin: StandIn) -> None:
    """A repository in which all is well: the own workflow ran by its schedule three hours ago."""
    world = standin.world
    world.add_run(OWN, world.now - timedelta(hours=3), "success")
    world.files["HEAD", OWN.path] = FILE


def checks(done: Done) -> dict[str, dict[str, Any]]:
    """The checks of a JSON answer by name."""
    return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def examine(program: Program, **environ: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit code and checks, as a person runs it on their machine."""
    done = program("doctor", "--format", "json", environ={"GITHUB_ACTIONS": "", **environ})
    return done.code, checks(done)


def not_well(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Name → state of what is neither well nor unknown."""
    return {name: check["state"] for name, check in found.items() if check["state"] not in ("ok", "unknown")}


def test_where_all_is_well_it_says_so_and_has_written_nothing(program: Program, standin: StandIn) -> None:
    """Every check by name; no request but GETs; the token's kind and nothing of its value."""
    done = program("doctor", environ={"GITHUB_ACTIONS": ""})
    code, found = examine(program)

    names = [
        "token",
        "repository",
        "actions: read",
        "contents: read",
        "configuration",
        "issues enabled",
        "issues: write",
        "bot",
    ]
    assert [*names, "workflow", "permissions", "schedule", "last sweep", "API budget"] == list(found)
    assert (0, 0, {}, []) == (done.code, code, not_well(found), standin.writes())
    assert "Nothing keeps a sweep from its work." in done.stdout
    assert "installation token" in found["token"]["says"]
    assert "3 h ago" in found["schedule"]["says"]
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("missing", "line"), [("actions", "actions: read"), ("contents", "contents: read"), ("issues", "issues: write")]
)
def test_a_missing_permission_is_named_with_the_line_to_add(
    program: Program, standin: StandIn, missing: str, line: str
) -> None:
    """Probed by reading; all others are still told."""
    del standin.world.tokens[TOKEN].permissions[missing]
    code, found = examine(program)

    assert (3, "refused", line) == (code, found[line]["state"], found[line]["add"])
    assert "Resource not accessible" in found[line]["says"]


def test_a_bad_token_ends_it(program: Program) -> None:
    """Nothing else can be asked."""
    code, found = examine(program, **{"INPUT_GITHUB-TOKEN": "gh" + "p_" + "x" * 36})

    assert (3, ["token", "repository"], True) == (code, list(found), "401" in found["repository"]["says"])


def test_a_token_that_the_api_does_not_take_is_told_before_it_is_sent(program: Program, standin: StandIn) -> None:
    """An App's private key or JWT in place of its token."""
    code, found = examine(program, **{"INPUT_GITHUB-TOKEN": "gh" + "r_" + "x" * 36})

    assert (3, ["token"], []) == (code, list(found), standin.asked())


@pytest.mark.parametrize(
    ("scopes", "role", "state"),
    [
        ("repo, read:org", {"pull": True, "push": True}, "ok"),
        ("public_repo", {"pull": True, "triage": True}, "ok"),
        ("read:org", {"pull": True, "push": True}, "refused"),
        ("repo", {"pull": True}, "refused"),
    ],
)
def test_a_classic_token_is_judged_by_its_scopes_and_its_owner_s_role(
    program: Program, standin: StandIn, scopes: str, role: dict[str, bool], state: str
) -> None:
    """What GitHub tells beside the repository."""
    standin.world.add_token(CLASSIC, scopes=scopes, role=role, user=True)
    code, found = examine(program, **{"INPUT_GITHUB-TOKEN": CLASSIC})

    assert (3 if state == "refused" else 0, state) == (code, found["issues: write"]["state"])


def test_of_a_fine_grained_token_the_right_to_write_is_unknown(program: Program, standin: StandIn) -> None:
    """And said to be: only a write would tell."""
    standin.world.add_token(FINE, role={"pull": True, "push": True}, user=True)
    code, found = examine(program, **{"INPUT_GITHUB-TOKEN": FINE})

    assert (0, "unknown", "issues: write") == (code, found["issues: write"]["state"], found["issues: write"]["add"])


def test_a_job_without_the_permissions_is_shown_the_change(program: Program, standin: StandIn) -> None:
    """As a diff of the own workflow."""
    standin.world.files["HEAD", OWN.path] = FILE.replace("      issues: write\n", "")
    code, found = examine(program)

    assert (3, "refused") == (code, found["permissions"]["state"])
    assert "+      issues: write" in found["permissions"]["add"].splitlines()


def test_a_schedule_that_github_switched_off_is_told(program: Program, standin: StandIn) -> None:
    """After 60 quiet days GitHub stops schedules, and nobody hears of it."""
    standin.world.states[OWN.path] = "disabled_inactivity"
    code, found = examine(program)

    assert (3, "Enable it: gh workflow enable failure-investigator.yml") == (code, found["workflow"]["do"])


def test_a_schedule_that_stopped_and_a_failed_sweep_are_warnings(program: Program, standin: StandIn) -> None:
    """They do not keep the next one from its work."""
    world = standin.world
    world.runs = [run for run in world.runs if run.workflow.id != OWN.id]
    world.add_run(OWN, world.now - timedelta(days=10))
    code, found = examine(program)

    assert (0, {"schedule": "warning", "last sweep": "warning"}) == (code, not_well(found))
    assert "10 days ago" in found["schedule"]["says"]


def test_without_a_workflow_init_is_named(program: Program, standin: StandIn) -> None:
    """The first run of a person who looks around."""
    standin.world.runs = [run for run in standin.world.runs if run.workflow.id != OWN.id]
    del standin.world.files["HEAD", OWN.path]
    code, found = examine(program)

    assert (0, "warning", True) == (code, found["workflow"]["state"], "init" in found["workflow"]["do"])


def test_disabled_issues_a_wrong_configuration_and_a_spent_budget_are_told(program: Program, standin: StandIn) -> None:
    """Each with what to do."""
    standin.world.rename(has_issues=False)
    standin.world.files["HEAD", ".github/failure-investigator.yml"] = "min-failure: 2\n"
    standin.world.tokens[TOKEN].used = 4500
    code, found = examine(program)

    assert (3, {"configuration": "refused", "issues enabled": "refused", "API budget": "warning"}) == (
        code,
        not_well(found),
    )
    assert (
        "failure-investigator.yml:1: there is no key 'min-failure'. Did you mean min-failures?"
        in found["configuration"]["says"]
    )


def test_an_api_that_cannot_be_reached_is_exit_code_4(program: Program) -> None:
    """Nothing is said about what was not asked."""
    assert 4 == program("doctor", environ={"GITHUB_API_URL": "http://127.0.0.1:9"}).code


def test_the_excerpt_in_the_readme_is_what_it_prints(program: Program, standin: StandIn) -> None:
    """Every line of it, in its order."""
    world = standin.world
    world.runs = [run for run in world.runs if run.workflow.id != OWN.id]
    world.add_run(OWN, world.now - timedelta(days=10), "success")
    del world.tokens[TOKEN].permissions["issues"]
    done = program("doctor", environ={"GITHUB_ACTIONS": ""})
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    [excerpt] = [
        part.split("```")[0] for part in readme.split("```text\n")[1:] if "installation token" in part.split("```")[0]
    ]

    shown = excerpt.splitlines()
    assert shown == [line for line in done.stdout.splitlines() if line in shown]
