"""Where a run's logs should come from: each job's text, or ranges of the run's zip. Measured on the stand-in.

    python bench/transport.py

For runs with 1, 2, 5 and 10 failed jobs of about a megabyte each, and 20 good ones: API requests, requests to the second
origin, bytes, and seconds with 50 ms for each answer. The result decides `prefer="auto"` in `sources/run_logs.py`.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from tests.e2e.standin import Fault, StandIn, World
from tests.e2e.standin.zips import run_zip

from failure_investigator.model import Repository, Workflow
from failure_investigator.sources.github import GitHubSource

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
WORKFLOW = Workflow(1, "Build", ".github/workflows/build.yml")
TOKEN = "gh" + "s_" + "b" * 40
LATENCY = 0.05


def world(failed: int) -> World:
    """One run with so many failed jobs and twenty good ones."""
    repository = Repository("octo-org/octo-app", "public", "main", url="https://github.com/octo-org/octo-app")
    made = World(repository, NOW)
    made.add_token(TOKEN)
    run = made.add_run(WORKFLOW, NOW - timedelta(hours=1))
    lines = [f"compiling part {n} of the project, which prints a line for each of its files" for n in range(9_000)]
    for number in range(20 + failed):
        made.add_job(run, f"job-{number}", lines, "failure" if number < failed else "success")
    made.zips[run.key] = run_zip(made.jobs[run.key], made.logs)
    return made


def measure(failed: int, prefer: str) -> tuple[int, int, int, float]:
    """(API requests, requests to the second origin, bytes, seconds)."""
    with StandIn(world(failed)) as standin:
        run = standin.world.runs[0]
        with GitHubSource(TOKEN, standin.api, prefer=prefer) as source:  # type: ignore[arg-type]
            jobs = source.jobs(run)
            standin.journal.clear()
            before = source.usage().bytes
            standin.world.faults = [Fault("GET", "", "delay", times=10**6, delay=LATENCY)]
            start = time.perf_counter()
            logs = source.logs(run, [job for job in jobs if job.failed])
            took = time.perf_counter() - start
            assert all(not log.gone for log in logs.values())
            return len(standin.asked()), len(standin.asked("blobs")), source.usage().bytes - before, took


def main() -> None:
    """Print the table."""
    print(f"{'failed jobs':>11} {'from':>5} {'API':>4} {'blobs':>6} {'KiB':>8} {'seconds':>8}")
    for failed in (1, 2, 5, 10):
        for prefer in ("text", "zip"):
            api, blobs, size, seconds = measure(failed, prefer)
            print(f"{failed:>11} {prefer:>5} {api:>4} {blobs:>6} {size >> 10:>8} {seconds:>8.2f}")


if __name__ == "__main__":
    main()
