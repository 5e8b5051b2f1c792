"""The client: what it retries, how long it waits, what it counts."""

from __future__ import annotations

import logging

import pytest
import requests
from github.GithubException import GithubException, RateLimitExceededExceedsMaxWait
from urllib3.exceptions import MaxRetryError
from urllib3.response import HTTPResponse

from failure_investigator.errors import UsageError
from failure_investigator.sources.github_client import BoundedRetry, connect
from failure_investigator.sources.meter import Meter
from tests.unit.sources.conftest import API, TOKEN, Answer, Asked, Hub


def retry(meter: Meter | None = None) -> BoundedRetry:
    """The retry as the client has it."""
    return BoundedRetry(meter=meter or Meter(), total=1, allowed_methods={"GET", "HEAD"}, max_rate_limit_wait=60)


def answer(status: int, body: bytes = b"", **headers: str) -> HTTPResponse:
    """What urllib3 hands to a retry."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HTTPResponse(body, headers=named, status=status, preload_content=False)


def test_requests_carry_token_and_page_size(hub: Hub) -> None:
    """The token goes to the API, and lists come a hundred a page."""
    hub.rules["/repos/octo/app/issues"] = Answer([])
    assert list(connect(TOKEN, API).get_repo("octo/app").get_issues()) == []
    asked = hub.journal[0]
    assert ("api.test", f"token {TOKEN}", "100") == (
        asked.host,
        asked.headers["authorization"],
        asked.query["per_page"],
    )


def test_enterprise_path_is_kept(hub: Hub) -> None:
    """An API below a path is asked below that path."""
    hub.rules["/api/v3/rate_limit"] = Answer({})
    connect(TOKEN, "http://ghe.test/api/v3/").requester.requestJsonAndCheck("GET", "/rate_limit")
    assert hub.paths() == ["/api/v3/rate_limit"]


def test_address_without_scheme_is_a_usage_error() -> None:
    """A GITHUB_API_URL that is no address is told at once."""
    with pytest.raises(UsageError, match="GITHUB_API_URL is not an HTTP address"):
        connect(TOKEN, "api.github.test")


def test_every_answer_is_on_the_meter(hub: Hub) -> None:
    """Successes and refusals count, with their bytes."""
    meter = Meter()
    hub.rules["/repos/octo/app/labels"] = Answer(b"[1]")
    requester = connect(TOKEN, API, meter=meter).requester
    requester.requestJsonAndCheck("GET", "/repos/octo/app/labels")
    with pytest.raises(GithubException):
        requester.requestJsonAndCheck("GET", "/repos/octo/app/issues/1")
    assert meter.usage().requests == {"issues": 1, "labels": 1}


def test_library_prints_nothing_by_itself(hub: Hub) -> None:
    """A refusal is told once, by our error: PyGithub's own handler, which prints it to stderr too, is off."""
    connect(TOKEN, API)
    assert (logging.getLogger("github").handlers, hub.journal) == ([], [])


@pytest.mark.parametrize(("verb", "tries"), [("GET", 3), ("POST", 1)])
def test_cut_body_of_a_read_is_read_again(hub: Hub, verb: str, tries: int) -> None:
    """A body that breaks off is asked for again, but a write is never repeated."""

    def cut(_: Asked) -> Answer:
        raise requests.exceptions.ChunkedEncodingError("cut")

    hub.rules["/repos/octo/app/labels"] = cut
    client = connect(TOKEN, API, sleep=hub.slept.append)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.requester.requestJson(verb, "/repos/octo/app/labels")
    assert tries == len(hub.journal)


@pytest.mark.parametrize(("method", "again"), [("GET", True), ("POST", False), ("PATCH", False)])
def test_only_reads_are_retried(method: str, *, again: bool) -> None:
    """A failing server is asked again for reads only: a repeated POST could file an issue twice."""
    assert again == retry().is_retry(method, 502)


def test_retries_end_and_are_counted() -> None:
    """Answers that a retry drops are on the meter, and the tries are bounded."""
    meter = Meter()
    once = retry(meter).increment("GET", "/repos/octo/app", answer(502))
    with pytest.raises(MaxRetryError):
        once.increment("GET", "/repos/octo/app", answer(502))
    assert meter.usage().requests == {"repository": 2}


def test_long_retry_after_is_not_waited() -> None:
    """A Retry-After above a minute ends at once instead of billing minutes."""
    with pytest.raises(RateLimitExceededExceedsMaxWait):
        retry().increment("GET", "/repos/octo/app", answer(403, Retry_After="3600"))


def test_short_retry_after_is_left_to_the_retry() -> None:
    """A short Retry-After is waited by urllib3."""
    assert retry().increment("GET", "/x", answer(403, Retry_After="5")).total == 0


def test_missing_right_is_not_retried() -> None:
    """A 403 that is no limit is raised at the first answer."""
    with pytest.raises(GithubException) as caught:
        retry().increment("GET", "/x", answer(403, b'{"message": "Resource not accessible by integration"}'))
    assert caught.value.status == 403
