"""Who is told of what."""

from __future__ import annotations

import pytest

from failure_investigator.causes import Cause
from failure_investigator.model import Workflow
from failure_investigator.owners import owners_of

OWNERS = (
    ("*", ("@everybody",)),
    ("openai", ("@octo-org/ai", "@mona")),
    ("quota_exhausted", ("@octo-org/billing",)),
    (".github/workflows/deploy-*", ("@octo-org/ops",)),
    ("Nightly *", ("@mona", "@octo-org/qa")),
)
BUILD = Workflow(1, "Build", ".github/workflows/build.yml")
DEPLOY = Workflow(2, "Deploy", ".github/workflows/deploy-web.yml")
NIGHTLY = Workflow(3, "Nightly tests", ".github/workflows/nightly.yml")


@pytest.mark.parametrize(
    ("service", "cause", "workflows", "expected"),
    [
        ("openai", Cause.CREDENTIAL_MISSING, [BUILD], ("@octo-org/ai", "@mona")),
        ("npm", Cause.QUOTA_EXHAUSTED, [BUILD], ("@octo-org/billing",)),
        ("npm", Cause.RATE_LIMITED, [BUILD, DEPLOY], ("@octo-org/ops",)),
        ("openai", Cause.RATE_LIMITED, [NIGHTLY], ("@octo-org/ai", "@mona", "@octo-org/qa")),
        ("npm", Cause.RATE_LIMITED, [BUILD], ("@everybody",)),
        ("npm", Cause.RATE_LIMITED, [], ("@everybody",)),
    ],
)
def test_all_that_match_are_told_in_order_and_each_once(
    service: str, cause: Cause, workflows: list[Workflow], expected: tuple[str, ...]
) -> None:
    """Those of `*` only where no other entry matches."""
    assert expected == owners_of(OWNERS, service, cause, workflows)


def test_a_file_s_name_is_enough_and_case_counts() -> None:
    """As it does for the `workflows` input."""
    owners = (("build.yml", ("@a",)), ("build", ("@b",)), ("Build", ("@c",)))

    assert ("@a", "@c") == owners_of(owners, "npm", Cause.RATE_LIMITED, [BUILD])


def test_an_entry_for_nobody_keeps_the_others_out() -> None:
    """What is known and accepted rings nobody up."""
    assert () == owners_of((("*", ("@a",)), ("npm", ())), "npm", Cause.RATE_LIMITED, [BUILD])


def test_nobody_is_told_where_nothing_is_configured() -> None:
    """No one is mentioned by default."""
    assert () == owners_of((), "npm", Cause.RATE_LIMITED, [BUILD])
    assert () == owners_of(OWNERS[1:], "npm", Cause.RATE_LIMITED, [BUILD])
