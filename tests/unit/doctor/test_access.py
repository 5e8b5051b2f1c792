"""What answers of GitHub mean for a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from failure_investigator.doctor import access
from failure_investigator.doctor.examine import budget
from failure_investigator.doctor.token import kind_of
from failure_investigator.sources.github_probe import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

INSTALLATION = kind_of("gh" + "s_x")


def said(status: int, headers: Mapping[str, str] | None = None, **data: Any) -> Answer:
    """An answer."""
    return Answer(status, headers or {}, data)


@pytest.mark.parametrize(
    ("answer", "state", "part"),
    [
        (said(200, full_name="o/r", visibility="private"), "ok", "o/r, private"),
        (said(200, archived=True), "refused", "archived"),
        (said(404, message="Not Found"), "refused", "unknown, or invisible"),
        (said(403, {"x-ratelimit-remaining": "0"}, message="API rate limit exceeded"), "refused", "rate limit"),
        (said(403, {"x-github-sso": "required; url=x"}, message="SAML"), "refused", "403 SAML"),
    ],
)
def test_a_repository_that_cannot_be_swept_is_told_apart(answer: Answer, state: str, part: str) -> None:
    """Each way has its own cure."""
    check = access.repository("o/r", answer, INSTALLATION)

    assert (state, True) == (check.state, part in check.says)


@pytest.mark.parametrize(
    ("ours", "theirs", "redact", "state"),
    [("private", "public", False, "refused"), ("private", "public", True, "ok"), ("public", "private", False, "ok")],
)
def test_evidence_that_would_leave_its_visibility_is_refused(ours: str, theirs: str, redact: bool, state: str) -> None:  # noqa: FBT001
    """As the sweep itself does, unless only counts are filed."""
    check = access.target(
        said(200, visibility=ours), said(200, visibility=theirs), ("o/r", "o/i"), redact_private=redact
    )

    assert check is not None
    assert state == check.state


def test_the_budget_is_the_first_that_is_told() -> None:
    """A server without a rate limit is well."""
    low = {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "150"}

    assert ["warning", "ok"] == [budget({}, low).state, budget({}).state]
