"""The same credential elsewhere: what worked after the first refusal was neither missing, wrong nor expired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cases.joblog import script
from tests.cases.story import ROTATE, Story, job, runs

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = script("vercel deploy", VERCEL_TOKEN="***")
FILE = job(runs("vercel deploy", VERCEL_TOKEN="VERCEL_TOKEN"))
EXPIRED = "Error: access token has expired"
WORKED = "The same credential worked after the first refusal, in “Release”"


def refused(line: str, other: str = FILE) -> Story:
    """Two workflows with the same secret, set a month ago; one of them is refused."""
    story = Story()
    story.workflow(FILE)
    story.workflow(other, "Release")
    story.sets("VERCEL_TOKEN", days_ago=30)
    story.good(DEPLOY.says("deployed"))
    story.bad(DEPLOY.says(line))
    return story


def test_a_later_success_without_a_change_of_the_secret_excludes_expired(tmp_path: Path) -> None:
    """An expired token stays expired: what the client calls so must be something else, and nobody should rotate."""
    story = refused(EXPIRED)
    story.good(DEPLOY.says("deployed"), workflow="Release")
    told = story.told(tmp_path)
    why = f"{WORKED}: it was there, known and not expired."

    assert ("unclassified", "possible", "VERCEL_TOKEN") == told.verdict
    assert [why] == told.says("other_uses")
    assert dict.fromkeys(("credential_expired", "credential_invalid", "credential_missing"), why) == told.excluded
    assert (ROTATE in told.steps, "Do not rotate the credential before" in told.do_not) == (False, True)


def test_a_success_after_the_secret_was_set_again_says_nothing_of_the_old_one(tmp_path: Path) -> None:
    """The new value works; the old one may well have expired."""
    story = refused(EXPIRED)
    story.sets("VERCEL_TOKEN")
    story.wait(hours=1)
    story.good(DEPLOY.says("deployed"), workflow="Release")
    told = story.told(tmp_path)

    assert ("credential_expired", "likely", "VERCEL_TOKEN") == told.verdict
    assert [f"{WORKED}, but secrets were set in between."] == told.says("other_uses")
    assert {} == told.excluded


def test_a_success_before_the_first_refusal_is_no_evidence(tmp_path: Path) -> None:
    """A token works until it expires."""
    story = Story()
    story.workflow(FILE)
    story.workflow(FILE, "Release")
    story.good(DEPLOY.says("deployed"), workflow="Release")
    story.bad(DEPLOY.says(EXPIRED))
    told = story.told(tmp_path)

    assert ("credential_expired", "likely", "VERCEL_TOKEN") == told.verdict
    assert ([], {}) == (told.says("other_uses"), told.excluded)


def test_a_success_of_a_workflow_that_uses_another_secret_is_no_evidence(tmp_path: Path) -> None:
    """Its file does not name this one."""
    story = refused(EXPIRED, job(runs("vercel deploy", VERCEL_TOKEN="OTHER_TOKEN")))
    story.good(DEPLOY.says("deployed"), workflow="Release")
    told = story.told(tmp_path)

    assert ("credential_expired", "likely", "VERCEL_TOKEN") == told.verdict
    assert [] == told.says("other_uses")


def test_an_open_cause_loses_what_a_later_success_rules_out(tmp_path: Path) -> None:
    """A bare 403 stays open, with the credential's own faults struck out."""
    story = refused("Error: Not authorized: https://api.vercel.com/v13/deployments (HTTP 403)")
    story.good(DEPLOY.says("deployed"), workflow="Release")
    told = story.told(tmp_path)

    assert ("unclassified", "possible", "VERCEL_TOKEN") == told.verdict
    assert ["credential_expired", "credential_invalid", "credential_missing"] == sorted(told.excluded)
