from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.workflows import references
from failure_investigator.workflows.expressions import is_written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${{ secrets.NPM_TOKEN }}", ["secrets.NPM_TOKEN"]),
        ("Bearer ${{secrets.A}} and ${{ vars.B }}", ["secrets.A", "vars.B"]),
        ("${{ secrets.A || github.token }}", ["secrets.A", "github.token"]),
        ("${{ secrets.A || secrets.A }}", ["secrets.A"]),
        ("${{ secrets['A-B'] }}", ["secrets.A-B"]),
        ("${{ toJSON(secrets) }}", ["secrets.*"]),
        ("${{ secrets[matrix.name] }}", ["secrets.*"]),
        ("${{ format('{0}:{1}', env.USER, secrets.PASS) }}", ["env.USER", "secrets.PASS"]),
        ("${{ inputs.level == 'secrets.X' && vars.Y || '' }}", ["inputs.level", "vars.Y"]),
        ("${{ Secrets.a }}", ["secrets.a"]),
        ("${{ github.event.inputs.name }}", ["github.event"]),
        ("${{ my_secrets.X }}", []),
        ("secrets.X", []),
        ("$ {{ secrets.X }}", []),
        ("${{ secrets.X", []),
        ("${{\n  secrets.X\n}}", ["secrets.X"]),
        ("", []),
    ],
)
def test_references_of_an_expression(text: str, expected: list[str]) -> None:
    """Contexts that are read, in order; nothing from quotes or outside `${{ }}`."""
    assert expected == [f"{one.context}.{one.name}" for one in references(text)]


@given(st.text(alphabet="${}. secrtv[]'|(x*\n", max_size=60))
def test_any_text_has_references_or_none(text: str) -> None:
    """And what is found has a context and a name."""
    assert all(one.context and one.name for one in references(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Test", "Test"),
        ("Test ${{ x }}", "Test 3.11"),
        ("${{ a }} on ${{ b }}", "x on y"),
        ("${{ x }}", "anything"),
    ],
)
def test_a_name_with_expressions_can_be_anything_there(text: str, shown: str) -> None:
    """Each expression stands for any text."""
    assert is_written(text, shown)


@pytest.mark.parametrize(
    ("text", "shown"), [("Test", "Test 3.11"), ("${{ a }} on ${{ b }}", "x off y"), ("a${{ x }}a", "a"), ("", "x")]
)
def test_the_words_around_expressions_have_to_be_there(text: str, shown: str) -> None:
    """In order, without sharing letters."""
    assert not is_written(text, shown)
