"""All patterns at once over a log's bytes: the first look, which only tells which lines may hold which signature.

Two engines with the same answers (a test compares them): hyperscan in block mode where it has a wheel, RE2 elsewhere.
Both see whole lines of raw bytes; a line counts only if RE2 finds the pattern within that line, so that neither a class
such as `[^"]` nor a widened gap lets anything through. docs/field-notes.md has the figures behind the choices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    Buffer = bytes | bytearray


class Hit(NamedTuple):
    """A line that holds a pattern: byte offsets of the line (without its newline) and the pattern's index."""

    start: int
    end: int
    pattern: int


class Engine(Protocol):
    """Finds the lines that match any pattern. One engine may be used by several threads at once."""

    name: str

    def lines(self, data: Buffer, start: int, end: int, *, once: bool = False) -> list[Hit]:
        """All (line, pattern) pairs of the whole lines in [start, end), by line, then by pattern; a pattern once a line.

        With `once` a pattern is told for its first line there only.
        """


def make_engine(patterns: Sequence[str]) -> Engine:
    """The fastest engine that this platform has."""
    try:
        from failure_investigator.signatures.hyperscan_engine import HyperscanEngine

        return HyperscanEngine(patterns)
    except ImportError:
        from failure_investigator.signatures.re2_engine import Re2Engine

        return Re2Engine(patterns)


_compiled: dict[str, Any] = {}


def search(pattern: str, line: bytes) -> bool:
    """Whether an RE2 pattern matches in raw bytes, whatever their encoding."""
    return compiled(pattern).search(line) is not None


def compiled(pattern: str) -> Any:
    """The RE2 pattern over bytes, compiled once."""
    regex = _compiled.get(pattern)
    if regex is None:
        regex = _compiled[pattern] = compile_bytes(pattern)
    return regex


def compile_bytes(pattern: str) -> Any:
    """An RE2 pattern over bytes (Latin-1, so that bytes that are no UTF-8 neither match by accident nor fail)."""
    import re2

    options = byte_options()
    options.max_mem = 1 << 20  # hundreds of patterns may meet one log; beyond it RE2 goes on without its automaton
    return re2.compile(pattern.encode(), options=options)


def byte_options() -> Any:
    """RE2's options for raw bytes."""
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return options
