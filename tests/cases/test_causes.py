"""Refusals that are no fault of a credential's value: rights, quotas, policies, federation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cases.joblog import action, script
from tests.cases.story import ROTATE, Story

if TYPE_CHECKING:
    from pathlib import Path


def test_missing_bearer_excludes_invalid_and_expired(tmp_path: Path) -> None:
    """The service has other words for a key that it does not know."""
    story = Story()
    story.bad(script("codex exec", OPENAI_API_KEY="***").says(
        "ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "OPENAI_API_KEY") == told.verdict
    assert {
        "credential_invalid": "For a key that it does not know OpenAI says `Incorrect API key provided`.",
        "credential_expired": "For a revoked or expired key OpenAI says `Incorrect API key provided`.",
    } == told.excluded
    assert "Do not rotate the key" in told.do_not


def test_a_401_for_a_missing_scope_is_a_right_and_no_bad_key(tmp_path: Path) -> None:
    """The number says not authenticated; OpenAI knew the key and names the scope."""
    story = Story()
    story.bad(script("python ask.py", OPENAI_API_KEY="***").says(
        "openai.AuthenticationError: Error code: 401 - You have insufficient permissions for this operation. "
        "Missing scopes: model.request. Check that you have the correct role in your organization."))  # fmt: skip
    told = story.told(tmp_path)
    why = "OpenAI knew the key and names the scope it lacks."

    assert ("permission_denied", "certain", "model.request") == told.verdict
    assert {"credential_invalid": why, "credential_missing": why} == told.excluded
    assert "model.request" in told.steps


def test_a_429_of_an_empty_account_does_not_pass_by_waiting(tmp_path: Path) -> None:
    """`insufficient_quota` is billing."""
    story = Story()
    story.bad(script("python ask.py", OPENAI_API_KEY="***").says(
        "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check "
        "your plan and billing details.', 'type': 'insufficient_quota'}}"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("quota_exhausted", "certain", "OPENAI_API_KEY") == told.verdict
    assert {
        "rate_limited": "It does not pass by itself; for throttling OpenAI says `Rate limit reached for`."
    } == told.excluded
    assert ("Wait" in told.steps, "Do not retry" in told.do_not) == (False, True)


def test_a_limit_that_passes_needs_three_runs_to_be_filed(tmp_path: Path) -> None:
    """Two throttled nights are weather."""
    story = Story()
    story.bad(script("python ask.py", OPENAI_API_KEY="***").says(
        "openai.RateLimitError: Rate limit reached for gpt-4o in organization org-*** on tokens per min (TPM)"),
        times=2)  # fmt: skip
    told = story.told(tmp_path)

    assert ("rate_limited", "certain", "OPENAI_API_KEY") == told.verdict
    assert [("none", "2 of 3 consecutive failed runs")] == told.named


def test_no_trusted_publisher_matches_and_the_identity_token_is_fine(tmp_path: Path) -> None:
    """PyPI took the token and found no publisher for its claims."""
    story = Story()
    story.on(permissions={"Contents": "read", "Id-token": "write", "Metadata": "read"})
    story.bad(action("pypa/gh-action-pypi-publish@release/v1", {"verbose": "false"}).says(
        "##[error]Trusted publishing exchange failure: ",
        "Token request failed: the server refused the request for the following reasons:",
        "* `invalid-publisher`: valid token, but no corresponding publisher"
        " (Publisher with matching claims was not found)"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("federation_rejected", "certain", "") == told.verdict
    assert {
        "credential_invalid": "The identity token itself was accepted; no publisher matches its claims."
    } == told.excluded
    assert "Do not fall back to a long-lived secret" in told.do_not


def test_single_sign_on_is_a_policy_and_no_bad_token(tmp_path: Path) -> None:
    """The organisation wants the token authorised once."""
    story = Story()
    story.bad(script("gh api /orgs/octo-org/teams", GH_TOKEN="***").says(
        "gh: Resource protected by organization SAML enforcement. You must grant your Personal Access token access to "
        "this organization. (HTTP 403)"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("policy_blocked", "certain", "") == told.verdict
    assert {"credential_invalid": "The token is known; it is not authorised for the organisation."} == told.excluded
    assert ROTATE not in told.steps


def test_a_gated_model_is_a_right_of_the_account(tmp_path: Path) -> None:
    """The Hub knew who asked."""
    story = Story()
    story.bad(script("hf download octo-org/octo-4b", HF_TOKEN="***").says(
        "huggingface_hub.errors.GatedRepoError: 403 Client Error. (Request ID: Root=1-0)",
        "Access to model octo-org/octo-4b is restricted and you are not in the authorized list. "
        "Visit https://huggingface.co/octo-org/octo-4b to ask for access."))  # fmt: skip
    told = story.told(tmp_path)

    assert ("permission_denied", "certain", "HF_TOKEN") == told.verdict
    assert "Do not rotate the credential: it was recognised." in told.do_not


def test_an_expired_token_is_told_with_its_date_of_setting(tmp_path: Path) -> None:
    """The service says that it expired, and the secret is ninety days old."""
    story = Story()
    story.sets("SLACK_BOT_TOKEN", days_ago=90)
    post = script("./post.sh", SLACK_BOT_TOKEN="***")
    story.good(post.says("posted"))
    story.bad(post.says("Error: An API error occurred: token_expired"))
    told = story.told(tmp_path)

    assert ("credential_expired", "certain", "SLACK_BOT_TOKEN") == told.verdict
    assert ["`SLACK_BOT_TOKEN` was last set at 2026-02-03 06:00 UTC, 90 days before the first refusal."] == told.says(
        "secret_metadata"
    )
    assert (ROTATE in told.steps, "gh secret set SLACK_BOT_TOKEN" in told.steps) == (True, True)
