"""A log's bytes by offset: lines, numbers, shapes, and what is cleaned away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.logs.text import LogText, clean, timestamp

STAMP = "2026-05-04T10:00:00.1234567Z"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (f"{STAMP} hello", "hello"),
        (f"\ufeff{STAMP} hello\r", "hello"),
        (f"{STAMP} ", ""),
        (f"{STAMP} npm \x1b[31merror\x1b[39m code", "npm error code"),
        (f"{STAMP} ^[[36;1mnpm publish^[[0m", "npm publish"),
        ("bare line of a block", "bare line of a block"),
        ("2026-05-04 10:00:00 is no runner's timestamp", "2026-05-04 10:00:00 is no runner's timestamp"),
    ],
)
def test_a_line_is_freed_from_what_the_runner_and_the_terminal_put_around_it(raw: str, text: str) -> None:
    """Byte order mark, timestamp, colours in both forms, carriage return."""
    assert text == clean(raw.encode())


def test_a_line_of_gh_keeps_column_three_with_its_tabs() -> None:
    """The mark stands in the middle of the line there, and bare lines have no timestamp."""
    assert clean(f"build\tRun tests\t\ufeff{STAMP} a\tb".encode(), gh=True) == "a\tb"
    assert clean(b"build\tUNKNOWN STEP\tbare", gh=True) == "bare"


def test_bytes_that_are_no_utf8_become_replacement_characters() -> None:
    """Nothing is lost but those bytes."""
    assert clean(b"\xff\xfeok") == "\ufffd\ufffdok"


def test_the_timestamp_is_read_to_the_microsecond() -> None:
    """Seven decimals are cut to six."""
    assert timestamp(f"{STAMP} x".encode()) == datetime(2026, 5, 4, 10, 0, 0, 123456, tzinfo=UTC)
    assert timestamp(b"no time here") is None


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        (f"\ufeff{STAMP} x\n", "raw"),
        (f"build\tUNKNOWN STEP\t\ufeff{STAMP} x\n", "gh"),
        ("just text\n\twith a tab\tor two\n", "plain"),
        ("", "plain"),
    ],
)
def test_the_shape_is_told_by_the_first_lines(data: str, shape: str) -> None:
    """Raw job log, `gh run view --log`, or any text."""
    assert shape == LogText(data.encode()).shape


@given(st.binary(max_size=3000), st.integers(0, 3000))
def test_numbers_and_offsets_are_each_others_inverse(data: bytes, offset: int) -> None:
    """For every byte of every log, in any order of asking."""
    log = LogText(data)
    offset = min(offset, len(data))
    line = log.line(offset)

    assert log.number(offset) == data.count(b"\n", 0, offset) + 1
    assert line.start <= offset <= line.end or offset == len(data)
    assert log.offset_of(log.number(offset)) == line.start


@given(
    st.lists(st.sampled_from(["a", "bb", "", "c" * 8000]), min_size=1, max_size=30),
    st.integers(0, 29),
    st.integers(0, 5),
)
def test_the_lines_around_a_place_are_those_that_stand_there(lines: list[str], at: int, reach: int) -> None:
    """Oldest first, never beyond the ends."""
    at = min(at, len(lines) - 1)
    log = LogText("\n".join(lines).encode())
    offset = sum(len(line) + 1 for line in lines[:at])
    after = list(lines[at + 1 : at + 1 + reach])
    if at + 1 + reach >= len(lines) and lines[-1] == "" and after:
        after = after[:-1]  # an empty last line is no line

    assert lines[max(0, at - reach) : at] == [line.text for line in log.before(offset, reach)]
    assert after == [line.text for line in log.after(offset, reach)]


def test_a_line_of_megabytes_is_decoded_only_at_its_beginning() -> None:
    """A dumped request body says no more than its first 8 KiB."""
    log = LogText(b"x" * (4 << 20) + b"\nnext")

    assert len(log.line(0).text) == 8 * 1024
    assert (log.line(0).end, log.number((4 << 20) + 2)) == (4 << 20, 2)
