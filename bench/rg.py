"""ripgrep with the library's patterns, as fast as it can be made to run them.

Without `--no-unicode` it takes more than ten minutes to read a thousand patterns. With it, what it matches is what RE2
matches in raw bytes (`tests/contract/test_ripgrep.py` compares): letters, `\\w`, `\\d`, `\\b` and `(?i)` are ASCII, `.` is
any byte but a newline. The one difference: `\\s` takes a vertical tab in ripgrep (and in hyperscan), not in RE2.
A class such as `[^"]` ends with the line in ripgrep, and in the engine since each match is looked at again in its line.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = (
    ("--dfa-size-limit=1G", "--mmap"),
    ("--dfa-size-limit=1G", "--no-mmap"),
    ("--dfa-size-limit=4G", "--no-mmap"),
)
"""Tried in turn, the best is taken. With 100 MiB the automaton is thrown away and made anew again and again: minutes."""
THREADS = "--threads=1"
"""One file is read by one thread whatever is said here."""
COMMAND = ("rg", "--no-config", "--no-unicode", "--text", "--encoding=none", "--line-number", THREADS)
PATIENCE = 120.0


class Answer(NamedTuple):
    """What a run of it took from start to end, and the numbers of the lines it printed."""

    seconds: float
    lines: set[int]


def version() -> str | None:
    """Name and version, if there is one."""
    if shutil.which("rg") is None:
        return None
    return subprocess.run(["rg", "--version"], check=True, capture_output=True, text=True).stdout.splitlines()[0]


def run(patterns: Path, log: Path, setting: tuple[str, ...] = SETTINGS[0]) -> Answer:
    """Its lines through a pipe. Raises `subprocess.SubprocessError` when it fails or takes minutes."""
    command = [*COMMAND, *setting, "--regex-size-limit=1G", f"--file={patterns}", str(log)]
    start = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, timeout=PATIENCE)
    took = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise subprocess.SubprocessError(done.stderr.decode(errors="replace")[:500])
    return Answer(took, {int(line.partition(b":")[0]) for line in done.stdout.split(b"\n") if line})


def best_setting(patterns: Path, log: Path) -> tuple[str, ...]:
    """The setting that reads a log soonest."""

    def took(setting: tuple[str, ...]) -> float:
        try:
            return run(patterns, log, setting).seconds
        except subprocess.TimeoutExpired:
            return PATIENCE

    return min(SETTINGS, key=took)
