from __future__ import annotations

import json
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.credentials.scrub import LONGEST, PIECE, said, scrubbed
from failure_investigator.values import Secret
from tests.unit.credentials.made import noise, openai

VALUE = openai()


def line(body: str, value: str = VALUE) -> str:
    """What is shown of an answer."""
    return said(body.encode(), [Secret(value)])


def test_the_message_of_a_json_answer_is_shown() -> None:
    """One line, whatever else is in it."""
    body = json.dumps({"id": 1, "error": {"message": "The key is\n not known", "code": "bad"}}, indent=2)

    assert "The key is\\n not known" == line(body)


def test_a_page_shows_its_title_and_nothing_without_one() -> None:
    """A page's text is long and says little."""
    assert ["Access denied", ""] == [line("<html><title>Access denied</title><p>…"), line("<html><p>No</p>")]


def test_the_first_line_of_plain_text_is_shown_and_cut() -> None:
    """At so many characters."""
    shown = line("\n\n" + "so it is " * 90 + "\nmore")

    assert (LONGEST, "…", "so it is") == (len(shown), shown[-1], shown[:8])


def test_what_a_service_repeats_of_the_value_is_masked() -> None:
    """Whole, shortened as OpenAI does, in another case, or URL-encoded."""
    value = noise(30) + "+/=" + noise(30, "x")
    for form in (value, value[:8] + "*" * 20 + value[-4:], value.upper(), quote(value, safe=""), value[10:14]):
        shown = line(f"Wrong: {form} .", value)
        assert "***" in shown
        assert [] == [value[at : at + 4] for at in range(60) if value[at : at + 4].lower() in shown.lower()]


def test_what_is_dropped_from_the_line_does_not_join_pieces() -> None:
    """A control character between two halves goes before pieces are looked for."""
    assert "Wrong: ***" == line("Wrong: " + "\x07".join(VALUE[at : at + 3] for at in range(0, len(VALUE), 3)))


def test_of_the_answer_to_a_short_value_nothing_is_shown() -> None:
    """Every word would be a piece of it."""
    assert "" == line("It is not known", "known")


@given(st.text(min_size=8, max_size=60), st.text(max_size=80), st.integers(0, 50), st.integers(0, 60))
def test_no_piece_is_left(value: str, around: str, start: int, length: int) -> None:
    """For any value and any answer that repeats some of it."""
    shown = scrubbed(around + value[start : start + length] + around, [Secret(value)])

    assert [] == [
        part
        for at in range(len(shown))
        if (part := shown[at : at + PIECE]) in value and len(part) == PIECE and "***" not in part
    ]
