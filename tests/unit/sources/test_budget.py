"""The rate limit as it stands, and its shares."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.errors import IncompleteError, RefusedError
from failure_investigator.sources.budget import Budget, share
from tests.unit.sources.conftest import NOW, Answer, Hub

CORE = {"limit": 5000, "remaining": 4321, "reset": 1777896000, "used": 679}


def test_the_budget_is_read(hub: Hub) -> None:
    """From the part that REST requests count against."""
    hub.rules["/rate_limit"] = Answer({"resources": {"core": CORE, "search": CORE | {"limit": 30}}, "rate": CORE})
    assert Budget(5000, 4321, datetime(2026, 5, 4, 12, tzinfo=UTC)) == hub.source().budget()


def test_a_server_without_limits_has_no_budget(hub: Hub) -> None:
    """Enterprise Server answers 404 where limits are off."""
    hub.rules["/rate_limit"] = Answer({"message": "Rate limiting is not enabled."}, 404)
    assert hub.source().budget() is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [(Answer({"message": "Bad credentials"}, 401), RefusedError), (Answer({"resources": {}}), IncompleteError)],
)
def test_an_unreadable_budget_is_not_no_limit(hub: Hub, answer: Answer, error: type[Exception]) -> None:
    """A refused token, an answer of another form."""
    hub.rules["/rate_limit"] = answer
    with pytest.raises(error):
        hub.source().budget()


@pytest.mark.parametrize(
    ("limit", "remaining", "shards", "shares"),
    [
        (1000, 1000, 3, (267, 267, 266)),
        (1000, 205, 3, (2, 2, 1)),
        (1000, 200, 2, (0, 0)),
        (1000, 10, 2, (0, 0)),
        (5000, 5000, 1, (4000,)),
        (5000, 5000, 0, ()),
    ],
)
def test_shares_leave_the_reserve(limit: int, remaining: int, shards: int, shares: tuple[int, ...]) -> None:
    """A fifth of the whole limit stays for others, whatever is used already."""
    assert shares == share(Budget(limit, remaining, NOW), shards)


@given(st.integers(0, 15000), st.integers(0, 15000), st.integers(1, 256), st.integers(0, 100))
def test_shares_are_even_and_never_more_than_there_is(limit: int, used: int, shards: int, percent: int) -> None:
    """They differ by one at most, and less than one request of what may be used is left."""
    remaining, reserve = max(0, limit - used), percent / 100
    shares = share(Budget(limit, remaining, NOW), shards, reserve)
    left = max(0, remaining - limit * reserve) - sum(shares)
    assert (shards, True, True) == (len(shares), max(shares) - min(shares) <= 1, 0 <= left < 1)
