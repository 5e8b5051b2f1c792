"""How long a person waits before anything happens: `--help`, and `explain` of a small log, side by side with a bare interpreter.

    python bench/startup.py [--runs N]

Each command is started anew N times; the median counts. Bounds of the acceptance: 0.4 s and 0.7 s on two cores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LOG = """2026-05-04T00:00:00.0000000Z ##[group]Run npx octo-bot
2026-05-04T00:00:00.1000000Z env:
2026-05-04T00:00:00.1000000Z   OPENAI_API_KEY: ***
2026-05-04T00:00:00.1000000Z ##[endgroup]
2026-05-04T00:00:02.0000000Z unexpected status 401 Unauthorized: Missing bearer or basic authentication in header
2026-05-04T00:00:02.1000000Z ##[error]Process completed with exit code 1.
"""


def seconds(command: list[str], environment: dict[str, str], runs: int) -> float:
    """The median wall time of a command."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def main() -> None:
    """Print a table; nothing is judged here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    program = [sys.executable, "-m", "failure_investigator"]
    with tempfile.TemporaryDirectory() as home:
        log = Path(home, "small.txt")
        log.write_text(LOG, encoding="utf-8")
        environment = {**os.environ, "FAILURE_INVESTIGATOR_CACHE": str(Path(home, "cache"))}
        cold = seconds([*program, "explain", str(log)], environment, 1)
        rows = [
            ("bare interpreter", seconds([sys.executable, "-c", "pass"], environment, runs), None),
            ("--help", seconds([*program, "--help"], environment, runs), 0.4),
            ("explain, library cached", seconds([*program, "explain", str(log)], environment, runs), 0.7),
            ("explain, library not cached", cold, None),
        ]
    for what, took, bound in rows:
        print(f"{what:30} {took:6.3f} s" + (f"   (bound {bound} s)" if bound else ""))


if __name__ == "__main__":
    main()
