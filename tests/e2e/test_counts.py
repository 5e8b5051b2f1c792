"""The summary's counts add up, and its rows tell what was done to each issue, once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.model import Workflow

if TYPE_CHECKING:
    from tests.e2e.conftest import Done, Program
    from tests.e2e.standin import StandIn

NIGHTLY = Workflow(900, "Nightly publish", ".github/workflows/nightly.yml")
NPM = [
    "  NODE_AUTH_TOKEN: ",
    "npm error code ENEEDAUTH",
    "npm error need auth This command requires you to be logged in",
]


def counted(done: Done) -> tuple[int, ...]:
    """Listed, eligible, failed, known before, read, not read, capped."""
    names = ("runs_listed", "eligible_runs", "failed_runs", "known_before", "logs_read", "not_read", "capped")
    return tuple(done.report["counts"][name] for name in names)


def failures(standin: StandIn, count: int) -> None:
    """So many failed runs in a row, one every ten minutes, below a cancelled one and one of a fork."""
    world = standin.world
    world.runs.clear()
    world.jobs.clear()
    for number in range(count):
        run = world.add_run(NIGHTLY, world.now - timedelta(minutes=10 * number + 30))
        world.add_job(run, "publish", NPM)
    world.add_run(NIGHTLY, world.now - timedelta(minutes=25), "cancelled")
    fork = {"event": "pull_request", "head_repository": "mona/octo-app"}
    world.add_run(NIGHTLY, world.now - timedelta(minutes=20), "success", **fork)


def test_the_counts_of_a_long_streak_add_up(program: Program, standin: StandIn) -> None:
    """What the cap leaves is told once; the next sweep knows all of it."""
    failures(standin, 40)
    first, second = program(), program()

    assert (42, 40, 40, 0, 25, 15, 15) == counted(first)
    assert (42, 40, 40, 40, 0, 0, 0) == counted(second)
    assert "| runs not read (caps) | 15 (15 beyond 25 of a stream) |" in first.summary
    assert "| none \\#1 |" in second.summary


def test_closing_is_one_row_one_warning_and_one_output(program: Program, standin: StandIn) -> None:
    """The comment goes before the change, and is a part of it."""
    failures(standin, 3)
    program()
    world = standin.world
    for minutes in (10, 20):
        run = world.add_run(NIGHTLY, world.now + timedelta(minutes=minutes), "success")
        world.add_job(run, "publish", ["published"], "success")
    world.now += timedelta(hours=1)
    done = program()

    rows = [line for line in done.summary.splitlines() if "closed" in line]
    assert (0, "closed", 1) == (done.code, world.issues[0]["state"], len(world.comments[1]))
    assert ["closed, with a comment [\\#1](https://github.com/octo-org/octo-app/issues/1)"] == [
        row.split(" | ")[1] for row in rows
    ]
    assert 1 == sum(line.startswith("::warning") for line in done.stdout.splitlines())
    assert [[{"repository": "octo-org/octo-app", "number": 1}], []] == [
        json.loads(done.outputs[name]) for name in ("closed", "updated")
    ]
    assert ["comment", "close"] == [change["verb"] for change in done.report["changes"]]
    assert "closed, with a comment" == done.report["incidents"][0]["decision"]["did"]
