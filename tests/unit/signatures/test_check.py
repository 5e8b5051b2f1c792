"""`signatures check`: each mistake in a pack is one line that names it."""

from __future__ import annotations

import pytest

from failure_investigator.signatures.check import check_files, longest_literal, parser

PACK = """
service: example
title: Example
signatures:
  - id: refused
    title: Example refused
    match: 'example said: no entry'
    status: 403
    cause: {cause}
    {extra}
    examples:
      hits: ['example said: no entry', 'and example said: no entry today']
      misses: ['example said: entry']
"""


def complaints(cause: str = "unclassified", extra: str = "", **replaced: str) -> list[str]:
    """What is said about a pack with one thing changed."""
    text = PACK.format(cause=cause, extra=extra)
    for old, new in replaced.items():
        text = text.replace({"match": "match: 'example said: no entry'", "miss": "'example said: entry'"}[old], new)
    return check_files({"example": text.encode()})


def test_a_right_pack_has_no_complaint() -> None:
    """The base of the other cases."""
    assert complaints() == []


def test_a_cause_needs_a_basis() -> None:
    """Without a source a wording settles nothing."""
    assert complaints(cause="policy_blocked") == ["example/refused: without a basis it may only be unclassified"]


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_right_one() -> None:
    """ "did you mean" for packs."""
    assert complaints(extra="yield-to: []") == [
        "example.yml:10: unknown key 'yield-to' (did you mean 'yields-to'?). docs/packs.md says how a pack is written."
    ]


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("'^example said: no entry'", "no ^ and no $"),
        ("'example said: no|entry to example'", "unanchored alternation"),
        (r"'no \w+ [a-z]+: no'", "needs a literal of 5 characters"),
        (r"'example said: (?=no) entry'", "not a linear-time (RE2) pattern"),
        (r"'example said at \d\d:\d\d: no entry'", "no times and dates"),
        ("'example said (?i)no entry'", "flags that go on to the pattern's end"),
        ("'example said: “no entry”'", "beyond ASCII"),
    ],
)
def test_patterns_that_are_slow_or_loose_are_named(pattern: str, complaint: str) -> None:
    """The lint's rules, one by one."""
    found = complaints(match=f"match: {pattern}")

    assert any(complaint in line for line in found), found


def test_a_capture_of_nothing_but_digits_is_named() -> None:
    """An id differs from run to run: no issue may be told by it."""
    found = complaints(extra=r"capture: {account: 'entry for (\d+)', right: 'needs ([a-z:]+)'}")

    assert found == [r"example/refused: captures an id, which differs from run to run: entry for (\d+)"]


def test_two_signatures_of_a_service_never_have_one_title() -> None:
    """A title is a heading of the catalogue and the first sentence of an issue."""
    text = PACK.format(cause="unclassified", extra="")
    second = text[text.index("  - id: refused") :].replace("id: refused", "id: again").replace("said:", "asked:")

    assert check_files({"example": (text + second).encode()}) == [
        "example/refused: has the title of example/again: say what sets them apart"
    ]


def test_a_near_miss_that_matches_is_named() -> None:
    """Precision is tested, not promised."""
    found = complaints(miss="'well, example said: no entry'")

    assert found == ["example/refused: matches its own near-miss: 'well, example said: no entry'"]


def test_the_longest_literal_is_what_every_match_contains() -> None:
    """Options and branches count with their least."""

    lengths = [
        longest_literal(list(parser.parse(p))) for p in ("abc(?:de|fgh)", "ab[cd]efghi", "(?:abcdef)?xy", "(?:abcdef)+")
    ]

    assert [3, 5, 2, 6] == lengths
