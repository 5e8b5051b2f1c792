"""What the refused step's environment and inputs show: a credential set, empty, a placeholder, or another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cases.joblog import action, script
from tests.cases.story import ROTATE, Story

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'no'}}"
EMPTY = "`OPENAI_API_KEY` was empty in the step's environment, so no credential could be sent."


def test_a_variable_that_arrived_empty_was_never_judged(tmp_path: Path) -> None:
    """A bare 401 with an empty variable: nothing was sent, so nothing can be wrong or expired."""
    story = Story()
    story.bad(script("python ask.py", OPENAI_API_KEY="").says(REFUSED))
    told = story.told(tmp_path)

    assert ("credential_missing", "likely", "OPENAI_API_KEY") == told.verdict
    assert [EMPTY] == told.says("environment")
    assert dict.fromkeys(("credential_expired", "credential_invalid", "credential_malformed"), EMPTY) == told.excluded
    assert ROTATE not in told.steps


def test_a_masked_variable_leaves_a_bare_refusal_open(tmp_path: Path) -> None:
    """Something was sent and a client's 401 says no more: the cause stays open, and rotation is no first step."""
    story = Story()
    story.bad(script("python ask.py", OPENAI_API_KEY="***").says(REFUSED))
    told = story.told(tmp_path)

    assert ("unclassified", "possible", "OPENAI_API_KEY") == told.verdict
    assert ["`OPENAI_API_KEY` was set and masked in the step's environment."] == told.says("environment")
    assert {} == told.excluded
    assert (ROTATE in told.steps, "Do not rotate the credential before" in told.do_not) == (False, True)


def test_a_key_that_was_set_and_did_not_arrive_was_lost_on_the_way(tmp_path: Path) -> None:
    """Set in the step, not in the request: the contradiction is spelled out, and the secret is left alone."""
    story = Story()
    story.bad(script("codex exec", OPENAI_API_KEY="***").says(
        "ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "OPENAI_API_KEY") == told.verdict
    assert [
        "`OPENAI_API_KEY` was set and masked in the step's environment, so it was lost between the step and the request."
    ] == told.says("environment")
    assert "gh secret set" not in told.steps


def test_the_client_reads_another_variable_than_the_one_that_is_set(tmp_path: Path) -> None:
    """Two names of one service: the one that the message asks for is not the one in the step."""
    story = Story()
    story.bad(action("octo-org/slack-notify@v2", SLACK_WEBHOOK="***").says("##[error]No SLACK_WEBHOOK_URL provided"))
    told = story.told(tmp_path)
    says = (
        "The client reads `SLACK_WEBHOOK_URL`, which the step does not set; "
        "it sets `SLACK_WEBHOOK`, which this client does not read."
    )

    assert ("credential_missing", "certain", "SLACK_WEBHOOK_URL") == told.verdict
    assert [says] == told.says("environment")
    assert {
        "credential_expired": says,
        "credential_invalid": "The action stopped before it asked Slack.",
        "credential_malformed": says,
    } == told.excluded


def test_an_empty_input_of_an_action_is_no_token(tmp_path: Path) -> None:
    """The same for `with:` as for `env:`."""
    story = Story()
    story.bad(action("slackapi/slack-github-action@v2", {"method": "chat.postMessage", "token": ""}).says(
        "##[error]An API error occurred: not_authed"))  # fmt: skip
    told = story.told(tmp_path)
    empty = "`token` was empty in the step's inputs, so no credential could be sent."

    assert ("credential_missing", "certain", "token") == told.verdict
    assert [empty] == told.says("environment")
    assert {
        "credential_expired": empty,
        "credential_invalid": "For a token that it does not know Slack says `invalid_auth`.",
        "credential_malformed": empty,
    } == told.excluded


def test_the_placeholder_of_setup_node_is_an_empty_token(tmp_path: Path) -> None:
    """`XXXXX-XXXXX-XXXXX-XXXXX` is what setup-node prints where no token was given."""
    story = Story()
    story.bad(script("npm publish", NODE_AUTH_TOKEN="XXXXX-XXXXX-XXXXX-XXXXX").says(
        "npm error code E401", "npm error 401 Unauthorized - PUT https://npm.octo.example/octo"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("credential_missing", "likely", "NODE_AUTH_TOKEN") == told.verdict
    assert ["`NODE_AUTH_TOKEN` was empty in the step's environment, so no credential could be sent."] == told.says(
        "environment"
    )


def test_a_credential_that_a_line_break_spoils_was_not_judged(tmp_path: Path) -> None:
    """The client cannot write the header: the value may be right and is stored badly."""
    story = Story()
    story.bad(script("python ask.py", ANTHROPIC_API_KEY="***").says(
        "httpx.LocalProtocolError: Illegal header value b'Bearer ***\\n'"))  # fmt: skip
    told = story.told(tmp_path)
    why = "The client stopped before it sent anything, so the service judged no credential."

    assert ("credential_malformed", "likely", "ANTHROPIC_API_KEY") == told.verdict
    assert {"credential_invalid": why, "credential_expired": why} == told.excluded
    assert (ROTATE in told.steps, 'printf %s "$VALUE" | gh secret set ANTHROPIC_API_KEY' in told.steps) == (False, True)
