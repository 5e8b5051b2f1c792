"""What a refusal or a network failure means to a person."""

from __future__ import annotations

import pytest
import requests
import urllib3
from github import GithubException

from failure_investigator.errors import (
    IncompleteError,
    InvestigatorError,
    LimitError,
    RefusedError,
    TargetError,
    UnknownError,
    UnreachableError,
)
from failure_investigator.sources.github_errors import accepted_permissions, explain_errors, translate

DOING = "list the issues of octo/app"


def told(
    status: int, message: str = "", headers: dict[str, str] | None = None, permission: str = "issues: write"
) -> tuple[type[InvestigatorError], str]:
    """Class and line of the error for an answer of PyGithub."""
    error = GithubException(status, {"message": message}, headers or {})
    ours = translate(error, doing=DOING, permission=permission, repository="octo/app")
    return type(ours), ours.line()


def test_bad_token() -> None:
    """401 is a bad token, and the input to check is named."""
    expected = "GitHub refused the token: 401 Bad credentials. Check the input github-token or GITHUB_TOKEN"
    assert (RefusedError, expected) == told(401, "Bad credentials")


def test_missing_permission_names_the_entry() -> None:
    """403 names the `permissions:` entry that the call needs."""
    expected = (
        "GitHub did not let us list the issues of octo/app: 403 Resource not accessible by integration. "
        "Add `issues: write` under `permissions:` of the job, or use a token that has it"
    )
    assert (RefusedError, expected) == told(403, "Resource not accessible by integration")


def test_permission_comes_from_the_header_where_we_know_none() -> None:
    """GitHub's own list of accepted permissions is used when the call names none."""
    headers = {"X-Accepted-GitHub-Permissions": "issues=write; pull_requests=write"}
    assert "Add `issues: write` or `pull-requests: write` under" in told(403, "no", headers, "")[1]


def test_sets_of_permissions_are_kept_together() -> None:
    """Permissions that are needed together stand together."""
    accepted = accepted_permissions(
        {"x-accepted-github-permissions": "contents=read, actions=read; administration=write"}
    )
    assert accepted == "`contents: read`, `actions: read` or `administration: write`"


def test_sso_is_told() -> None:
    """A token that the organisation's SSO does not know yet needs no permission but an authorization."""
    kind, line = told(403, "Resource protected", {"X-GitHub-SSO": "required; url=https://github.test/sso"})
    assert (RefusedError, True) == (kind, line.endswith("Authorize the token for the organisation's SSO"))


def test_unknown_repository() -> None:
    """404 is a repository that does not exist or that the token cannot see, never an empty list."""
    expected = (
        "Could not list the issues of octo/app: octo/app is unknown, or invisible to this token. "
        "Check its name, and that the token has `issues: write` there"
    )
    assert (UnknownError, expected) == told(404, "Not Found")


def test_issues_disabled() -> None:
    """410 says that the target takes no issues."""
    assert told(410, "Issues has been disabled in this repository.")[0] is TargetError


@pytest.mark.parametrize(
    ("status", "message", "headers"),
    [
        (403, "API rate limit exceeded for installation ID 1.", {}),
        (403, "You have exceeded a secondary rate limit", {}),
        (403, "Forbidden", {"Retry-After": "60"}),
        (403, "Forbidden", {"X-RateLimit-Remaining": "0"}),
        (429, "", {}),
    ],
)
def test_limits_are_no_lack_of_rights(status: int, message: str, headers: dict[str, str]) -> None:
    """Throttling is told as such although GitHub answers it with 403."""
    kind, line = told(status, message, headers)
    assert (LimitError, True) == (kind, line.startswith("GitHub's rate limit is reached"))


@pytest.mark.parametrize(("status", "kind"), [(500, IncompleteError), (502, IncompleteError), (422, IncompleteError)])
def test_other_answers_conclude_nothing(status: int, kind: type[InvestigatorError]) -> None:
    """Failing servers and unexpected refusals end in "incomplete", with the status."""
    assert (kind, True) == (told(status, "Oops")[0], f"{status} Oops" in told(status, "Oops")[1])


def test_body_that_is_no_json_is_quoted_shortly() -> None:
    """A proxy's page does not flood the one line."""
    line = translate(GithubException(502, b"<html>" + b"x" * 5000, {}), doing=DOING).line()
    assert ("502 <html>xxx" in line, len(line) < 450) == (True, True)


def test_unreachable_api_says_why() -> None:
    """A refused connection is told without Python's wrappers."""
    pool = urllib3.HTTPConnectionPool("api.test", 1)
    inner = urllib3.exceptions.NewConnectionError(urllib3.connection.HTTPConnection("api.test"), "Connection refused")
    error = requests.exceptions.ConnectionError(urllib3.exceptions.MaxRetryError(pool, "/x", inner))
    ours = translate(error, doing=DOING)
    assert type(ours) is UnreachableError
    assert ours.line().endswith("Connection refused. Check GITHUB_API_URL and the network")
    assert "object at 0x" not in ours.line()


@pytest.mark.parametrize(
    ("inner", "kind", "line"),
    [
        (
            "too many 503 error responses",
            IncompleteError,
            "Could not list the issues of octo/app: GitHub kept failing: too many 503",
        ),
        ("too many 403 error responses", LimitError, "GitHub's rate limit is reached: too many 403"),
    ],
)
def test_used_up_retries_are_told_by_what_was_retried(inner: str, kind: type[Exception], line: str) -> None:
    """The retries' own error is a failing server, or a limit: no other 403 is tried again."""
    pool = urllib3.HTTPConnectionPool("api.test", 1)
    reason = urllib3.exceptions.ResponseError(inner)
    error = requests.exceptions.RetryError(urllib3.exceptions.MaxRetryError(pool, "/x", reason))
    ours = translate(error, doing=DOING)
    assert (kind, line) == (type(ours), ours.line()[: len(line)])


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.ChunkedEncodingError("cut"),
        ValueError("Expecting value: line 1"),
        RuntimeError("Github server redirected"),
        AssertionError("evil.test"),
    ],
)
def test_broken_answers_conclude_nothing(error: Exception) -> None:
    """A cut body, a body that is no JSON and a wrong redirect are incomplete, not our bug and not nothing."""
    with pytest.raises(IncompleteError, match=f"Could not {DOING}"), explain_errors(DOING):
        raise error


def test_our_errors_pass_unchanged() -> None:
    """An error that is told already is not told twice."""
    ours = RefusedError("no")
    with pytest.raises(RefusedError) as caught, explain_errors(DOING):
        raise ours
    assert caught.value is ours
