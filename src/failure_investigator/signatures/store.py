"""The folder where compiled things are kept between runs: losing it costs a second, never correctness.

Entries are written whole (rename), and an entry that cannot be read or written is as if it were not there: the cache
may lie on a read-only or full disk.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path


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
    return Path(tempfile.gettempdir()) / f"failure-investigator-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def read(name: str) -> bytes | None:
    """The entry's bytes, or None."""
    try:
        return (folder() / name).read_bytes()
    except OSError:
        return None


def write(name: str, data: bytes) -> None:
    """Keep an entry; a disk that does not take it is no error."""
    with suppress(OSError):
        home = folder()
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=home, delete=False) as part:
            part.write(data)
        Path(part.name).replace(home / name)
