"""ripgrep, given what `signatures patterns` prints, finds the lines that the engine finds."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from bench import ours, rg
from bench.generator import examples, make_log

from failure_investigator.signatures.engine import search
from failure_investigator.signatures.scanner import built_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(rg.version() is None, reason="ripgrep (rg) is not installed")
PATTERNS = (
    r"\bdenied\b",
    r"(?i)skipped key",
    r"code \d\d\d",
    r"user \w+ is out",
    r"no\s+access",
    r'"reason":[^"]*"no"',
    r"end of .{0,9} line",
    r"\S+: refused",
)
LINES = (
    b"denied", b"undenied", b"\xe9denied\xe9", b"_denied", b"access denied.", b"\xc3\xa9denied",
    b"SKIPPED KEY", b"s\xc5\xbfipped key", b"skipped \xe2\x84\xaaey", b"code 401", "code ٤٠١".encode(),
    b"user ren\xc3\xa9 is out", b"user \xe9 is out", b"user a_1 is out", b"no  access", b"no\xc2\xa0access", b"no\xa0access",
    b"no\taccess", b"no\raccess", b"no\x0caccess", b"no", b"access", b'"reason": none', b'and "no"', b'"reason": "no"',
    b"end of \xff\xfe\x00 line", b"end of \xe2\x80\xa8 line", b"end of \r line", b"\xff: refused", b"\x85: refused",
    b" : refused\r",
)  # fmt: skip


def written(folder: Path, patterns: tuple[str, ...], data: bytes) -> tuple[Path, Path]:
    """The two files that ripgrep reads."""
    listed, log = folder / "patterns", folder / "log"
    listed.write_text("".join(f"{pattern}\n" for pattern in patterns), encoding="utf-8")
    log.write_bytes(data)
    return listed, log


def test_the_printed_patterns_find_the_same_lines(tmp_path: Path) -> None:
    """In a log of a megabyte with refusals and near-misses."""
    command = [sys.executable, "-m", "failure_investigator", "signatures", "patterns"]
    patterns = tuple(subprocess.run(command, check=True, capture_output=True).stdout.decode().splitlines())
    data = make_log(1 << 20, 3, examples(built_in().rulebook), every=4096).data
    listed, log = written(tmp_path, patterns, data)

    found = rg.run(listed, log).lines

    assert ours.patterns() == patterns
    assert len(found) > 250
    assert {number for number, _ in ours.scan_text(log)} == found


def test_a_pattern_means_the_same_in_both(tmp_path: Path) -> None:
    """ASCII letters, digits and blanks only; any byte is a character; nothing reaches over a line's end."""
    for pattern in PATTERNS:
        expected = {number for number, line in enumerate(LINES, 1) if search(pattern, line)}
        found = rg.run(*written(tmp_path, (pattern,), b"\n".join(LINES) + b"\n")).lines

        assert (pattern, expected) == (pattern, found)
        assert expected


def test_a_vertical_tab_is_the_one_difference(tmp_path: Path) -> None:
    r"""ripgrep counts it to `\s`, RE2 does not; no log has shown one."""
    line = b"no\x0baccess"

    assert (False, {1}) == (search(r"no\s+access", line), rg.run(*written(tmp_path, (r"no\s+access",), line)).lines)
