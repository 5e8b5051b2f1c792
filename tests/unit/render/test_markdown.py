"""Hostile text in pages, with a CommonMark parser as the oracle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from failure_investigator.render.markdown import (
    plain,
    safe_cell,
    safe_code,
    safe_code_cell,
    safe_fence,
    safe_text,
    safe_url,
)

PARSER = MarkdownIt("commonmark").enable("table")
HOSTILE = st.text(
    alphabet=st.sampled_from(list("`|<>[]()@#*_~\\!-:/&\n\r\t ab1.\u202e\u200b\u2066\x00\x1b")), max_size=60
) | st.text(max_size=40)


def kinds(markdown: str) -> list[str]:
    """The kinds of all tokens, those inside lines too."""
    return [kind for token in PARSER.parse(markdown) for kind in (token.type, *(c.type for c in token.children or ()))]


@given(HOSTILE)
def test_a_fence_holds_whatever_stands_in_it(text: str) -> None:
    """One block, and all of the text in it."""
    [token] = PARSER.parse(safe_fence(text))

    assert token.type == "fence"


@given(HOSTILE)
def test_text_makes_no_link_html_emphasis_or_block(text: str) -> None:
    """It stays one paragraph of plain text."""
    found = set(kinds(f"said: {safe_text(text)} end"))

    assert found <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}


@given(HOSTILE, HOSTILE)
def test_cells_stay_in_their_row_and_column(one: str, two: str) -> None:
    """Bars and newlines inside do not make cells or rows."""
    table = f"| a | b |\n| --- | --- |\n| {safe_cell(one)} | {safe_code_cell(two)} |\n"

    assert kinds(table).count("td_open") == 2


@given(HOSTILE)
def test_a_code_span_is_one_span(text: str) -> None:
    """One more backtick than any run inside."""
    assert kinds(f"x {safe_code(text)} y").count("code_inline") == 1


@pytest.mark.parametrize(
    "text", ["@octocat", "see #12", "GH-12", "https://evil.example", "www.evil.example", "deadbeef1"]
)
def test_mentions_references_and_links_are_dead(text: str) -> None:
    """GitHub's own autolinks are broken by an invisible joiner or an escape."""
    safe = safe_text(text)

    assert text not in safe


def test_bidi_and_control_characters_are_gone() -> None:
    """What cannot be seen cannot deceive."""
    assert plain("a\u202eb\x1b[31mc\u200bd\x00\ne") == "ab[31mcd e"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://github.com/o/r/actions/runs/1#step:4:22", "https://github.com/o/r/actions/runs/1#step:4:22"),
        ("javascript:alert(1)", ""),
        ("https://x.example/) [a](b", ""),
        ("", ""),
    ],
)
def test_only_plain_web_addresses_are_linked(url: str, safe: str) -> None:
    """Anything else links nowhere."""
    assert safe == safe_url(url)
