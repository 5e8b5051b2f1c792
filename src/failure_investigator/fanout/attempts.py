"""Reading many repositories, of which one may fail or the limit be reached: what was not read is told, and not concluded from.

A repository that went away since it was listed, or which GitHub cannot answer about, costs its own conclusions only. Many of
them are no accident, and neither is a token that is refused or an API that cannot be reached: those end the sweep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from failure_investigator.errors import IncompleteError, LimitError, UnknownError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

FEW = 10
"""So many repositories may fail."""
T = TypeVar("T")


class Attempts:
    """Asks about one repository after the other, from several threads if need be, until `exhausted` says why not."""

    def __init__(self, exhausted: Callable[[], str] = lambda: "") -> None:
        self._exhausted = exhausted
        self._stopped = ""
        self._failed: list[IncompleteError | UnknownError] = []

    def of(self, read: Callable[[], T]) -> T | str:
        """The answer, or why there is none. Raises the errors of `errors.py` that are not about one repository alone."""
        if reason := self._stopped or self._exhausted():
            return reason
        try:
            return read()
        except LimitError as error:
            self._stopped = error.line()
            return self._stopped
        except UnreachableError:
            raise
        except (IncompleteError, UnknownError) as error:
            self._failed.append(error)
            if len(self._failed) > FEW:
                raise
            return error.line()

    def done(self, answers: int) -> None:
        """To be told at the end how many answers there were: raises the first failure when there was none."""
        if self._failed and not answers:
            raise self._failed[0]
