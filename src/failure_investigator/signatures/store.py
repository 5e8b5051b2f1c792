"""The folder where compiled things are kept between runs: losing it costs a second, never correctness.

An entry holds the description of what it was made from and is taken only if that is the same, byte for byte. Entries are
written whole (rename), and one that cannot be read or written is as if it were not there: the cache may lie on a
read-only or full disk.
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path

_HEAD = 8
"""Bytes before the description: its length and the content's checksum."""


@cache
def folder() -> Path:
    """`FAILURE_INVESTIGATOR_CACHE`, else the platform's cache folder, else the system's temporary folder."""
    chosen = os.environ.get("FAILURE_INVESTIGATOR_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE")
    if base:
        return Path(base) / "failure-investigator"
    if home:
        return Path(home) / ".cache" / "failure-investigator"
    import tempfile

    return Path(tempfile.gettempdir()) / f"failure-investigator-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def read(kind: str, about: bytes) -> bytes | None:
    """What was kept of a kind for exactly this description; None when there is nothing, or it is not whole."""
    try:
        data = _path(kind, about).read_bytes()
    except OSError:
        return None
    head = _head(about, memoryview(data)[len(about) + _HEAD :])
    return data[len(head) :] if data.startswith(head) else None


def write(kind: str, about: bytes, data: bytes) -> None:
    """Keep something with all that decides what it is; a disk that does not take it is no error."""
    import tempfile

    with suppress(OSError):
        home = folder()
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=home, delete=False) as part:
            part.write(_head(about, data) + data)
        Path(part.name).replace(_path(kind, about))


def _path(kind: str, about: bytes) -> Path:
    return folder() / f"{kind}-{zlib.crc32(about):08x}"


def _head(about: bytes, data: bytes | memoryview) -> bytes:
    """The description with its length and the content's checksum before it."""
    return struct.pack("<II", len(about), zlib.crc32(data)) + about
