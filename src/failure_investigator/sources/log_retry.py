"""When a log download is tried again, how long it waits, and when it gives up."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

import tenacity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

ATTEMPTS = 4
LONGEST_WAIT = 60
"""Seconds; whoever asks for more gets no second try, because waiting costs billed minutes."""


class LogGoneError(Exception):
    """There is no such log, or it could not be had within the retries; the message says why."""


class PassingError(Exception):
    """Something that may pass, worth `attempts` tries; `wait` in seconds if the server named a time.

    `limit` says that it is throttling, so that other requests should stop too.
    """

    def __init__(self, why: str, wait: float | None = None, *, attempts: int = ATTEMPTS, limit: bool = False) -> None:
        self.why, self.wait, self.attempts, self.limit = why, wait, attempts, limit
        super().__init__(why)


def tried(work: Callable[[], T], sleep: Callable[[float], None]) -> T:
    """What `work` gives, after as many tries as its `PassingError` is worth; the last one is raised."""
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(PassingError), stop=_stop, wait=_wait, sleep=sleep, reraise=True
    )
    return retrying(work)


def limit_reached(why: str, headers: Mapping[str, str], now: datetime) -> PassingError:
    """The error for an answer that throttles: it waits as told, or a minute when no time is named, and only once."""
    wait = seconds_to_wait(headers, now)
    if wait is None and headers.get("x-ratelimit-remaining") == "0":
        reset = headers.get("x-ratelimit-reset", "")
        wait = max(0.0, int(reset) - now.timestamp()) + 1 if reset.isdigit() else None
    return PassingError(why, LONGEST_WAIT if wait is None else wait, attempts=2, limit=True)


def seconds_to_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Retry-After in seconds from `now`, in both of its forms; None without the header or when it is malformed."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())


def _error(state: tenacity.RetryCallState) -> PassingError:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, PassingError) else PassingError("")


def _stop(state: tenacity.RetryCallState) -> bool:
    error = _error(state)
    return state.attempt_number >= error.attempts or (error.wait or 0) > LONGEST_WAIT


def _wait(state: tenacity.RetryCallState) -> float:
    wait = _error(state).wait
    return float(2 ** (state.attempt_number - 1)) if wait is None else wait
