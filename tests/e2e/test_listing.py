"""What is listed: long windows, re-runs, odd conclusions, and a budget that others need too."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from failure_investigator.model import Workflow
from tests.e2e.conftest import TOKEN

if TYPE_CHECKING:
    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn

BUSY = Workflow(77, "Busy", ".github/workflows/busy.yml")
NPM = [
    "  NODE_AUTH_TOKEN: ",
    "npm error code ENEEDAUTH",
    "npm error need auth This command requires you to be logged in to it",
]


def test_more_runs_than_one_listing_gives_are_all_seen(program: Program, standin: StandIn) -> None:
    """1,300 green runs in the window do not hide the four that failed before them."""
    world = standin.world
    for number in range(1300):
        world.add_run(BUSY, world.now - timedelta(seconds=10 * number + 700), "success")

    done = program()

    assert (0, 1) == (done.code, len(world.issues))
    assert "| runs listed | 1309 |" in done.summary
    assert "4 failed runs, all read" in world.issues[0]["body"]


def test_a_run_that_passed_when_it_was_run_again_is_no_failure(program: Program, standin: StandIn) -> None:
    """Its latest attempt counts."""
    world = standin.world
    world.runs.clear()
    for hour in (4, 2):
        first = world.add_run(BUSY, world.now - timedelta(hours=hour))
        world.add_job(first, "publish", NPM)
        again = world.add_run(BUSY, world.now - timedelta(hours=hour), "success", id=first.id, attempt=2)
        world.add_job(again, "publish", ["published"], "success")

    done = program()

    assert (0, []) == (done.code, world.issues)


def test_the_latest_attempt_is_the_one_that_is_read(program: Program, standin: StandIn) -> None:
    """Its jobs, its logs, and its number in the table."""
    world = standin.world
    world.runs.clear()
    for hour in (4, 2):
        first = world.add_run(BUSY, world.now - timedelta(hours=hour))
        world.add_job(first, "publish", ["no network"])
        again = world.add_run(BUSY, world.now - timedelta(hours=hour), id=first.id, attempt=2)
        world.add_job(again, "publish", NPM)

    program()

    assert [2] == [issue["body"].count("| `main` | 2 | read |") for issue in world.issues]


def test_runs_without_jobs_and_timed_out_ones_are_taken_as_they_are(program: Program, standin: StandIn) -> None:
    """`startup_failure` has no job to read; `timed_out` is a failure like any other."""
    world = standin.world
    world.runs.clear()
    world.add_run(BUSY, world.now - timedelta(hours=6), "startup_failure")
    for hour in (4, 2):
        world.add_job(world.add_run(BUSY, world.now - timedelta(hours=hour), "timed_out"), "publish", NPM, "timed_out")

    done = program()

    assert (0, 1) == (done.code, len(world.issues))
    assert "2 failed runs, all read" in world.issues[0]["body"]


def test_a_fifth_of_the_hourly_limit_stays_for_others(program: Program, standin: StandIn) -> None:
    """Reading stops at the reserve, once said, with the right count of what was left."""
    token = standin.world.tokens[TOKEN]
    token.limit, token.used = 1000, 798

    done = program()

    assert (0, []) == (done.code, standin.writes())
    assert token.used <= 1000 - 200 + 6
    assert 1 == done.summary.count("stay reserved")
    read = int(done.summary.partition("| logs read | ")[2].partition(" ")[0])
    assert (
        f"| runs not read (caps) | {4 - read} |" in done.summary
    )  # the fifth failed run is of a stream that recovered


def test_a_window_without_runs_is_a_quiet_sweep(program: Program, standin: StandIn) -> None:
    """Nothing failed, nothing is written, and the outputs say so."""
    world = standin.world
    world.runs.clear()

    done = program()

    assert (0, [], "0") == (done.code, standin.writes(), done.outputs["incident-count"])
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("visibility", ["private", "internal"])
def test_evidence_does_not_leave_for_a_more_public_place(program: Program, standin: StandIn, visibility: str) -> None:
    """Exit 2 that names the repository, before anything is read."""
    world = standin.world
    world.others["octo-org/tracker"] = dataclasses.replace(world.repository, name="octo-org/tracker")
    world.rename(visibility=visibility)

    done = program(environ={"INPUT_ISSUE-REPOSITORY": "octo-org/tracker"})

    assert (2, []) == (done.code, standin.writes())
    assert "octo-org/tracker" in done.stderr
    assert [] == [line for line in standin.asked() if "/logs" in line]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INPUT_LOOKBACK", "yesterday"),
        ("INPUT_DRY-RUN", "maybe"),
        ("INPUT_MIN-FAILURES", "0"),
        ("GITHUB_REPOSITORY", "octo"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_right(program: Program, standin: StandIn, name: str, value: str) -> None:
    """Exit 2, before the first request."""
    done = program(environ={name: value})

    [line] = [text for text in done.stderr.splitlines() if text.startswith("error: ")]
    assert (2, True, []) == (done.code, value in line, standin.asked())
