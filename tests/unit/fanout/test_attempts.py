"""Which failures end a sweep of many repositories, and which cost one repository alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from failure_investigator.errors import (
    IncompleteError,
    InvestigatorError,
    LimitError,
    RefusedError,
    UnknownError,
    UnreachableError,
)
from failure_investigator.fanout.attempts import FEW, Attempts

if TYPE_CHECKING:
    from collections.abc import Callable


def raising(error: InvestigatorError) -> Callable[[], NoReturn]:
    """A read that fails."""

    def read() -> NoReturn:
        raise error

    return read


@pytest.mark.parametrize("error", [UnknownError("gone"), IncompleteError("broken")])
def test_one_repository_that_fails_is_told(error: InvestigatorError) -> None:
    """And the next one is read."""
    attempts = Attempts()
    assert [error.line(), 5] == [attempts.of(raising(error)), attempts.of(lambda: 5)]
    attempts.done(1)


@pytest.mark.parametrize("error", [RefusedError("no right"), UnreachableError("no network")])
def test_what_is_about_all_of_them_ends_it(error: InvestigatorError) -> None:
    """A token that is refused, an API that is away."""
    with pytest.raises(type(error)):
        Attempts().of(raising(error))


def test_many_are_no_accident() -> None:
    """One more than a few."""
    attempts = Attempts()
    for _ in range(FEW):
        assert "gone" == attempts.of(raising(UnknownError("gone")))
    with pytest.raises(UnknownError):
        attempts.of(raising(UnknownError("gone")))


def test_all_of_them_are_none_either() -> None:
    """Nothing at all could be read."""
    attempts = Attempts()
    attempts.of(raising(UnknownError("the first")))
    attempts.of(raising(IncompleteError("the second")))
    with pytest.raises(UnknownError, match="the first"):
        attempts.done(0)


def test_a_limit_is_the_last_question() -> None:
    """The others are not asked any more, and are told why."""
    attempts = Attempts()
    said = [attempts.of(raising(LimitError("no more"))), attempts.of(raising(AssertionError()))]  # type: ignore[arg-type]
    attempts.done(0)
    assert ["no more", "no more"] == said


def test_a_used_up_budget_is_told_before_asking() -> None:
    """Nothing is read."""
    attempts = Attempts(lambda: "nothing is left")
    assert "nothing is left" == attempts.of(raising(AssertionError()))  # type: ignore[arg-type]
