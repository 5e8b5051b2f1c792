"""The first look: the same places and lines, whether a log is kept whole or in parts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failure_investigator.logs import look
from failure_investigator.logs.blocks import BLOCK, stream_blocks
from failure_investigator.logs.excerpt import MOST
from failure_investigator.logs.look import Looked, look_at, look_at_blocks, look_at_file
from failure_investigator.model import Cause
from failure_investigator.signatures.rulebook import Rulebook, Signature
from failure_investigator.signatures.scanner import DENSE, Scanner, make_scanner

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = b"2026-05-04T10:00:00.0000000Z the door stays closed to you"
FILLER = b"2026-05-04T10:00:00.0000000Z nothing of note happens in this line\n"


@cache
def scanner() -> Scanner:
    """A library of one signature."""
    signature = Signature("door/closed", "door", "closed", ("door stays closed",), 403, Cause.PERMISSION_DENIED)
    return make_scanner(Rulebook({}, {signature.name: signature}))


def told(looked: Looked) -> list[tuple[int, str]]:
    """Number and text of the lines found."""
    return [(looked.log.number(hit.start), looked.log.line(hit.start).text) for hit in looked.hits]


def marked(looked: Looked) -> list[tuple[int, str]]:
    """The same of the runner's marks."""
    return [(looked.log.number(offset), looked.log.line(offset).text) for offset in looked.marks]


line = st.sampled_from([
    REFUSED + b"\n", FILLER, FILLER * 40, FILLER * 700, b"##[group]Run make\n", b"##[endgroup]\n", b"\n", b"\xff\xfe\n",
])  # fmt: skip


@settings(max_examples=60)
@given(st.lists(line, max_size=40), st.integers(1, 200_000))
def test_an_excerpt_tells_the_same_lines_and_numbers_as_the_whole_log(lines: list[bytes], cut: int) -> None:
    """Wherever the stream is cut and whatever is left out between."""
    data = b"".join(lines)
    whole = look_at(data, scanner())
    pieces = (data[at : at + cut] for at in range(0, len(data), cut))
    part = look_at_blocks(stream_blocks(pieces), len(data), scanner())

    assert told(whole) == told(part)
    assert marked(whole) == marked(part)


@settings(max_examples=60)
@given(st.lists(line, max_size=40))
def test_the_lines_around_a_place_are_in_the_excerpt(lines: list[bytes]) -> None:
    """Twenty before and after, which is how far a refusal reaches."""
    data = b"".join(lines)
    whole = look_at(data, scanner())
    part = look_at_blocks(stream_blocks([data]), len(data), scanner())
    around = [
        [[each.text for each in side(hit.start, 20)] for hit in looked.hits for side in (looked.log.before, looked.log.after)]
        for looked in (whole, part)
    ]  # fmt: skip

    assert around[0] == around[1]


@settings(max_examples=60)
@given(st.lists(line, max_size=40))
def test_a_number_of_the_whole_log_finds_its_line_in_the_excerpt(lines: list[bytes]) -> None:
    """The inverse of the numbers that are told."""
    data = b"".join(lines)
    part = look_at_blocks(stream_blocks([data]), len(data), scanner())

    for hit in part.hits:
        assert hit.start == part.log.offset_of(part.log.number(hit.start))


@pytest.mark.parametrize("processors", [1, 2, 3])
def test_a_file_is_looked_at_in_parts_with_the_numbers_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processors: int
) -> None:
    """As many threads as processors; each starts behind a line's end."""
    data = b"".join((REFUSED + b" %d\n" % at if at % 900 == 0 else FILLER) for at in range(30_000))
    path = tmp_path / "log"
    path.write_bytes(data)
    monkeypatch.setattr(look, "threads", lambda: processors)

    assert told(look_at(data, scanner())) == told(look_at_file(path, len(data), scanner()))


def test_a_flood_is_sampled_and_its_end_is_told_in_full() -> None:
    """Neither memory nor time grows with a log of nothing but refusals, and the last of them is known."""
    lines = 200_000
    data = (REFUSED + b"\n") * lines
    pieces = (data[at : at + BLOCK] for at in range(0, len(data), BLOCK))
    part = look_at_blocks(stream_blocks(pieces), len(data), scanner())
    numbers = [number for number, _ in told(part)]

    assert len(part.log.data) <= MOST * 1.2
    assert DENSE < len(numbers) < lines // 10
    assert numbers[0] == 1
    assert list(range(lines - 999, lines + 1)) == numbers[-1000:]


def test_refusals_far_apart_are_all_told_however_many() -> None:
    """A long log is no flood."""
    data = (REFUSED + b"\n" + FILLER * 200) * (DENSE + 900)

    assert DENSE + 900 == len(look_at(data, scanner()).hits)


def test_the_runners_marks_are_told_in_a_flood_too() -> None:
    """Steps are told apart by them."""
    data = ((REFUSED + b"\n") * 9000 + b"##[group]Run make\n") * 20

    assert len(look_at(data, scanner()).marks) == 20
