"""The expressions of the small runner mean what GitHub's do, and a name that nothing defines is a mistake."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.expressions import Outputs, evaluate, filled, holds

CONTEXTS: dict[str, Any] = {
    "inputs": {"dry-run": False, "organization": "", "name": "it's"},
    "github": {"repository_owner": "octo-org"},
    "steps": {"app": {"outputs": Outputs({"slug": "bot"})}, "none": {"outputs": Outputs()}},
    "needs": {"plan": {"result": "success", "outputs": {"shards": "[0, 1]"}}},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("inputs.organization || github.repository_owner", "octo-org"),
        ("inputs.dry-run || ''", ""),
        ("inputs.dry-run || false", False),
        ("steps.app.outputs.slug && format('{0}[bot]', steps.app.outputs.slug)", "bot[bot]"),
        ("steps.none.outputs.slug && format('{0}[bot]', steps.none.outputs.slug)", None),
        ("fromJSON(needs.plan.outputs.shards)", [0, 1]),
        ("fromJSON(toJSON(needs)).plan.result", "success"),
        ("!(inputs.organization != '') && needs.plan.result == 'SUCCESS'", True),
        ("inputs.name == 'it''s'", True),
    ],
)
def test_a_value(text: str, expected: object) -> None:
    """As the runner evaluates it."""
    assert expected == evaluate(text, CONTEXTS)


def test_null_is_nothing_in_text() -> None:
    """And a boolean is in small letters."""
    assert "a--false" == filled("a-${{ steps.none.outputs.x }}-${{ inputs.dry-run }}", CONTEXTS)


def test_a_condition_needs_success_unless_it_asks_for_another() -> None:
    """`if:` without a status function has `success()` in front."""
    functions = {"success": lambda: False, "cancelled": lambda: False}

    assert not holds("inputs.organization == ''", CONTEXTS, functions)
    assert holds("${{ !cancelled() && needs.plan.result == 'success' }}", CONTEXTS, functions)


@pytest.mark.parametrize("text", ["inputs.unknown", "nothing.at.all", "success()", "inputs.name ="])
def test_what_nothing_defines_is_a_mistake(text: str) -> None:
    """Never the empty string."""
    with pytest.raises((KeyError, AssertionError)):
        evaluate(text, CONTEXTS)
