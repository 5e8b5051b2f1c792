"""`bench/reference.c`, built where it is needed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).with_suffix(".c")


class Answer(NamedTuple):
    """What it found in how long, its database made."""

    hits: int
    bytes: int
    seconds: float


class Reference:
    """The program with its patterns."""

    def __init__(self, program: Path, patterns: Path) -> None:
        self._program, self._patterns = program, patterns

    def run(self, what: str, log: Path, times: int = 1) -> Answer:
        """Read a `text` or a `zip` so many times; the best counts."""
        said = self._said(what, log, str(times)).split()
        return Answer(int(said[0]), int(said[2]), float(said[4]))

    def hits(self, log: Path) -> set[tuple[int, str]]:
        """(line number, regular expression) of all that it finds in a text."""
        rows = (line.split("\t", 1) for line in self._said("hits", log).splitlines())
        return {(int(number), pattern) for number, pattern in rows}

    def _said(self, what: str, log: Path, *more: str) -> str:
        command = [str(self._program), what, str(self._patterns), str(log), *more]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def build(folder: Path, patterns: Path) -> Reference | str:
    """The program, or why there is none."""
    compiler = shutil.which("cc")
    if compiler is None:
        return "no C compiler"
    program = folder / "reference"
    command = [compiler, "-O3", "-o", str(program), str(SOURCE), "-lhs", "-ldeflate"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        return "it needs libhyperscan and libdeflate (Debian: libhyperscan-dev, libdeflate-dev)"
    return Reference(program, patterns)
