"""Under which login the bot writes its issues: the one thing by which it finds them again.

An installation token (`ghs_…`) is the job's own GITHUB_TOKEN, whose issues are github-actions[bot]'s, or a GitHub App's, which
writes as `<slug>[bot]`. GitHub lets neither ask for `GET /user`; GraphQL's `viewer` answers both
(https://docs.github.com/en/graphql/reference/queries#viewer).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from github import GithubException

from failure_investigator.errors import UsageError
from failure_investigator.sources.github_errors import error_message, explain_errors, is_limit

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Request = Callable[[str, str, dict[str, Any] | None], Any]

ACTIONS_BOT = "github-actions[bot]"
"""Who writes with GITHUB_TOKEN."""
PAUSES = (1, 2)
"""Seconds before the second and the third try of a question that the server failed to answer."""
SERVER_ERROR = 500
_INSTALLATION = "ghs_"
_BOT = "[bot]"


class Author(NamedTuple):
    """A login, and how it is known."""

    login: str
    how: str
    sure: bool = True


class Asker(Protocol):
    """Asks GitHub who a token is. Both raise PyGithub's exceptions for refusals, and errors of ours for the network."""

    def viewer(self) -> str:
        """The login by GraphQL."""

    def user(self) -> str:
        """The login by `GET /user`."""


class TokenOwner:
    """See `Asker`; asks through `request(verb, path, payload)`, which raises PyGithub's exceptions for refusals."""

    def __init__(self, request: Request, graphql_url: str, sleep: Callable[[float], None]) -> None:
        self._request, self._url, self._sleep = request, graphql_url, sleep

    def viewer(self) -> str:
        """See `Asker.viewer`. A query may be repeated, which the client does for GETs alone."""
        for pause in PAUSES:
            try:
                return self._viewer()
            except GithubException as error:
                if error.status < SERVER_ERROR:
                    raise
                self._sleep(pause)
        return self._viewer()

    def _viewer(self) -> str:
        data = self._request("POST", self._url, {"query": "query{viewer{login}}"})
        found = data.get("data") if isinstance(data, dict) else None
        login = ((found or {}).get("viewer") or {}).get("login")
        if not login:  # GraphQL refuses with 200 and `errors`
            raise GithubException(400, data, {})
        return str(login)

    def user(self) -> str:
        """See `Asker.user`."""
        return str(self._request("GET", "/user", None)["login"])


def author_of(token: str, job_token: str, given: str, ask: Asker) -> Author:
    """Who writes with `token`: whoever was `given`, else as the token tells. `job_token` is the job's own, '' outside Actions.

    The job's token, and outside Actions any installation token, cost no request. Only a refusal of the question leads to
    the next one; a limit or a failure is raised, for a wrong login would find no issue and file all of them again.
    """
    installation = token.startswith(_INSTALLATION)
    if given:
        if installation and not given.endswith(_BOT):
            raise UsageError(
                f"bot-login is {given!r}, but the token is an installation's",
                why="an App writes as its slug and [bot]",
                do=f"Set bot-login: {given}{_BOT}, or leave it out.",
            )
        return Author(given, "as bot-login says")
    if job_token and token == job_token:
        return Author(ACTIONS_BOT, "the token is the job's own")
    if installation and not job_token:
        return Author(
            ACTIONS_BOT, "as for GITHUB_TOKEN; outside Actions nothing tells it from an App's token", sure=False
        )
    if installation and (login := _asked(ask.viewer)):
        return Author(f"{login.removesuffix(_BOT)}{_BOT}", "as GitHub says of the App's token")
    if login := _asked(ask.user):
        return Author(login, "as GitHub says of the token")
    return Author(ACTIONS_BOT, "assumed, as GitHub tells this token nothing about itself", sure=False)


def _asked(question: Callable[[], str]) -> str:
    """The answer; '' when GitHub refuses it to such a token."""
    try:
        return question()
    except GithubException as error:
        headers = {str(name).lower(): str(value) for name, value in (error.headers or {}).items()}
        limited = is_limit(error.status, error_message(error), headers) or "RATE_LIMITED" in str(error.data)
        if error.status in (400, 403, 404, 405, 406) and not limited:
            return ""
        with explain_errors("read who the token belongs to"):
            raise


def wrong_author(number: int, repository: str, written: str, looked_for: str) -> UsageError:
    """The error for an issue that turned out to be somebody else's: whatever was filed before was not seen."""
    return UsageError(
        f"Issue #{number} of {repository} was written by {written}, while own issues were looked for under {looked_for}",
        why="earlier ones were not found, so nothing more is written",
        do=f"Set bot-login: {written}",
    )
