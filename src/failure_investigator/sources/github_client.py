"""The one way to a PyGithub client: bounded waits, retries of reads only, and every request on a meter.

Sources and trackers use its requester (`client.requester.requestJsonAndCheck`), which PyGithub offers for calls
without an object of its own: its objects complete themselves by hidden requests and hide `total_count`.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import requests
import tenacity
from github import Auth, Github, GithubException
from github.GithubException import RateLimitExceededExceedsMaxWait
from github.GithubRetry import GithubRetry

from failure_investigator.errors import UsageError
from failure_investigator.sources.meter import Meter

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from github.Requester import Requester
    from urllib3.connectionpool import ConnectionPool
    from urllib3.response import HTTPResponse
    from urllib3.util.retry import Retry

DEFAULT_API_URL = "https://api.github.com"
USER_AGENT = "failure-investigator"
LONGEST_WAIT = 60
"""Seconds that one answer may make us wait: a longer Retry-After or reset ends the sweep instead of billing minutes."""


def connect(
    token: str,
    api_url: str = DEFAULT_API_URL,
    *,
    meter: Meter | None = None,
    seconds_between_writes: float = 1.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Github:
    """A client for `api_url` (`GITHUB_API_URL`: github.com, Enterprise Server, or a stand-in on loopback).

    Reads are tried four times and writes once: PyGithub's default repeats POST, which can file an issue twice. Objects
    are lazy, so `get_repo` alone costs nothing. No token means an anonymous client. Raises `UsageError` when `api_url`
    is no HTTP address. Everything else that goes wrong is told by `github_errors.explain_errors`.
    """
    if not api_url.startswith(("https://", "http://")):
        raise UsageError(f"GITHUB_API_URL is not an HTTP address: {api_url!r}", do=f"Use e.g. {DEFAULT_API_URL}")
    _quiet()
    meter = meter or Meter()
    client = Github(
        auth=Auth.Token(token) if token else None,
        base_url=api_url.rstrip("/"),
        user_agent=USER_AGENT,
        timeout=30,
        per_page=100,
        lazy=True,
        pool_size=8,
        seconds_between_requests=None,
        seconds_between_writes=seconds_between_writes,
        retry=BoundedRetry(
            meter=meter,
            total=3,
            backoff_factor=0.5,
            allowed_methods={"GET", "HEAD"},
            max_rate_limit_wait=LONGEST_WAIT,
        ),
    )
    _measure(client.requester, meter, sleep)
    return client


class BoundedRetry(GithubRetry):
    """PyGithub's retry that counts the answers it drops, and does not wait longer than `LONGEST_WAIT` for any of them.

    PyGithub bounds waits for the rate limit's reset, but not for a Retry-After header.
    """

    def __init__(self, *, meter: Meter, **settings: Any) -> None:
        self.meter = meter
        super().__init__(**settings)

    def new(self, **changes: Any) -> BoundedRetry:
        """See `urllib3.Retry.new`."""
        return super().new(**{"meter": self.meter, **changes})

    def increment(  # type: ignore[override]
        self,
        method: str | None = None,
        url: str | None = None,
        response: HTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Retry:
        """See `urllib3.Retry.increment`. Raises `RateLimitExceededExceedsMaxWait` when Retry-After is too long."""
        if response is not None:
            self.meter.request(url or "", response.status, _lower(response.headers))
            wait = response.headers.get("Retry-After", "")
            if wait.isdigit() and int(wait) > LONGEST_WAIT:
                _let_go(response)
                message = {"message": f"Retry-After: {wait} seconds"}
                raise RateLimitExceededExceedsMaxWait(
                    response.status, message, dict(response.headers), wait=float(wait)
                )
        try:
            return super().increment(method, url, response, error, _pool, _stacktrace)
        except GithubException:
            _let_go(response)
            raise


def _let_go(response: HTTPResponse | None) -> None:
    """Closes the connection of an answer that nobody reads any more: urllib3 knows errors of its own only."""
    if response is not None:
        response.close()


def _quiet() -> None:
    """Takes away the handler by which PyGithub prints each refusal to stderr: whoever runs us configures logging."""
    logger = logging.getLogger("github")
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)


def _measure(requester: Requester, meter: Meter, sleep: Callable[[float], None]) -> None:
    """Puts `meter` around the one method that all JSON requests of PyGithub go through."""
    plain = requester.requestJson

    def measured(verb: str, url: str, *args: Any, **options: Any) -> tuple[int, dict[str, Any], str]:
        status, headers, body = _reading(verb, sleep)(plain, verb, url, *args, **options)
        meter.request(url, status, _lower(headers), len(body))
        return status, headers, body

    setattr(requester, "requestJson", measured)  # noqa: B010 (mypy forbids the plain assignment to a method)


def _reading(verb: str, sleep: Callable[[float], None]) -> tenacity.Retrying:
    """Tries a read again whose body was cut: urllib3's retries end when the headers have come."""
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(requests.exceptions.ChunkedEncodingError),
        stop=tenacity.stop_after_attempt(3 if verb in {"GET", "HEAD"} else 1),
        wait=tenacity.wait_exponential(multiplier=0.5),
        sleep=sleep,
        reraise=True,
    )


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}
