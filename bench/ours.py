"""Everything that the benchmark asks of the engine; who changes the engine's interface changes this file.

python -m bench.ours memory ZIP THREADS     # a child of `bench/engine.py`: the memory of its own process
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from failure_investigator.logs.archive import read_zip
from failure_investigator.signatures.scanner import built_in, make_scanner

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from failure_investigator.logs.archive import Member
    from failure_investigator.signatures.engine import Hit
    from failure_investigator.signatures.scanner import Scanner

Lines = list[tuple[int, int]]
"""(line number, pattern) of every hit, by line."""
READY = "from failure_investigator.signatures.scanner import built_in; s = built_in(); s.scan(b'\\n')"
"""A program that makes the scanner ready."""
LIBRARY = READY + "; list(s.rulebook.signatures.values()), list(s.rulebook.services.values())"
"""A program that has all of the library in its hands, besides."""


def patterns() -> tuple[str, ...]:
    """The library's regular expressions as `signatures patterns` prints them, by those that every engine here can read.

    Left out are those with letters beyond ASCII: ripgrep refuses them without its Unicode mode, which takes minutes.
    """
    return tuple(dict.fromkeys(pattern for pattern, _ in built_in().rulebook.patterns if pattern.isascii()))


def scan_text(path: Path) -> Lines:
    """A log from its file to the numbers of the lines that match."""
    data = path.read_bytes()
    return numbered(data, built_in().scan(data))


def numbered(data: bytes, hits: Iterable[Hit]) -> Lines:
    """Line numbers for the places of hits."""
    found: Lines = []
    number, at = 1, 0
    for start, _, pattern in hits:
        if start != at:
            number += data.count(b"\n", at, start)
            at = start
        found.append((number, pattern))
    return found


def scan_zip(path: Path, threads: int) -> dict[str, list[Hit]]:
    """A run's zip from its file to the hits of each of its jobs."""
    if threads == 1:
        return {member.name: built_in().scan(member.data) for member in read_zip(path.read_bytes())}
    members = list(read_zip(path.read_bytes()))
    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(_scan, _scanners(threads), [members[at::threads] for at in range(threads)])
    return {name: hits for part in parts for name, hits in part}


@cache
def _scanners(threads: int) -> list[Scanner]:
    """A scanner serves one thread at a time."""
    return [built_in(), *(make_scanner(built_in().rulebook) for _ in range(threads - 1))]


def _scan(scanner: Scanner, members: Sequence[Member]) -> list[tuple[str, list[Hit]]]:
    return [(member.name, scanner.scan(member.data)) for member in members]


def memory(path: Path, threads: int) -> dict[str, int]:
    """KiB held after the imports, with the library ready, and at the peak of scanning a zip."""
    import hyperscan  # noqa: F401 - imported by the engine when it is made: an import, nothing that scanning needs
    import re2  # noqa: F401

    held = {"imports": _kib("VmRSS")}
    built_in().scan(b"\n")
    held["ready"] = _kib("VmRSS")
    scan_zip(path, threads)
    return {**held, "peak": _kib("VmHWM")}


def _kib(field: str) -> int:
    """A line of the process's status on Linux; elsewhere the peak so far, which is all that a process is told."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="ascii").partition(field + ":")[2].split()[0])
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


if __name__ == "__main__":
    print(json.dumps(memory(Path(sys.argv[2]), int(sys.argv[3]))))
