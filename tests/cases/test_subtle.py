"""Cases whose first answer looks right and is not: contradictions, wrong names, and advice that does not help."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.cases.joblog import Step, action, checkout, script
from tests.cases.story import DEPENDABOT, FORK, ROTATE, Story, job, runs

if TYPE_CHECKING:
    from pathlib import Path

NO_KEY = (
    "openai.OpenAIError: The api_key client option must be set either by passing api_key to the client or by setting "
    "the OPENAI_API_KEY environment variable"
)
BEARER = "ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header"
REFUSED = "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'no'}}"
EXPIRED = "Error: access token has expired"
BAD = "HTTP 401: Bad credentials (https://api.github.com/graphql)"
DENIED = "Resource not accessible by integration"
PUSHED = (
    "remote: Permission to octo-org/octo-app.git denied to github-actions[bot].",
    "fatal: unable to access 'https://github.com/octo-org/octo-app.git/': The requested URL returned error: 403",
)
ASK = script("python ask.py", OPENAI_API_KEY="***")
VERCEL = script("vercel deploy", VERCEL_TOKEN="***")


# --- environment


def test_the_variable_that_openais_client_names_is_the_one_that_it_reads(tmp_path: Path) -> None:
    """The step sets `OPENAI_KEY`; the message asks for `OPENAI_API_KEY`. Nothing was lost on the way."""
    story = Story()
    story.bad(script("python ask.py", OPENAI_KEY="***").says(NO_KEY))
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "OPENAI_API_KEY") == told.verdict
    assert [
        "The client reads `OPENAI_API_KEY`, which the step does not set; "
        "it sets `OPENAI_KEY`, which this client does not read."
    ] == told.says("environment")


def test_a_variable_that_the_step_does_not_have_is_named(tmp_path: Path) -> None:
    """The client names it, the step's environment shows no credential at all: absent is told, and the remedy has a name."""
    story = Story()
    story.bad(script("python ask.py", MODE="fast").says(NO_KEY))
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "OPENAI_API_KEY") == told.verdict
    assert ["OPENAI_API_KEY" in says for says in told.says("environment")] == [True]
    assert "`NAME" not in told.steps


def test_the_only_key_of_the_step_is_the_one_that_expired(tmp_path: Path) -> None:
    """Two services share the variable's name; the credential is known all the same."""
    story = Story()
    story.bad(ASK.says(EXPIRED))

    assert ("credential_expired", "likely", "OPENAI_API_KEY") == story.told(tmp_path).verdict


def test_a_variable_that_the_client_does_not_read_is_not_tried_later(tmp_path: Path) -> None:
    """The page contradicts itself: "which this client does not read", and "clients try it later"."""
    story = Story()
    story.bad(action("octo-org/slack-notify@v2", SLACK_WEBHOOK="***").says("##[error]No SLACK_WEBHOOK_URL provided"))
    told = story.told(tmp_path)

    assert [] == [other.what for other in told.diagnosis.alternatives if not other.excluded]
    assert "the step sets `SLACK_WEBHOOK_URL`" not in told.steps


# --- runs without secrets


def test_pull_request_target_has_its_secrets(tmp_path: Path) -> None:
    """It runs in the base repository's context, whoever's branch it is about."""
    story = Story()
    story.bad(VERCEL.says(EXPIRED), **{**FORK, "event": "pull_request_target"})
    told = story.told(tmp_path)

    assert ("credential_expired", "likely", "VERCEL_TOKEN") == told.verdict
    assert [] == told.says("runs_without_secrets")
    assert [("create", "3 consecutive failed runs")] == told.decided


@pytest.mark.parametrize("differs", [FORK, DEPENDABOT], ids=["fork", "dependabot"])
def test_setting_the_secret_does_not_help_a_run_that_gets_none(differs: dict[str, Any], tmp_path: Path) -> None:
    """Nor does looking for a lost one: the run must do without, or (Dependabot) have its own: `--app dependabot`."""
    story = Story()
    story.bad(script("vercel deploy", VERCEL_TOKEN="").says(EXPIRED), times=3, **differs)
    steps = story.told(tmp_path).steps

    assert [line for line in steps.splitlines() if "gh secret set" in line and "--app dependabot" not in line] == []
    assert "Check that the step passes the credential" not in steps


# --- target


def test_an_address_of_the_network_is_a_gateway(tmp_path: Path) -> None:
    """The refusal's own line names it; no host without letters is ever seen."""
    story = Story()
    story.bad(script("codex exec", OPENAI_API_KEY="***").says(f"{BEARER}, url: http://172.30.0.30:10000/v1/responses"))

    assert [
        "The request went to `172.30.0.30`, an address of this machine or network: what refused is a gateway or sidecar, "
        "or what it passed on."
    ] == story.told(tmp_path).says("target")


# --- onset


def test_the_runners_image_is_no_tool_called_version(tmp_path: Path) -> None:
    """Told once, as the runner's."""
    story = Story()
    story.good(ASK.says("done"))
    story.on(image="20260420.1.0")
    story.bad(ASK.says(REFUSED))

    assert ["Since the last good run the runner changed: `Runner Image Version` 20260413.91.1 → 20260420.1.0."] == (
        story.told(tmp_path).says("onset")
    )


def test_several_workflows_at_once_need_no_good_run_to_be_told(tmp_path: Path) -> None:
    """The good runs are out of sight, the three refusals are not."""
    story = Story(every=timedelta(minutes=2))
    for name in ("Nightly", "Release", "Docs"):
        story.bad(ASK.says("openai.AuthenticationError: 401 Incorrect API key provided: ***."), workflow=name, times=1)

    assert [
        "It was refused in 3 workflows within 10 minutes: what they share is the credential or the service."
    ] == story.told(tmp_path).says("onset")


# --- other uses, secrets


def outlived(step: str, line: str, variable: str, secret: str) -> Story:
    """A refusal, and later a success with the same unchanged secret in another workflow."""
    refused = script(step, **{variable: "***"})
    story = Story()
    for name in ("Nightly", "Release"):
        story.workflow(job(runs(step, **{variable: secret})), name)
    story.sets(secret, days_ago=30)
    story.good(refused.says("done"))
    story.bad(refused.says(line))
    story.good(refused.says("done"), workflow="Release")
    return story


def test_an_incident_of_github_is_no_bad_token(tmp_path: Path) -> None:
    """`Bad credentials` for an hour, and the same token worked afterwards: the service's own words are vetoed too."""
    told = outlived("gh pr list", BAD, "GH_TOKEN", "GH_TOKEN").told(tmp_path)

    assert "credential_invalid" != told.verdict[0]
    assert "credential_invalid" in told.excluded
    assert ROTATE not in told.steps


def test_a_later_success_excludes_expired_in_the_services_own_words_too(tmp_path: Path) -> None:
    """The veto has no exception for certain wordings."""
    told = outlived("./post.sh", "Error: An API error occurred: token_expired", "SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN")

    assert "credential_expired" in told.told(tmp_path).excluded


def test_other_uses_are_those_of_the_secret_and_not_of_the_variables_name(tmp_path: Path) -> None:
    """`VERCEL_TOKEN` comes from `secrets.DEPLOY_TOKEN` in both workflows."""
    told = outlived("vercel deploy", EXPIRED, "VERCEL_TOKEN", "DEPLOY_TOKEN").told(tmp_path)

    assert "unclassified" == told.verdict[0]
    assert "credential_expired" in told.excluded


def test_what_is_set_is_the_secret_and_not_the_variable(tmp_path: Path) -> None:
    """`gh secret set VERCEL_TOKEN` would make a secret that nothing reads."""
    story = Story()
    story.workflow(job(runs("vercel deploy", VERCEL_TOKEN="DEPLOY_TOKEN")))
    story.bad(VERCEL.says(EXPIRED))
    told = story.told(tmp_path)

    assert ("gh secret set DEPLOY_TOKEN" in told.steps, "gh secret set VERCEL_TOKEN" in told.steps) == (True, False)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("run: gh pr list\nenv:\n  GH_TOKEN: ${{ github.token }}", script("gh pr list", GH_TOKEN="***")),
        ("uses: actions/github-script@v7", action("actions/github-script@v7", {"github-token": "***"})),
    ],
    ids=["github.token", "an input's default"],
)
def test_the_jobs_own_token_is_no_secret_that_nobody_set(text: str, step: Step, tmp_path: Path) -> None:
    """Its value arrived, and it stands in no list of secrets."""
    story = Story()
    story.workflow(job(text))
    story.sets("OTHER", days_ago=3)
    story.bad(step.says(BAD))

    assert [] == story.told(tmp_path).says("secret_metadata")


def test_a_value_that_arrived_is_not_missing_for_want_of_a_secret_of_its_name(tmp_path: Path) -> None:
    """No workflow file tells which secret feeds the masked variable; that none has its name proves nothing."""
    story = Story()
    story.sets("DEPLOY_KEY", days_ago=3)
    story.bad(ASK.says(REFUSED))

    assert ("unclassified", "possible", "OPENAI_API_KEY") == story.told(tmp_path).verdict


# --- limits, retries


def test_a_line_is_no_limit_beside_itself(tmp_path: Path) -> None:
    """A rejected key read as throttling: the client's exception is called RateLimitError, the service says otherwise."""
    story = Story()
    story.bad(ASK.says(
        "litellm.RateLimitError: RateLimitError: OpenAIException - Error code: 401 - {'error': {'message': 'Incorrect API "
        "key provided: ***. You can find your API key at https://platform.openai.com/account/api-keys.'}}"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("credential_invalid", "certain", "OPENAI_API_KEY") == told.verdict
    assert [] == told.says("throttled")


def test_one_error_that_is_printed_twice_is_no_retry(tmp_path: Path) -> None:
    """npm's code and its sentence, octokit's dump and its last line: one answer each."""
    story = Story()
    story.bad(script("npm publish", NODE_AUTH_TOKEN="***").says(
        "npm error code ENEEDAUTH",
        "npm error need auth This command requires you to be logged in to https://npm.octo.example/"))  # fmt: skip

    assert [] == story.told(tmp_path).says("retries")


# --- confusions


def test_an_installation_limit_behind_not_supported(tmp_path: Path) -> None:
    """The dependency review prints "not supported" for every 403; the line before says which one it was."""
    story = Story()
    story.bad(action("actions/dependency-review-action@v4", {"repo-token": "***"}).says(
        "HttpError: API rate limit exceeded for installation ID 1234567.",
        "##[error]Dependency review is not supported on this repository. Please ensure that Dependency graph is enabled, "
        "see https://github.com/octo-org/octo-app/settings/security_analysis"))  # fmt: skip
    told = story.told(tmp_path)

    assert "rate_limited" == told.verdict[0]
    assert "Turn on the dependency graph" not in told.steps


@pytest.mark.parametrize("line", ["Error: Forbidden", "Error: Access denied: https://api.octo.example/v1/files"])
def test_digits_of_a_path_are_read_as_the_status_of_a_forbidden_request(line: str, tmp_path: Path) -> None:
    """A folder called 401 on the line before, and the issue's title says 401."""
    story = Story()
    story.bad(script("./deploy.sh", OCTO_TOKEN="***").says("uploading /srv/401/assets", line))

    assert 403 == story.told(tmp_path).diagnosis.status


# --- the workflow file


def test_a_push_right_after_a_checkout_without_credentials(tmp_path: Path) -> None:
    """What another step printed (`extraheader`, `--no-tags --prune`) does not make it the checkout's refusal."""
    text = job(runs("git push origin main"))
    story = Story()
    story.workflow(text.replace("checkout@v4", "checkout@v4\n        with:\n          persist-credentials: false"))
    story.bad(checkout(persist=False), script("git push origin main").says(
        "fatal: could not read Username for 'https://github.com': No such device or address"))  # fmt: skip

    assert ("credential_missing", "certain") == story.told(tmp_path).verdict[:2]


ROLE = {"role-to-assume": "arn:aws:iam::123456789012:role/octo", "aws-region": "eu-west-1"}


def test_aws_without_an_identity_token_is_federation(tmp_path: Path) -> None:
    """The step assumes a role by OIDC and the job has no `id-token: write`: there is no access key to set."""
    given = "".join(f"\n  {name}: {value}" for name, value in ROLE.items())
    story = Story()
    story.workflow(job(f"uses: aws-actions/configure-aws-credentials@v4\nwith:{given}", permissions="contents: read"))
    story.bad(action("aws-actions/configure-aws-credentials@v4", ROLE).says(
        "##[error]Credentials could not be loaded, please check your action inputs: Could not load credentials from any "
        "providers"))  # fmt: skip
    told = story.told(tmp_path)

    assert "federation_rejected" == told.verdict[0]
    assert "gh secret set" not in told.steps


def test_the_missing_id_token_is_shown_as_a_diff(tmp_path: Path) -> None:
    """The file lacks one line, and it is known which."""
    story = Story()
    story.workflow(job("uses: pypa/gh-action-pypi-publish@release/v1", permissions="contents: read"))
    story.bad(action("pypa/gh-action-pypi-publish@release/v1", {"verbose": "false"}).says(
        "##[error]Trusted publishing exchange failure: ",
        "OpenID Connect token retrieval failed: GitHub: missing or insufficient OIDC token permissions, "
        "the ACTIONS_ID_TOKEN_REQUEST_TOKEN environment variable was unset"))  # fmt: skip

    assert "+  id-token: write" in story.told(tmp_path).page


def test_a_slip_is_cured_in_the_file(tmp_path: Path) -> None:
    """The secret is there under its right name: the remedy is a letter, not a new secret."""
    story = Story()
    story.workflow(job(runs("vercel deploy", VERCEL_TOKEN="DEPLOY_TOKN")))
    story.sets("DEPLOY_TOKEN", days_ago=30)
    story.bad(
        script("vercel deploy", VERCEL_TOKEN="").says("Error: No existing credentials found. Please run `vercel login`")
    )
    steps = story.told(tmp_path).steps

    assert ("secrets.DEPLOY_TOKEN" in steps, "gh secret set VERCEL_TOKEN" in steps) == (True, False)


def test_a_call_without_secrets_is_cured_in_the_call(tmp_path: Path) -> None:
    """`secrets: inherit`, or the secret by name."""
    story = Story()
    story.workflow("on: schedule\njobs:\n  publish:\n    uses: ./.github/workflows/deploy.yml\n")
    story.bad(script("vercel deploy", VERCEL_TOKEN="").says("Error: No existing credentials found. Please run `vercel login`"),
              job="publish / deploy")  # fmt: skip

    assert "secrets: inherit" in story.told(tmp_path).steps


# --- the token's permissions


def test_the_command_tells_the_method_that_ghs_message_leaves_out(tmp_path: Path) -> None:
    """`gh` prints the address alone: a release is created with POST, and listing them needs less."""
    story = Story()
    story.workflow(job(runs("gh release create v1"), permissions="contents: read"))
    story.bad(script("gh release create v1", GH_TOKEN="***").says(
        f"HTTP 403: {DENIED} (https://api.github.com/repos/octo-org/octo-app/releases)"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("workflow_permissions", "certain", "contents: write") == told.verdict
    assert "+  contents: write" in told.page


def test_octokits_dump_has_the_method_on_a_line_of_its_own(tmp_path: Path) -> None:
    """`method: 'POST',` and `url: …` are one request."""
    story = Story()
    story.workflow(job("uses: actions/github-script@v7", permissions="contents: read"))
    story.bad(action("actions/github-script@v7", {"github-token": "***"}).says(
        f"RequestError [HttpError]: {DENIED}", "  status: 403,", "  request: {", "    method: 'POST',",
        "    url: 'https://api.github.com/repos/octo-org/octo-app/issues/12/comments',", "  }", "}",
        f"##[error]Unhandled error: HttpError: {DENIED}"))  # fmt: skip

    assert ("workflow_permissions", "certain", "issues: write") == story.told(tmp_path).verdict


def test_no_permission_of_this_repository_opens_another(tmp_path: Path) -> None:
    """GITHUB_TOKEN is the repository's own: a push elsewhere needs another token, and no diff helps."""
    story = Story()
    story.workflow(job(runs("git push https://github.com/octo-org/other main"), permissions="contents: read"))
    story.bad(script("git push https://github.com/octo-org/other main").says(
        "remote: Permission to octo-org/other.git denied to github-actions[bot].",
        "fatal: unable to access 'https://github.com/octo-org/other/': The requested URL returned error: 403"))  # fmt: skip
    told = story.told(tmp_path)

    assert "" == told.diagnosis.patch
    assert "permissions: contents: write" not in told.steps


def test_a_right_that_the_token_had_is_not_asked_for_again(tmp_path: Path) -> None:
    """The evidence says that a rule refuses; cause and remedy say the same."""
    story = Story()
    story.on(permissions={"Contents": "write", "Metadata": "read"})
    story.bad(script("git push origin main").says(*PUSHED))
    told = story.told(tmp_path)

    assert "policy_blocked" == told.verdict[0]
    assert "permissions: contents: write" not in told.steps


def test_what_no_entry_can_grant_is_not_advised_after_all(tmp_path: Path) -> None:
    """The first step says that GITHUB_TOKEN cannot have it, the third to write it under `permissions:`."""
    story = Story()
    story.bad(script("gh api -X PUT repos/octo-org/octo-app/branches/main/protection", GH_TOKEN="***").says(
        f"gh: {DENIED} (HTTP 403)"))  # fmt: skip

    assert "under `permissions:`" not in story.told(tmp_path).steps
