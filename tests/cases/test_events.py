"""Runs that get no secrets, and runs that look like them: forks, Dependabot, `workflow_run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cases.joblog import script
from tests.cases.story import DEPENDABOT, FORK, ROTATE, Story

if TYPE_CHECKING:
    from pathlib import Path

NO_ISSUE = [("none", "only runs from forks or Dependabot, which get no secrets")]
EXPIRED = "Error: access token has expired"
SENT = ("credential_expired", "credential_invalid", "credential_malformed")


def test_a_pull_request_from_a_fork_gets_no_secret(tmp_path: Path) -> None:
    """A bare 401 in a fork's run: nothing was passed; it is told and files nothing."""
    story = Story()
    story.on(secret_source="None")
    story.bad(script("curl -f https://api.openai.com/v1/models", OPENAI_API_KEY="").says(
        "curl: (22) The requested URL returned error: 401"), **FORK)  # fmt: skip
    told = story.told(tmp_path)
    why = (
        "`OPENAI_API_KEY` was empty in the step's environment: "
        "the job got no secrets (`Secret source: None`, as for pull requests from forks)."
    )

    assert ("credential_missing", "likely", "OPENAI_API_KEY") == told.verdict
    assert [why] == told.says("environment")
    assert ["GitHub passes no secrets to pull requests from forks, and this is one."] == told.says(
        "runs_without_secrets"
    )
    assert dict.fromkeys(SENT, why) == told.excluded
    assert ((), NO_ISSUE) == (told.pages, told.named)


def test_a_forks_run_never_yields_expired(tmp_path: Path) -> None:
    """Whatever the client says of an expired token: the repository's secret was not there to expire."""
    story = Story()
    story.bad(script("sonar-scanner").says(EXPIRED), **FORK)
    told = story.told(tmp_path)
    why = "GitHub passes no secrets to pull requests from forks, and this is one."

    assert "credential_missing" == told.verdict[0]
    assert dict.fromkeys(SENT, why) == told.excluded
    assert ROTATE not in told.steps


def test_dependabots_runs_get_dependabots_secrets_only(tmp_path: Path) -> None:
    """The variable prints empty and the header says whose secrets there are."""
    story = Story()
    story.on(secret_source="Dependabot")
    story.bad(script("npm ci", NODE_AUTH_TOKEN="").says(
        "npm error code E401", "npm error Incorrect or missing password."), **DEPENDABOT)  # fmt: skip
    told = story.told(tmp_path)
    why = (
        "`NODE_AUTH_TOKEN` was empty in the step's environment: "
        "the job got Dependabot's secrets only (`Secret source: Dependabot`)."
    )

    assert ("credential_missing", "likely", "NODE_AUTH_TOKEN") == told.verdict
    assert [why] == told.says("environment")
    assert ["GitHub passes no secrets to Dependabot's runs, and this is one."] == told.says("runs_without_secrets")
    assert dict.fromkeys(SENT, why) == told.excluded
    assert NO_ISSUE == told.named


def test_the_header_tells_of_a_job_without_secrets_whatever_the_run_looks_like(tmp_path: Path) -> None:
    """`Secret source: None` in a run of the repository's own branch."""
    story = Story()
    story.on(secret_source="None")
    story.bad(script("vercel deploy").says(EXPIRED))
    told = story.told(tmp_path)
    why = "The runner printed `Secret source: None`: the job got no secrets."

    assert "credential_missing" == told.verdict[0]
    assert [why] == told.says("runs_without_secrets")
    assert dict.fromkeys(SENT, why) == told.excluded


def test_a_workflow_run_has_its_secrets_even_after_a_forks_run(tmp_path: Path) -> None:
    """`workflow_run` runs in the repository's own context: what the service says of its token stands."""
    story = Story()
    differs = {**FORK, "event": "workflow_run"}
    story.bad(script("vercel deploy", VERCEL_TOKEN="***").says(EXPIRED), **differs)
    told = story.told(tmp_path)

    assert ("credential_expired", "likely", "VERCEL_TOKEN") == told.verdict
    assert ([], {}) == (told.says("runs_without_secrets"), told.excluded)
    assert ROTATE in told.steps
    assert [("create", "3 consecutive failed runs")] == told.named


def test_a_colleagues_pull_request_has_its_secrets(tmp_path: Path) -> None:
    """A branch of the same repository is no fork."""
    story = Story()
    story.bad(script("vercel deploy", VERCEL_TOKEN="***").says(EXPIRED), event="pull_request", branch="feature")
    told = story.told(tmp_path)

    assert ("credential_expired", "likely", "VERCEL_TOKEN") == told.verdict
    assert [] == told.says("runs_without_secrets")
