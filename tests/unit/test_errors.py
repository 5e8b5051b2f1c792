from __future__ import annotations

import pytest

from failure_investigator import errors


def test_a_line_says_what_why_and_what_to_do() -> None:
    """In this order, on one line, and without empty parts."""
    error = errors.UsageError("Cannot read x", why="no such\n  file", do="Give a file.")

    assert ("Cannot read x: no such file. Give a file.", "Cannot read x") == (
        error.line(),
        errors.UsageError("Cannot read x").line(),
    )


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.UsageError, 2),
        (errors.ConfigError, 2),
        (errors.TargetError, 2),
        (errors.RefusedError, 3),
        (errors.IncompleteError, 4),
        (errors.UnreachableError, 4),
        (errors.InvestigatorError, 70),
    ],
)
def test_an_error_owns_its_exit_code(kind: type[errors.InvestigatorError], code: int) -> None:
    """The codes of the documented interface."""
    assert code == kind("x").exit_code


def test_the_tree_is_drawn_as_it_is() -> None:
    """The docstring of the module names every class with its code."""
    drawn = errors.__doc__ or ""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__module__ == errors.__name__]

    assert [] == [kind.__name__ for kind in kinds if kind.__name__ not in drawn]
