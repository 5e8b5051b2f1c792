"""The engines: whole lines of raw bytes, the same answers from both, places always inside the log."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.logs.blocks import BLOCK, spans
from failure_investigator.signatures.engine import Engine, Hit
from failure_investigator.signatures.hyperscan_engine import HyperscanEngine
from failure_investigator.signatures.re2_engine import Re2Engine
from failure_investigator.signatures.rulebook import load_rulebook

PATTERNS = ("token was refused", r"error code [0-9]{3}", r'"reason":[^"]*"denied"', "(?i)quota exceeded")
HYPERSCAN = HyperscanEngine(PATTERNS)
RE2 = Re2Engine(PATTERNS)


@pytest.fixture(params=[HYPERSCAN, RE2], ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    found: Engine = request.param
    return found


def scan(engine: Engine, data: bytes) -> list[Hit]:
    """All hits of a log, block by block."""
    return [hit for start, end in spans(data) for hit in engine.lines(data, start, end)]


def test_a_hit_is_the_whole_line_without_its_newline(engine: Engine) -> None:
    """Offsets are those of the line, whatever stands around the match."""
    data = b"first\nso the token was refused again\nlast"

    assert [Hit(6, 36, 0)] == scan(engine, data)


def test_a_pattern_counts_once_a_line_and_patterns_come_in_order(engine: Engine) -> None:
    """Two patterns on one line are two hits, the same pattern twice is one."""
    line = b"error code 401 error code 403 token was refused"

    assert [Hit(0, len(line), 0), Hit(0, len(line), 1)] == scan(engine, line)


def test_a_class_does_not_reach_over_the_end_of_a_line(engine: Engine) -> None:
    """A negated class matches newlines in block mode; the close look takes such a match back."""
    assert scan(engine, b'"reason": none\nand "denied"\n') == []


def test_bytes_that_are_no_utf8_and_carriage_returns_do_no_harm(engine: Engine) -> None:
    """Logs hold what programs print."""
    data = b"\xff\xfe\x00 bad\r\n\xc3 QUOTA exceeded \xff\r\n"

    assert [Hit(9, 28, 3)] == scan(engine, data)


def test_a_match_on_the_last_line_and_in_an_empty_log(engine: Engine) -> None:
    """No newline at the end is needed."""
    assert scan(engine, b"") == []
    assert [Hit(0, 17, 0)] == scan(engine, b"token was refused")


def test_lines_longer_than_a_chunk_are_scanned_whole(engine: Engine) -> None:
    """A match behind a megabyte of one line is found."""
    data = b"x" * (BLOCK * 5) + b" token was refused\nerror code 429"

    assert [Hit(0, len(data) - 15, 0), Hit(len(data) - 14, len(data), 1)] == scan(engine, data)


def test_chunks_cover_everything_once_and_end_at_lines() -> None:
    """No byte is lost or seen twice, and no line is cut."""
    data = (b"a" * 1000 + b"\n") * 2000

    found = list(spans(data))

    assert (0, len(data)) == (found[0][0], found[-1][1])
    assert all(first[1] == second[0] for first, second in pairwise(found))
    assert all(data[end - 1 : end] == b"\n" for _, end in found)


@given(
    st.lists(st.sampled_from([b"token was refused", b"error code 401", b"plain", b"\xff\x00", b"quota EXCEEDED", b""]))
)
def test_both_engines_give_the_same_hits(lines: list[bytes]) -> None:
    """RE2 stands in where hyperscan has no wheel."""
    data = b"\n".join(lines)

    assert scan(RE2, data) == scan(HYPERSCAN, data)


def test_both_engines_agree_on_all_examples_of_the_library() -> None:
    """The comparison on everything there is."""
    rulebook = load_rulebook()
    patterns = [pattern for pattern, _ in rulebook.patterns]
    text = "\n".join(text for s in rulebook.signatures.values() for text in (*s.hits, *s.misses))
    data = text.encode()

    assert scan(Re2Engine(patterns), data) == scan(HyperscanEngine(patterns), data)


@given(st.binary(max_size=4000))
def test_places_are_always_inside_the_log(data: bytes) -> None:
    """Whatever the bytes, a hit is a line of them."""
    for hit in scan(HYPERSCAN, data):
        assert 0 <= hit.start <= hit.end <= len(data)
        assert b"\n" not in data[hit.start : hit.end]
