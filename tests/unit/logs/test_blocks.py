"""Blocks of whole lines: nothing lost, nothing twice, no line cut that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.logs.blocks import BLOCK, LONG, file_blocks, line_start, newlines, stream_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from failure_investigator.logs.blocks import Block


def texts(blocks: Iterable[Block]) -> list[bytes]:
    """The bytes of each block that count."""
    return [bytes(data[:end]) for data, end in blocks]


@given(st.lists(st.binary(max_size=40), max_size=30))
def test_a_stream_comes_out_as_it_went_in_and_is_cut_behind_lines(pieces: list[bytes]) -> None:
    """Wherever its pieces are cut."""
    blocks = texts(stream_blocks(pieces))

    assert b"".join(blocks) == b"".join(pieces)
    assert all(block.endswith(b"\n") for block in blocks[:-1])


def test_a_file_is_read_in_blocks_of_whole_lines(tmp_path: Path) -> None:
    """From any line to any line."""
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"%0*d\n" % (number % 300, number) for number in range(9000)))
    data = path.read_bytes()
    middle = line_start(path, len(data) // 2)
    blocks = texts(file_blocks(path, 0, middle)) + texts(file_blocks(path, middle, len(data)))

    assert data == b"".join(blocks)
    assert all(block.endswith(b"\n") and len(block) <= BLOCK for block in blocks)


def test_a_line_too_long_for_a_block_stays_whole_up_to_a_mebibyte(tmp_path: Path) -> None:
    """A longer one is cut: no log makes a reader hold all of it."""
    path = tmp_path / "log"
    path.write_bytes(b"a\n" + b"b" * (BLOCK * 2) + b"\n" + b"c" * (LONG + 9) + b"\nd")

    sizes = [len(block) for block in texts(file_blocks(path, 0, path.stat().st_size))]

    assert [2, BLOCK * 2 + 1, LONG, 11] == sizes


def test_a_line_start_is_looked_for_from_the_offset_on(tmp_path: Path) -> None:
    """The offset itself counts when a line begins there; the file's size stands for none."""
    path = tmp_path / "log"
    path.write_bytes(b"one\ntwo\nthree")

    assert [0, 4, 4, 8, 13] == [line_start(path, offset) for offset in (0, 1, 4, 5, 9)]


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_newlines_are_counted_as_python_counts_them(data: bytes, start: int, end: int) -> None:
    """In bytes and in a buffer that is used again."""
    assert newlines(data, start, end) == newlines(bytearray(data), start, end) == data.count(b"\n", start, end)
