"""What the workflow file tells: the secret behind a variable, a slip, a call without secrets, a push without credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cases.joblog import action, checkout, script
from tests.cases.story import Story, job, runs

if TYPE_CHECKING:
    from pathlib import Path

NOT_LOGGED_IN = 'Error: No existing credentials found. Please run `vercel login` or pass "--token"'
EMPTY = script("vercel deploy", VERCEL_TOKEN="").says(NOT_LOGGED_IN)


def test_the_secret_that_feeds_the_variable_is_named(tmp_path: Path) -> None:
    """The variable is the client's word, the secret the repository's."""
    story = Story()
    story.workflow(job(runs("vercel deploy", VERCEL_TOKEN="DEPLOY_TOKEN")))
    story.bad(script("vercel deploy", VERCEL_TOKEN="***").says("Error: access token has expired"))
    told = story.told(tmp_path)

    assert ("credential_expired", "likely", "VERCEL_TOKEN") == told.verdict
    assert ["`VERCEL_TOKEN` comes from `secrets.DEPLOY_TOKEN`."] == told.says("workflow_file")


def test_a_misspelt_secret_is_an_empty_one(tmp_path: Path) -> None:
    """The repository has one of nearly that name."""
    story = Story()
    story.workflow(job(runs("vercel deploy", VERCEL_TOKEN="DEPLOY_TOKN")))
    story.sets("DEPLOY_TOKEN", days_ago=30)
    story.bad(EMPTY)
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "VERCEL_TOKEN") == told.verdict
    assert [
        "The workflow file reads `secrets.DEPLOY_TOKN`, which looks like a slip for `secrets.DEPLOY_TOKEN`, used elsewhere."
    ] == told.says("workflow_file")
    assert ["credential_expired", "credential_invalid", "credential_malformed"] == sorted(told.excluded)


def test_a_reusable_workflow_that_is_called_without_secrets_has_none(tmp_path: Path) -> None:
    """Nothing is inherited unless the call says so."""
    story = Story()
    story.workflow("on: schedule\njobs:\n  publish:\n    uses: ./.github/workflows/deploy.yml\n")
    story.bad(EMPTY, job="publish / deploy")
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "VERCEL_TOKEN") == told.verdict
    assert [
        "`publish` calls `./.github/workflows/deploy.yml` without `secrets:`, so every secret but GITHUB_TOKEN is empty "
        "there (line 4 of the workflow file)."
    ] == told.says("workflow_file")


def test_a_protected_environments_secrets_are_its_own(tmp_path: Path) -> None:
    """The variable is empty and the job runs in an environment."""
    story = Story()
    story.workflow(job(runs("vercel deploy", VERCEL_TOKEN="VERCEL_TOKEN"), about="environment: production"))
    story.bad(EMPTY)
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "VERCEL_TOKEN") == told.verdict
    assert ["The job runs in the environment `production`, whose secrets only its rules let in."] == told.says(
        "workflow_file"
    )


def test_a_push_after_a_checkout_that_kept_no_credentials(tmp_path: Path) -> None:
    """git asks for a name because it has none."""
    story = Story()
    text = job(runs("git push origin main"))
    kept_none = "- uses: actions/checkout@v4\n        with:\n          persist-credentials: false"
    story.workflow(text.replace("- uses: actions/checkout@v4", kept_none))
    story.bad(
        checkout(persist=False),
        script("./build.sh").says(*(f"building page {number} of 30" for number in range(30))),
        script("git push origin main").says(
            "fatal: could not read Username for 'https://github.com': No such device or address"
        ),
    )
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "") == told.verdict
    assert [
        "`git push origin main` pushes, but the checkout before it says `persist-credentials: false` "
        "(line 9 of the workflow file)."
    ] == told.says("workflow_file")
    assert "credential_invalid" in told.excluded


def test_an_action_that_asks_for_an_identity_token_in_a_job_that_may_not(tmp_path: Path) -> None:
    """`id-token: write` is missing under `permissions:`."""
    publish = "uses: pypa/gh-action-pypi-publish@release/v1"
    story = Story()
    story.workflow(job(publish, permissions="contents: read"))
    story.bad(action("pypa/gh-action-pypi-publish@release/v1", {"verbose": "false"}).says(
        "##[error]Trusted publishing exchange failure: ",
        "OpenID Connect token retrieval failed: GitHub: missing or insufficient OIDC token permissions, "
        "the ACTIONS_ID_TOKEN_REQUEST_TOKEN environment variable was unset"))  # fmt: skip
    told = story.told(tmp_path)

    assert "federation_rejected" == told.verdict[0]
    assert [
        "`pypa/gh-action-pypi-publish@release/v1` asks for an OIDC token, but the job has no `id-token: write` "
        "(line 9 of the workflow file)."
    ] == told.says("workflow_file")
    assert "permissions: id-token: write" in told.steps


def test_a_file_that_is_right_says_nothing(tmp_path: Path) -> None:
    """The variable and the secret have one name, nothing is misspelt, and the job has what it needs."""
    story = Story()
    story.workflow(job(runs("vercel deploy", VERCEL_TOKEN="VERCEL_TOKEN"), permissions="contents: read"))
    story.bad(script("vercel deploy", VERCEL_TOKEN="***").says("Error: access token has expired"))

    assert [] == story.told(tmp_path).says("workflow_file")
