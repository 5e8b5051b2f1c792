"""How long a log download waits and when it gives up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from failure_investigator.sources.log_retry import PassingError, limit_reached, seconds_to_wait, tried

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def failing(*errors: PassingError) -> tuple[list[float], PassingError | str]:
    """What was slept, and how it ended, when these errors come one after another before a success."""
    left, slept = list(errors), list[float]()

    def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    try:
        return slept, tried(work, slept.append)
    except PassingError as error:
        return slept, error


def test_waits_grow_and_end() -> None:
    """Four tries in all, waiting one, two and four seconds."""
    errors = [PassingError(str(number)) for number in range(4)]
    assert ([1.0, 2.0, 4.0], errors[3]) == failing(*errors)


def test_success_after_a_failure_counts() -> None:
    """One passing error costs one wait."""
    assert failing(PassingError("cut")) == ([1.0], "done")


def test_named_time_is_waited() -> None:
    """What the server asks for is what is waited."""
    assert failing(PassingError("busy", 7.0)) == ([7.0], "done")


def test_time_above_a_minute_is_not_waited() -> None:
    """Whoever asks for more than a minute gets no second try."""
    error = PassingError("busy", 61.0)
    assert ([], error) == failing(error)


def test_fewer_attempts_are_kept() -> None:
    """An error that is worth two tries gets two."""
    errors = [PassingError("410", attempts=2), PassingError("410", attempts=2)]
    assert ([1.0], errors[1]) == failing(*errors)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("30", 30.0), ("Mon, 04 May 2026 12:00:20 GMT", 20.0), ("Mon, 04 May 2026 11:00:00 GMT", 0.0), ("soon", None)],
)
def test_retry_after_has_two_forms(value: str, seconds: float | None) -> None:
    """Retry-After is seconds or a date; what is neither says nothing."""
    assert seconds == seconds_to_wait({"retry-after": value}, NOW)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "5"}, 5.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + 40)}, 41.0),
        ({}, 60),
    ],
)
def test_limit_waits_as_told_or_a_minute(headers: dict[str, str], wait: float) -> None:
    """A limit waits for Retry-After, else for the reset, else a minute, and is tried once more only."""
    error = limit_reached("slow down", headers, NOW)
    assert (wait, 2, True) == (error.wait, error.attempts, error.limit)
