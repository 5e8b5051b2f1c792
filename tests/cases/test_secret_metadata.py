"""Whether the secret exists and when it was set, where the token may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cases.joblog import script
from tests.cases.story import ROTATE, Story, job, runs

if TYPE_CHECKING:
    from pathlib import Path

ASK = script("python ask.py", OPENAI_API_KEY="***")
REFUSED = "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'no'}}"


def test_a_secret_that_was_never_set_is_missing(tmp_path: Path) -> None:
    """The names are known and this one is not among them."""
    story = Story()
    story.sets("DEPLOY_TOKEN", days_ago=3)
    story.bad(script("python ask.py", OPENAI_API_KEY="").says(REFUSED))
    told = story.told(tmp_path)

    assert ("credential_missing", "likely", "OPENAI_API_KEY") == told.verdict
    assert [
        "Neither the repository nor its organisation has a secret `OPENAI_API_KEY` (an environment may have one)."
    ] == told.says("secret_metadata")


def test_a_secret_that_was_set_long_before_the_onset_is_no_proof_of_anything(tmp_path: Path) -> None:
    """Its age is told; the cause stays open."""
    story = Story()
    story.sets("OPENAI_API_KEY", days_ago=90)
    story.good(ASK.says("done"))
    story.bad(ASK.says(REFUSED))
    told = story.told(tmp_path)

    assert ("unclassified", "possible", "OPENAI_API_KEY") == told.verdict
    assert ["`OPENAI_API_KEY` was last set at 2026-02-03 06:00 UTC, 90 days before the first refusal."] == told.says(
        "secret_metadata"
    )
    assert ROTATE not in told.steps


def test_a_secret_that_was_set_between_good_and_bad_is_what_is_wrong(tmp_path: Path) -> None:
    """The new value never worked."""
    story = Story()
    story.good(ASK.says("done"))
    story.sets("OPENAI_API_KEY")
    story.wait(hours=1)
    story.bad(ASK.says(REFUSED))
    told = story.told(tmp_path)

    assert ("credential_invalid", "likely", "OPENAI_API_KEY") == told.verdict
    assert [
        "`OPENAI_API_KEY` was set at 2026-05-04 07:00 UTC, between the last good run and the first refusal."
    ] == told.says("secret_metadata")


def test_a_secret_that_was_set_after_the_first_refusal_did_not_help(tmp_path: Path) -> None:
    """Somebody rotated already, and the refusals went on."""
    story = Story()
    story.good(ASK.says("done"))
    story.bad(ASK.says(REFUSED))
    story.sets("OPENAI_API_KEY")
    story.wait(hours=1)
    story.bad(ASK.says(REFUSED))
    told = story.told(tmp_path)

    assert ("unclassified", "possible", "OPENAI_API_KEY") == told.verdict
    assert ["`OPENAI_API_KEY` was set again at 2026-05-04 10:00 UTC, after the first refusal."] == told.says(
        "secret_metadata"
    )


def test_what_counts_is_the_secret_behind_the_variable(tmp_path: Path) -> None:
    """`GH_TOKEN` comes from `secrets.BOT_TOKEN`, and that one is there."""
    story = Story()
    story.workflow(job(runs("gh pr list", GH_TOKEN="BOT_TOKEN")))
    story.sets("BOT_TOKEN", days_ago=40)
    story.bad(script("gh pr list", GH_TOKEN="***").says("HTTP 401: Bad credentials (https://api.github.com/graphql)"))
    told = story.told(tmp_path)

    assert ("credential_invalid", "certain", "GH_TOKEN") == told.verdict
    assert ["`BOT_TOKEN` was last set at 2026-03-25 06:00 UTC, 40 days before the first refusal."] == told.says(
        "secret_metadata"
    )


def test_a_token_that_may_not_know_the_secrets_says_nothing_of_them(tmp_path: Path) -> None:
    """Silence is no evidence of absence."""
    story = Story()
    story.bad(script("python ask.py", OPENAI_API_KEY="").says(REFUSED))

    assert [] == story.told(tmp_path).says("secret_metadata")
