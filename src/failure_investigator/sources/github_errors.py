"""What GitHub's refusals and network failures mean to a person: every one becomes an error of `errors.py`.

The header `X-Accepted-GitHub-Permissions` names what an endpoint would accept
(https://github.blog/changelog/2023-08-10-x-accepted-github-permissions-header-for-fine-grained-permission-actors);
limits are told as 403 or 429
(https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#rate-limit-errors).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests
from github import GithubException
from github.Requester import Requester

from failure_investigator.errors import (
    IncompleteError,
    InvestigatorError,
    LimitError,
    RefusedError,
    TargetError,
    UnknownError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def explain_errors(doing: str, *, permission: str = "", repository: str = "") -> Iterator[None]:
    """Raises every error of PyGithub and the network inside as one of ours; see `translate` for the arguments."""
    try:
        yield
    except (GithubException, requests.exceptions.RequestException, ValueError, RuntimeError, AssertionError) as error:
        raise translate(error, doing=doing, permission=permission, repository=repository) from error


def translate(error: Exception, *, doing: str, permission: str = "", repository: str = "") -> InvestigatorError:
    """The error of ours for `error`.

    `doing` completes "GitHub did not let us …", e.g. "list the workflow runs of octo/app"; `permission` is the
    `permissions:` entry that the call needs, e.g. `actions: read`; `repository` is `owner/name`.
    """
    if isinstance(error, GithubException):
        return refusal(error.status, error_message(error), error.headers or {}, doing, permission, repository)
    if isinstance(error, requests.exceptions.RetryError):
        why = _innermost(error)
        return _limit_error(why) if "too many 4" in why else _server_error(doing, why)
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return IncompleteError(f"Could not {doing}", why="the answer was cut off again and again", do=_RUN_AGAIN)
    if isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.Timeout):
        return UnreachableError(
            "GitHub's API could not be reached", why=_innermost(error), do="Check GITHUB_API_URL and the network"
        )
    return IncompleteError(f"Could not {doing}", why=f"unexpected answer: {error}", do="Check GITHUB_API_URL")


def refusal(
    status: int, message: str, headers: Mapping[str, str], doing: str, permission: str, repository: str
) -> InvestigatorError:
    """The error of ours for an answer with this status; also used for answers that did not come through PyGithub."""
    low = {str(name).lower(): str(value) for name, value in headers.items()}
    if is_limit(status, message, low):
        return _limit_error(message or str(status))
    if status == 401:
        return RefusedError(
            "GitHub refused the token", why=f"401 {message}".strip(), do="Check the input github-token or GITHUB_TOKEN"
        )
    if status == 403:
        return _forbidden(message, low, doing, permission)
    if status == 404:
        return UnknownError(
            f"Could not {doing}: {repository or 'the repository'} is unknown, or invisible to this token",
            do=f"Check its name{_and_permission(permission)}",
        )
    if status == 410:
        return TargetError(
            f"Could not {doing}", why=f"410 {message}".strip(), do="Enable issues, or set issue-repository"
        )
    if status >= 500:
        return _server_error(doing, f"{status} {message}".strip())
    return IncompleteError(f"Could not {doing}", why=f"GitHub answered {status} {message}".strip())


def is_limit(status: int, message: str, headers: Mapping[str, str]) -> bool:
    """Whether a refusal is throttling, which passes, and not a lack of rights; `headers` with lower-case names."""
    if status not in {403, 429}:
        return False
    spent = headers.get("x-ratelimit-remaining") == "0"
    return status == 429 or spent or "retry-after" in headers or Requester.isRateLimitError(message)


def error_message(error: GithubException) -> str:
    """GitHub's own words in an error, on one line, or the empty string."""
    data = error.data
    if isinstance(data, dict):
        return " ".join(str(data.get("message") or data.get("data") or "").split())[:300]
    if isinstance(data, bytes):
        data = data.decode("utf-8", "replace")
    return " ".join(str(data or error.message or "").split())[:300]


def accepted_permissions(headers: Mapping[str, str]) -> str:
    """`X-Accepted-GitHub-Permissions` as `permissions:` entries, e.g. "`issues: write` or `pull-requests: write`"."""
    sets = [one.strip() for one in headers.get("x-accepted-github-permissions", "").split(";") if "=" in one]
    told = [", ".join(f"`{_entry(part)}`" for part in one.split(",") if "=" in part) for one in sets]
    return " or ".join(dict.fromkeys(told))


_RUN_AGAIN = "Nothing was concluded from it; run again"


def _forbidden(message: str, headers: Mapping[str, str], doing: str, permission: str) -> InvestigatorError:
    why = f"403 {message}".strip()
    sso = headers.get("x-github-sso", "")
    if "required" in sso:
        return RefusedError(
            f"GitHub did not let us {doing}", why=why, do="Authorize the token for the organisation's SSO"
        )
    wanted = f"`{permission}`" if permission else accepted_permissions(headers)
    advice = f"Add {wanted} under `permissions:` of the job, or use a token that has it" if wanted else ""
    return RefusedError(f"GitHub did not let us {doing}", why=why, do=advice)


def _and_permission(permission: str) -> str:
    return f", and that the token has `{permission}` there" if permission else ", and that the token may see it"


def _limit_error(why: str) -> LimitError:
    return LimitError("GitHub's rate limit is reached", why=why, do="Run again later, or use another token")


def _server_error(doing: str, why: str) -> IncompleteError:
    return IncompleteError(f"Could not {doing}", why=f"GitHub kept failing: {why}", do=_RUN_AGAIN)


def _entry(part: str) -> str:
    name, _, access = part.strip().partition("=")
    return f"{name.replace('_', '-')}: {access}"


def _innermost(error: BaseException) -> str:
    """The reason inside requests' and urllib3's wrappers, without object addresses."""
    inner: object = error
    while True:
        deeper = getattr(inner, "reason", None)
        if not isinstance(deeper, BaseException) and isinstance(inner, BaseException) and inner.args:
            deeper = inner.args[0]
        if not isinstance(deeper, BaseException):
            break
        inner = deeper
    return str(inner).rpartition(">: ")[2] or type(inner).__name__
