"""GitHub on a bad day: cut bodies, 5xx, lost replies, secondary limits, logs that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.standin import Fault

if TYPE_CHECKING:
    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn


@pytest.mark.parametrize(
    "fault",
    [
        Fault("GET", r"^blob:/logs/", "cut"),
        Fault("GET", r"^blob:/logs/", "status", status=503),
        Fault("GET", r"/actions/runs$", "status", status=502),
        Fault("GET", r"/jobs$", "cut"),
        Fault("GET", r"/actions/jobs/\d+/logs$", "reset"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.path}",
)
def test_a_passing_fault_is_tried_again_and_changes_nothing(program: Program, standin: StandIn, fault: Fault) -> None:
    """The issue is the same as on a good day."""
    fault.times = 1
    standin.world.faults.append(fault)

    done = program()

    assert done.code == 0
    assert ["4 failed runs, all read" in issue["body"] for issue in standin.world.issues] == [True]


def test_a_create_whose_reply_was_lost_is_looked_for_before_it_is_tried_again(
    program: Program, standin: StandIn
) -> None:
    """Exactly one issue."""
    standin.world.faults.append(Fault("POST", r"/issues$", "lost"))

    done = program()

    assert (done.code, len(standin.world.issues)) == (0, 1)


def test_a_short_secondary_limit_is_waited_out(program: Program, standin: StandIn) -> None:
    """Retry-After of a second, once."""
    standin.world.faults.append(
        Fault("POST", r"/issues$", "status", status=403, headers={"Retry-After": "1"}, message="secondary rate limit")
    )

    done = program()

    assert (done.code, len(standin.world.issues)) == (0, 1)


def test_a_long_secondary_limit_leaves_the_writes_to_the_next_sweep(program: Program, standin: StandIn) -> None:
    """What is left is said."""
    standin.world.faults.append(
        Fault("POST", r"/issues$", "status", status=403, headers={"Retry-After": "600"}, message="secondary rate limit")
    )

    done = program()

    assert (done.code, standin.world.issues) == (0, [])
    assert "secondary rate limit" in done.summary


def test_a_listing_that_keeps_failing_ends_the_sweep_without_a_write(program: Program, standin: StandIn) -> None:
    """An error is never read as "no failures"."""
    standin.world.faults.append(Fault("GET", r"/actions/runs$", "status", times=99, status=500))

    done = program()

    assert done.code == 4
    assert standin.writes() == []


def test_logs_that_are_gone_are_said(program: Program, standin: StandIn) -> None:
    """A gone log is no error and no finding."""
    standin.world.logs.clear()

    done = program()

    assert (done.code, standin.world.issues) == (0, [])
    assert "| logs gone | 4 |" in done.summary
