"""The first look's patterns: wider than written, never narrower."""

from __future__ import annotations

import re

import pytest

from failure_investigator.signatures.rulebook import load_rulebook
from failure_investigator.signatures.widen import widen


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("key .{0,120} denied", "key .* denied"),
        ("key .{1,40}? denied", "key .+ denied"),
        ("key .{2,6} denied", "key .{2,6} denied"),
        (r"\S{1,200}: 403", r"\S+: 403"),
        ("[a-z.]{3,60}!", "[a-z.]+!"),
        ('"reason":[^"]*"', '"reason":[^\\n"]*"'),
        (r"[^\n]{0,80}:", r"[^\n]*:"),
        (r"%Env\{.{0,900}\}", r"%Env\{.*\}"),
        (r"a\[^b", r"a\[^b"),
    ],
)
def test_long_gaps_are_opened_and_short_ones_stay(pattern: str, expected: str) -> None:
    """And no class reaches over a line's end."""
    assert expected == widen(pattern)


def test_the_widened_library_matches_all_that_the_library_matches() -> None:
    """Every line of every example, by a third engine."""
    for pattern, name in load_rulebook().patterns:
        exact, wide = re.compile(pattern), re.compile(widen(pattern))
        for line in (line for hit in load_rulebook().signatures[name].hits for line in hit.splitlines()):
            assert not exact.search(line) or wide.search(line), (name, pattern)
