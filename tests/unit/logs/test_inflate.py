"""A zip's members: whole or in pieces the same text, and no trust in what the zip says of itself."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.errors import UsageError
from failure_investigator.logs.inflate import inflate, inflate_blocks

if TYPE_CHECKING:
    from collections.abc import Callable


class Archive:
    """A zip of one member in memory."""

    def __init__(self, text: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            archive.writestr("0_build.txt", text)
            [self.entry] = archive.infolist()
        self.data = bytearray(buffer.getvalue())

    def read(self, offset: int, size: int) -> bytes:
        """See `Reader`."""
        return bytes(self.data[offset : offset + size])

    def whole(self) -> bytes:
        """The member at once."""
        return bytes(inflate(self.read, self.entry))

    def pieces(self) -> bytes:
        """The member block by block."""
        return b"".join(bytes(data[:end]) for data, end in inflate_blocks(self.read, self.entry))


methods = st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])


@given(st.binary(max_size=2000), st.integers(1, 400), methods)
def test_whole_and_in_pieces_a_member_is_the_same_text(text: bytes, times: int, method: int) -> None:
    """Packed or not."""
    archive = Archive(text * times, method)

    assert text * times == archive.whole() == archive.pieces()


@given(st.binary(min_size=40, max_size=400), st.data())
def test_a_damaged_member_is_an_error_and_never_a_crash(text: bytes, data: st.DataObject) -> None:
    """One line says which member, or the damage did not matter to the text."""
    archive = Archive(text)
    archive.data[data.draw(st.integers(0, len(archive.data) - 1))] ^= data.draw(st.integers(1, 255))
    for read in (archive.whole, archive.pieces):
        assert read_or_complaint(read) in (text, b"0_build.txt in the zip cannot be read")


def read_or_complaint(read: Callable[[], bytes]) -> bytes:
    """The text, or what is wrong with it."""
    try:
        return read()
    except UsageError as error:
        return error.what.encode()


def test_a_member_that_holds_more_than_it_says_is_not_read() -> None:
    """The directory's size is what memory was planned with."""
    archive = Archive(b"a" * 100_000)
    archive.entry.file_size = 1000
    for read in (archive.whole, archive.pieces):
        with pytest.raises(UsageError, match="cannot be read"):
            read()


def test_a_member_that_ends_too_early_is_not_taken_for_whole() -> None:
    """A download was cut."""
    archive = Archive(bytes(range(256)) * 900, zipfile.ZIP_STORED)
    archive.data = archive.data[:100_000]
    for read in (archive.whole, archive.pieces):
        with pytest.raises(UsageError, match="cannot be read"):
            read()


def test_encrypted_and_strangely_packed_members_are_said_to_be_so() -> None:
    """GitHub makes neither."""
    archive = Archive(b"text")
    archive.entry.flag_bits |= 1
    with pytest.raises(UsageError, match="encrypted"):
        archive.whole()
    archive = Archive(b"text", zipfile.ZIP_BZIP2)
    with pytest.raises(UsageError, match="method 12"):
        archive.pieces()
