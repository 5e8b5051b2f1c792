"""Writing: serial, paced, patient once, and safe after a lost reply."""

from __future__ import annotations

from typing import Any

import pytest
from github import GithubException
from tests.unit.factory import REPOSITORY

from failure_investigator.errors import IncompleteError, RefusedError
from failure_investigator.model import Change
from failure_investigator.trackers.issue_writer import Deferred, IssueWriter

CREATE = Change("create", REPOSITORY, "why", "v1:x:y", title="t", body="b", labels=("a", "b"))
COMMENT = Change("comment", REPOSITORY, "why", "v1:x:y", 5, body="said", key="k")
LOST = IncompleteError("lost")
LIMITED = {"Retry-After": "7"}


def refusal(status: int, message: str = "no", headers: dict[str, str] | None = None) -> GithubException:
    """What PyGithub raises."""
    return GithubException(status, {"message": message}, headers or {})


class Api:
    """Answers in order, the last one for ever; keeps requests and sleeps as one story."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers) or [{"number": 9}]
        self.story: list[Any] = []
        self.writer = IssueWriter(self.request, REPOSITORY, pause=1.5, sleep=self.story.append)

    def request(self, verb: str, path: str, payload: dict[str, Any] | None) -> Any:
        """One request; labels always work."""
        self.story.append((verb, path.removeprefix(f"/repos/{REPOSITORY}"), payload))
        if path.endswith("/labels"):
            return {}
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def writes(self) -> list[Any]:
        """Paths of the requests, and sleeps, in order."""
        return [each if isinstance(each, int | float) else each[1] for each in self.story]


def test_a_create_makes_its_labels_once_with_a_pause_between_writes() -> None:
    """Colour and description are ours."""
    api = Api()
    found = [api.writer.create(CREATE, lambda _: None) for _ in range(2)]

    assert [{"number": 9}] * 2 == found
    assert ["/labels", 1.5, "/labels", 1.5, "/issues", 1.5, "/issues"] == api.writes
    assert {"title": "t", "body": "b", "labels": ["a", "b"]} == api.story[-1][2]


@pytest.mark.parametrize(
    ("refused", "labels"),
    [
        (GithubException(422, {"errors": [{"code": "already_exists"}]}), ["a", "b"]),
        (refusal(403), []),
        (LOST, []),
    ],
)
def test_a_missing_label_never_stops_a_create(refused: Exception, labels: list[str]) -> None:
    """One that is there already is used."""
    written: list[Any] = []

    def request(_verb: str, path: str, payload: dict[str, Any] | None) -> Any:
        if path.endswith("/labels"):
            raise refused
        written.append(payload)
        return {"number": 9}

    IssueWriter(request, REPOSITORY, pause=0, sleep=written.append).create(CREATE, lambda _: None)

    assert [labels] == [payload["labels"] for payload in written]


def test_after_a_lost_reply_to_a_create_it_is_looked_for_first() -> None:
    """Found: not written again. Not found: written once more."""
    there, gone = Api(LOST, {"number": 9}), Api(LOST, {"number": 9})

    assert {"number": 4} == there.writer.create(CREATE, lambda _: {"number": 4})
    assert {"number": 9} == gone.writer.create(CREATE, lambda _: None)
    assert [1, 2] == [sum(write == "/issues" for write in api.writes) for api in (there, gone)]


def test_a_comment_is_written_once_a_key() -> None:
    """Whether an earlier sweep wrote it, or the reply was lost."""
    before, lost, never = Api(), Api(LOST), Api(LOST, {"id": 1})
    answers = iter([False, True])

    assert {} == before.writer.comment(COMMENT, 5, lambda _n, _k: True)
    assert {} == lost.writer.comment(COMMENT, 5, lambda _n, _k: next(answers))
    assert {"id": 1} == never.writer.comment(COMMENT, 5, lambda _n, _k: False)
    assert [0, 1, 2] == [sum(write == "/issues/5/comments" for write in api.writes) for api in (before, lost, never)]


@pytest.mark.parametrize(
    ("change", "payload"),
    [
        (Change("update", REPOSITORY, "", title="t", body="b"), {"title": "t", "body": "b"}),
        (Change("update", REPOSITORY, "", body="b"), {"body": "b"}),
        (
            Change("close", REPOSITORY, "", body="b", state_reason="not_planned"),
            {"body": "b", "state": "closed", "state_reason": "not_planned"},
        ),
        (Change("reopen", REPOSITORY, "", body="b"), {"body": "b", "state": "open", "state_reason": "reopened"}),
    ],
)
def test_a_change_says_only_what_it_changes(change: Change, payload: dict[str, str]) -> None:
    """Labels are never written again: what people removed stays removed."""
    api = Api()
    api.writer.change(change, 5)

    assert [("PATCH", "/issues/5", payload)] == api.story


def test_a_short_secondary_limit_is_waited_out_once() -> None:
    """The second one, or a longer wait, ends all writing with what GitHub said."""
    once = Api(refusal(403, "You have exceeded a secondary rate limit", LIMITED), {"number": 9})
    once.writer.change(Change("update", REPOSITORY, "", body="b"), 5)
    assert ["/issues/5", 7, 1.5, "/issues/5"] == once.writes

    for answers in (
        (refusal(403, "You have exceeded a secondary rate limit", LIMITED),),
        (refusal(429, "You have exceeded a secondary rate limit", {"Retry-After": "61"}),),
        (refusal(403, "You have exceeded a secondary rate limit"),),
    ):
        with pytest.raises(Deferred, match="secondary rate limit"):
            Api(*answers).writer.change(Change("update", REPOSITORY, "", body="b"), 5)


def test_a_refusal_names_the_permission() -> None:
    """It is no limit."""
    with pytest.raises(RefusedError, match="issues: write"):
        Api(refusal(403, "Resource not accessible by integration")).writer.change(
            Change("update", REPOSITORY, "", body="b"), 5
        )
