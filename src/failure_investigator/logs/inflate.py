"""A zip's member as text: whole with libdeflate, in pieces with ISA-L where it is large; nothing is written to disk."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any, Protocol

import deflate

from failure_investigator.errors import UsageError
from failure_investigator.logs.blocks import BLOCK, stream_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.logs.blocks import Block

_PIECE = 128 * 1024
_LOCAL = 30
"""Bytes of a member's local header before its name (APPNOTE.TXT 4.3.7)."""


class Reader(Protocol):
    """Bytes at an offset, safe to be asked by several threads."""

    def __call__(self, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset`."""


def inflate(read: Reader, entry: zipfile.ZipInfo) -> bytes | bytearray:
    """The member's text. Raises `UsageError` for a member that is broken, encrypted or packed otherwise."""
    packed = read(_data_offset(read, entry), entry.compress_size)
    try:
        stored = entry.compress_type == zipfile.ZIP_STORED
        text: bytes | bytearray = packed if stored else deflate.deflate_decompress(packed, entry.file_size)
    except (deflate.DeflateError, ValueError) as error:
        raise _broken(entry, str(error)) from None
    if len(text) != entry.file_size or deflate.crc32(text) != entry.CRC:
        raise _broken(entry, "its checksum does not fit")
    return text


def inflate_blocks(read: Reader, entry: zipfile.ZipInfo) -> Iterator[Block]:
    """The member's text in blocks of whole lines; never more than the size that the zip's directory tells.

    Raises `UsageError` like `inflate`, at the latest behind the last block.
    """
    return stream_blocks(_pieces(read, entry))


def _pieces(read: Reader, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    at = _data_offset(read, entry)
    end, left = at + entry.compress_size, entry.file_size
    unpack = _Stored() if entry.compress_type == zipfile.ZIP_STORED else _isal().decompressobj(-15)
    packed, checksum = b"", 0
    while (at < end or packed) and not unpack.eof:
        if not packed:
            packed = read(at, min(_PIECE, end - at))
            at += len(packed) or end
        try:
            text = unpack.decompress(packed, BLOCK)
        except Exception as error:  # noqa: BLE001 - zlib and ISA-L have an error class each, and no common one
            raise _broken(entry, str(error)) from None
        packed, left = unpack.unconsumed_tail, left - len(text)
        if left < 0:
            raise _broken(entry, "it holds more than it says")
        checksum = deflate.crc32(text, checksum)
        yield text
    if left or checksum != entry.CRC:
        raise _broken(entry, "it ends too early" if left else "its checksum does not fit")


class _Stored:
    """A member that is not packed, with the calls of an unpacker."""

    eof = False
    unconsumed_tail = b""

    def decompress(self, packed: bytes, _most: int) -> bytes:
        return packed


def _isal() -> Any:
    """ISA-L's zlib, or the standard one where it has no wheel (Windows on ARM): the same calls, half the speed."""
    try:
        from isal import isal_zlib
    except ImportError:
        import zlib

        return zlib
    return isal_zlib


def _data_offset(read: Reader, entry: zipfile.ZipInfo) -> int:
    if entry.flag_bits & 0x1:
        raise _broken(entry, "it is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _broken(entry, f"it is packed with method {entry.compress_type}")
    head = read(entry.header_offset, _LOCAL) if entry.header_offset >= 0 else b""
    if len(head) < _LOCAL or not head.startswith(b"PK\x03\x04"):
        raise _broken(entry, "its header is not where the directory says")
    name, extra = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
    return entry.header_offset + _LOCAL + name + extra


def _broken(entry: zipfile.ZipInfo, why: str) -> UsageError:
    return UsageError(f"{entry.filename} in the zip cannot be read", why=why)
