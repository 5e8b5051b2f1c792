"""Everything that the benchmark asks of the engine; who changes the engine's interface changes this file.

python -m bench.ours memory ZIP THREADS     # a child of `bench/engine.py`: the memory of its own process
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from failure_investigator.logs.archive import RunZip
from failure_investigator.logs.blocks import file_blocks, newlines
from failure_investigator.logs.look import in_threads
from failure_investigator.signatures.scanner import Pass, built_in

if TYPE_CHECKING:
    from failure_investigator.signatures.engine import Hit

Lines = list[tuple[int, int]]
"""(line number, pattern) of every hit, by line."""
READY = "from failure_investigator.signatures.scanner import built_in; s = built_in(); s.scan(b'\\n')"
"""A program that makes the scanner ready."""
LIBRARY = READY + "; list(s.rulebook.signatures.values()), list(s.rulebook.services.values())"
"""A program that has all of the library in its hands, besides."""


def patterns() -> tuple[str, ...]:
    """The library's regular expressions as `signatures patterns` prints them."""
    return tuple(dict.fromkeys(pattern for pattern, _ in built_in().rulebook.patterns))


def scan_text(path: Path) -> Lines:
    """A log from its file to the numbers of the lines that match, all of them."""
    size = path.stat().st_size
    one_pass, library = Pass(built_in()), len(built_in().names)
    found: Lines = []
    number, seen = 1, 0
    for data, end in file_blocks(path, 0, size):
        at = 0
        for hit in one_pass.lines(data, 0, end, left=size - seen - end):
            if hit.pattern < library:
                number += newlines(data, at, hit.start)
                at = hit.start
                found.append((number, hit.pattern))
        number += newlines(data, at, end)
        seen += end
    return found


def scan_zip(path: Path, threads: int) -> dict[str, tuple[Hit, ...]]:
    """A run's zip from its file to the hits of each of its jobs."""
    with path.open("rb") as file:
        archive = RunZip(file)
        looks = in_threads(lambda member: archive.look(member, built_in()).hits, archive.members, threads)
        return dict(zip((member.name for member in archive.members), looks, strict=True))


def memory(path: Path, threads: int) -> dict[str, int]:
    """KiB held after the imports, with the library ready, and at the peak of scanning a zip."""
    import deflate  # noqa: F401 - imported when they are needed: imports, nothing that scanning holds
    import hyperscan  # noqa: F401
    import re2  # noqa: F401
    import stringzilla  # noqa: F401

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
