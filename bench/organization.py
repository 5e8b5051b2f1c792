"""How an organisation's sweep grows: 1,000 and 5,000 repositories, 50 ms for each answer of the API.

    PYTHONPATH=.:src python -m bench.organization [--repositories N …] [--latency SECONDS] [--failing N]

The stand-in is a process of its own. Swept are organisations in which N repositories in a thousand fail of one cause: in one
process, the same again with its state, and as plan, scans (one after the other; the longest counts, as they run beside each
other) and report. Printed are wall time, requests, and the largest resident size of the program; then how both grew.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.standin import Organization, StandIn

from failure_investigator.model import Workflow

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TOKEN = "gh" + "s_" + "b" * 40
NAME = "octo-org"
MISSING = [
    "  NODE_AUTH_TOKEN: ",
    "npm error code ENEEDAUTH",
    "npm error need auth This command requires you to be logged in to it",
]
_HEAD = "  seconds  processor  requests     MB"
RUNS = 20
"""Runs of a quiet repository's window."""


@dataclass
class Measured:
    """What a command cost."""

    seconds: float
    processor: float
    """Seconds of a processor."""
    requests: int
    megabytes: float


def organization(repositories: int, failing: int) -> Organization:
    """The tracker and so many repositories, `failing` in a thousand of which fail three times."""
    hub = Organization(NAME, NOW)
    hub.add_token(TOKEN, limit=0)
    hub.add("tracker")
    for number in range(repositories - 1):
        world = hub.add(f"repository-{number:05}")
        workflow = Workflow(10 + number, "Release", ".github/workflows/release.yml")
        bad = number % 1000 < failing
        for back in range(RUNS):
            run = world.add_run(workflow, NOW - timedelta(hours=1 + back), "failure" if bad and back < 3 else "success")
            if bad:
                world.add_job(run, "publish", MISSING if back < 3 else ["done"], run.conclusion)
    return hub


def serve(connection: Connection, repositories: int, failing: int, latency: float) -> None:
    """The stand-in's process: tells its address, then the number of requests since it was asked last, until it is told to end."""
    with StandIn(organization(repositories, failing), latency=latency, keep_answers=False) as standin:
        connection.send(standin.api)
        while connection.recv():
            connection.send(sum(entry.origin == "api" for entry in standin.journal))
            standin.journal.clear()


class Program:
    """Runs commands against the stand-in."""

    def __init__(self, connection: Connection, home: Path) -> None:
        self._connection, self._home, self._api = connection, home, connection.recv()

    def __call__(self, *words: str) -> Measured:
        """One command as a process of its own."""
        environ = {
            **os.environ,
            "GITHUB_API_URL": self._api,
            "INPUT_GITHUB-TOKEN": TOKEN,
            "INPUT_ORGANIZATION": NAME,
            "INPUT_ISSUE-REPOSITORY": f"{NAME}/tracker",
            "INPUT_MAX-ISSUES": "100",
            "FAILURE_INVESTIGATOR_NOW": NOW.isoformat(),
            "FAILURE_INVESTIGATOR_WRITE_PAUSE": "0",
            "FAILURE_INVESTIGATOR_CACHE": str(self._home / "cache"),
        }
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "failure_investigator", *words], env=environ, cwd=self._home,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        said = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(said.decode())
        self._connection.send(True)
        took, processor = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
        return Measured(took, processor, self._connection.recv(), usage.ru_maxrss / 1024)


def measure(repositories: int, failing: int, latency: float) -> dict[str, Measured]:
    """Every way of sweeping so many repositories."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=serve, args=(theirs, repositories, failing, latency), daemon=True
    )
    server.start()
    with tempfile.TemporaryDirectory() as place:
        program = Program(ours, Path(place))
        found = {
            "dry run in one process": program("investigate", "--dry-run"),
            "plan": program("plan"),
            **_scanned(program, Path(place)),
            "report": program("report"),
            "one process, issues known": program("investigate", "--state", "state.sqlite"),
            "the same with its state": program("investigate", "--state", "state.sqlite"),
        }
        ours.send(False)
    server.join()
    return found


def _scanned(program: Program, place: Path) -> dict[str, Measured]:
    """All scans of a plan: the longest time and the largest size, and the sum of requests."""
    from failure_investigator.fanout.files import read_plan

    shards = read_plan(place / "failure-investigator-plan").shards
    each = [program("scan", "--shard", str(number)) for number in range(shards)]
    if not each:
        return {}
    return {
        f"scan, longest of {shards}": Measured(
            max(one.seconds for one in each),
            sum(one.processor for one in each),
            sum(one.requests for one in each),
            max(one.megabytes for one in each),
        )
    }


def main() -> None:
    """Print the tables; nothing is judged here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repositories", type=int, nargs="*", default=[1000, 5000])
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--failing", type=int, default=5)
    given = parser.parse_args()
    found: dict[int, dict[str, Measured]] = {}
    for count in given.repositories:
        found[count] = measure(count, given.failing, given.latency)
        print(f"{count} repositories, {given.latency * 1000:.0f} ms".ljust(36), _HEAD)
        for name, cost in found[count].items():
            print(f"  {name:34} {cost.seconds:9.1f} {cost.processor:10.1f} {cost.requests:9} {cost.megabytes:6.0f}")
    _growth(found)


def _growth(found: dict[int, dict[str, Measured]]) -> None:
    """How often the time and requests of the smallest are in those of the largest."""
    least, most = min(found), max(found)
    if least == most:
        return
    print(f"growth for {most / least:.1f} times the repositories".ljust(36), _HEAD)
    for name, cost in found[most].items():
        before = next((value for key, value in found[least].items() if key[:9] == name[:9]), None)
        if before is not None:
            pairs = zip(astuple(cost), astuple(before), strict=True)
            seconds, processor, requests, size = (after / max(first, 1e-9) for after, first in pairs)
            print(f"  {name:34} {seconds:9.1f} {processor:10.1f} {requests:9.1f} {size:6.1f}")


if __name__ == "__main__":
    main()
