"""Who the bot is, by its token and by what GitHub answers."""

from __future__ import annotations

from typing import Any

import pytest
from github import GithubException

from failure_investigator.errors import IncompleteError, RefusedError, UsageError
from failure_investigator.sources.github_client import connect
from failure_investigator.trackers.author import ACTIONS_BOT, TokenOwner, author_of

JOB = "gh" + "s_job"
APP = "gh" + "s_app"
PERSON = "gh" + "p_person"
FORBIDDEN = {"data": None, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible by integration"}]}
LIMITED = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}


class Asked:
    """Answers questions from a list each; an exception is raised."""

    def __init__(self, viewer: Any = None, user: Any = None) -> None:
        self.answers = {"viewer": viewer, "user": user}
        self.questions: list[str] = []

    def _answer(self, name: str) -> str:
        self.questions.append(name)
        if isinstance(self.answers[name], Exception):
            raise self.answers[name]
        return str(self.answers[name])

    def viewer(self) -> str:
        """See `Asker`."""
        return self._answer("viewer")

    def user(self) -> str:
        """See `Asker`."""
        return self._answer("user")


def refused(status: int, message: str = "Resource not accessible by integration", **headers: str) -> GithubException:
    """A refusal."""
    return GithubException(status, {"message": message}, headers)


@pytest.mark.parametrize(
    ("token", "job", "given", "asked", "expected", "questions"),
    [
        (JOB, JOB, "", Asked(), (ACTIONS_BOT, True), []),
        (APP, "", "", Asked(), (ACTIONS_BOT, False), []),
        (APP, JOB, "", Asked("my-app[bot]"), ("my-app[bot]", True), ["viewer"]),
        (APP, JOB, "", Asked("my-app"), ("my-app[bot]", True), ["viewer"]),
        (APP, JOB, "", Asked(refused(404), refused(403)), (ACTIONS_BOT, False), ["viewer", "user"]),
        (APP, JOB, "", Asked(refused(400), "odd-app[bot]"), ("odd-app[bot]", True), ["viewer", "user"]),
        (PERSON, JOB, "", Asked(user="octocat"), ("octocat", True), ["user"]),
        (PERSON, "", "", Asked(user="octocat"), ("octocat", True), ["user"]),
        (PERSON, "", "", Asked(user=refused(403)), (ACTIONS_BOT, False), ["user"]),
        (PERSON, JOB, "octo-bot", Asked(), ("octo-bot", True), []),
        (JOB, JOB, "my-app[bot]", Asked(), ("my-app[bot]", True), []),
    ],
)
def test_each_token_has_its_author(
    token: str, job: str, given: str, asked: Asked, expected: tuple[str, bool], questions: list[str]
) -> None:
    """The fewest questions, and whether the answer is known or assumed."""
    author = author_of(token, job, given, asked)

    assert (expected, questions) == ((author.login, author.sure), asked.questions)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused(401, "Bad credentials"), RefusedError),
        (refused(500, "Server Error"), IncompleteError),
        (refused(403, "API rate limit exceeded for installation"), IncompleteError),
        (refused(403, "You have exceeded a secondary rate limit", **{"Retry-After": "60"}), IncompleteError),
        (GithubException(400, LIMITED, {}), IncompleteError),
    ],
)
def test_what_is_no_refusal_of_the_question_is_raised(error: GithubException, kind: type[Exception]) -> None:
    """Nothing is assumed from it, and no further question is asked."""
    asked = Asked(error, "octocat")
    with pytest.raises(kind):
        author_of(APP, JOB, "", asked)

    assert ["viewer"] == asked.questions


def test_an_app_s_login_that_is_given_ends_in_bot() -> None:
    """Under another no issue would be found; the line says which to set."""
    with pytest.raises(UsageError, match=r"Set bot-login: my-app\[bot\]"):
        author_of(APP, JOB, "my-app", Asked())


class Server:
    """Gives answers one after the other, and keeps requests and pauses."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[str, str, dict[str, Any] | None]] = []
        self.pauses: list[float] = []

    def __call__(self, verb: str, path: str, payload: dict[str, Any] | None) -> Any:
        self.requests.append((verb, path, payload))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def owner(self) -> TokenOwner:
        """What asks it."""
        return TokenOwner(self, "https://ghe.example.com/api/graphql", self.pauses.append)


def test_the_viewer_is_asked_again_after_a_failure() -> None:
    """Three times in all, a second and two apart."""
    server = Server(refused(502), refused(503), {"data": {"viewer": {"login": "my-app[bot]"}}})

    assert ("my-app[bot]", [1, 2]) == (server.owner().viewer(), server.pauses)
    assert {("POST", "https://ghe.example.com/api/graphql")} == {request[:2] for request in server.requests}


@pytest.mark.parametrize("answer", [FORBIDDEN, {"data": {"viewer": None}}, [], {"data": {}}])
def test_an_answer_without_a_login_is_a_refusal(answer: Any) -> None:
    """GraphQL refuses with status 200; it is asked once."""
    server = Server(answer)
    with pytest.raises(GithubException) as caught:
        server.owner().viewer()

    assert (400, 1) == (caught.value.status, len(server.requests))


def test_the_user_is_asked_by_rest() -> None:
    """One GET."""
    server = Server({"login": "octocat"})

    assert ("octocat", [("GET", "/user", None)]) == (server.owner().user(), server.requests)


@pytest.mark.parametrize(
    ("api", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://ghe.example.com/api/v3", "https://ghe.example.com/api/graphql"),
        ("https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql"),
    ],
)
def test_each_server_has_its_graphql_address(api: str, graphql: str) -> None:
    """github.com, Enterprise Server, and Enterprise Cloud with data residency."""
    with connect(APP, api) as client:
        assert graphql == client.requester.graphql_url
