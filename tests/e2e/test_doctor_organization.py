"""`doctor --organization`: what the token sees, what it lacks, where evidence would go, what a sweep costs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from failure_investigator.initial import WORKFLOW, organization_workflow
from failure_investigator.model import Workflow
from tests.e2e.conftest import TOKEN, Program
from tests.e2e.standin import Organization, StandIn
from tests.e2e.test_organization_workflow import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.conftest import Done

HOME = "octo-org/platform"
ALL_ISSUES = {"INPUT_ISSUE-REPOSITORY": HOME}


@pytest.fixture
def company() -> Organization:
    """A platform team's repository, whose workflow ran by its schedule, and three that are swept."""
    made = Organization("octo-org", NOW)
    home = made.add("platform")
    own = Workflow(99, "Failure investigator", WORKFLOW)
    home.add_run(own, NOW - timedelta(hours=3), "success")
    home.files["HEAD", WORKFLOW] = organization_workflow(HOME, "corp/failure-investigator@v1")
    for name in ("app", "web", "docs"):
        made.add(name)
    made.add_token(TOKEN)
    return made


@pytest.fixture
def at(company: Organization, tmp_path: Path) -> Iterator[Program]:
    """The program in front of it."""
    with StandIn(company) as standin:
        yield Program(tmp_path, standin)


def ask(program: Program, *flags: str, **environ: str) -> Done:
    """The answer for the organisation."""
    given = {"GITHUB_ACTIONS": "", **environ}
    return program("doctor", "--organization", "octo-org", "--format", "json", *flags, environ=given, now=NOW)


def checks(done: Done) -> dict[str, dict[str, Any]]:
    """By name."""
    return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def test_where_all_is_well_it_says_so_and_has_written_nothing(at: Program) -> None:
    """Also about the called workflow, whose jobs have tokens of their own."""
    done = ask(at, **ALL_ISSUES)
    found = checks(done)

    assert (0, []) == (done.code, at.standin.writes()), done.stdout + done.stderr
    assert "octo-org" == json.loads(done.stdout)["organization"]
    assert "4 of octo-org are swept" == found["repositories"]["says"]
    assert {"ok", "unknown"} == {check["state"] for check in found.values()}
    assert "unknown" == found["issues: write"]["state"]
    assert "investigate-org.yml@v1, whose jobs have tokens of their own" in found["permissions"]["says"]
    assert "the first sweep takes about 4" in found["API budget"]["says"]
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize("missing", ["actions", "contents", "issues"])
@pytest.mark.parametrize("place", [{}, ALL_ISSUES])
def test_a_missing_permission_is_named(at: Program, company: Organization, missing: str, place: dict[str, str]) -> None:
    """With the line, wherever issues go."""
    del company.tokens[TOKEN].permissions[missing]
    done = ask(at, **place)
    line = f"{missing}: {'write' if missing == 'issues' else 'read'}"

    assert (3, "refused", line) == (done.code, checks(done)[line]["state"], checks(done)[line]["add"])


def test_evidence_that_would_leave_its_visibility_is_told_with_the_line(at: Program, company: Organization) -> None:
    """To the issues, and by the sweep's own runs."""
    company.worlds[HOME].rename(visibility="internal")
    done = ask(at, **ALL_ISSUES)
    found = checks(done)

    assert (3, "refused", "refused") == (done.code, found["evidence"]["state"], found["runs"]["state"])
    assert "octo-org/app (private), octo-org/docs (private), octo-org/web (private)" in found["evidence"]["says"]
    assert "redact-private: true" == found["evidence"]["add"]
    assert "exclude-repositories: octo-org/app, octo-org/docs, octo-org/web" == found["runs"]["add"]

    fewer = ask(at, "--exclude-repositories", "app,docs,web", **ALL_ISSUES)
    counts = checks(ask(at, "--redact-private", "true", **ALL_ISSUES))
    assert (0, "ok") == (fewer.code, checks(fewer)["evidence"]["state"])
    assert ("ok", "refused") == (counts["evidence"]["state"], counts["runs"]["state"])


def test_each_repository_its_own_issues(at: Program, company: Organization) -> None:
    """Those without are named, and one repository for all is the way out."""
    company.worlds["octo-org/web"].rename(has_issues=False)
    found = checks(ask(at))["issues enabled"]

    assert ("warning", "not in octo-org/web (private)") == (found["state"], found["says"])


def test_an_app_that_sees_some_or_none_is_told(at: Program, company: Organization) -> None:
    """Not all of the organisation is a warning, nothing of it is the end."""
    company.tokens[TOKEN].sees = frozenset({"platform", "app"})
    some = checks(ask(at))["repositories"]
    none = ask(at, "--repositories", "nothing-*")

    assert ("warning", "2 of octo-org are swept") == (some["state"], some["says"])
    assert "selected repositories only" in some["do"]
    assert (3, "refused") == (none.code, checks(none)["repositories"]["state"])


def test_a_budget_that_does_not_reach_all_is_a_warning(at: Program, company: Organization) -> None:
    """With what becomes of the rest."""
    for number in range(40):
        company.add(f"more-{number}")
    company.tokens[TOKEN].used = 3970
    found = checks(ask(at))["API budget"]

    assert ("warning", True) == (found["state"], "come first next time" in found["do"])
