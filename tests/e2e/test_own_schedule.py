"""The bot looks at its own schedule: what brought no sweep is told, by two requests, and never at the sweep's cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from failure_investigator.model import Workflow
from tests.e2e.standin.world import Fault

if TYPE_CHECKING:
    from tests.e2e.conftest import Done, Program
    from tests.e2e.standin import StandIn

OWN = Workflow(99, "Failure investigator", ".github/workflows/failure-investigator.yml")
FILE = "on:\n  schedule:\n    - cron: '3 */6 * * *'\njobs:\n  investigate:\n    runs-on: ubuntu-latest\n"
RUNS = f"GET /repos/octo-org/octo-app/actions/workflows/{OWN.path.rpartition('/')[2]}/runs"
TEXT = f"GET /repos/octo-org/octo-app/contents/{OWN.path}"
LOST = 3
"""Which time, counted back, brought no run."""


def history(standin: StandIn, *lost: int) -> None:
    """Three days of scheduled runs, the newest under way; `lost` are those that are missing, counted back."""
    world = standin.world
    last = world.now.replace(minute=3, second=0, hour=world.now.hour // 6 * 6)
    for number in range(12):
        if number not in lost:
            started = last - timedelta(hours=6 * number) + timedelta(minutes=20)
            run = world.add_run(OWN, started, "success" if number else "")
            world.files[run.head_sha, OWN.path] = FILE
    world.files["HEAD", OWN.path] = FILE


def sweep(program: Program, path: str = OWN.path, repository: str = "octo-org/octo-app") -> Done:
    """As the own workflow runs it."""
    return program(environ={"GITHUB_WORKFLOW_REF": f"{repository}/{path}@refs/heads/main"})


def test_a_missed_time_is_told_in_summary_report_and_as_a_warning(program: Program, standin: StandIn) -> None:
    """And the sweep does its work besides."""
    history(standin, LOST)
    done = sweep(program)

    now = standin.world.now
    missed = now.replace(minute=3, second=0, hour=now.hour // 6 * 6) - timedelta(hours=6 * LOST)
    assert (0, [f"{missed:%Y-%m-%dT%H:%M:%SZ}"]) == (done.code, done.report["missed_schedules"])
    assert (
        f"for one time of this workflow's own schedule in the last 8 days: {missed:%Y-%m-%d %H:%M} UTC" in done.summary
    )
    assert "::warning title=Missed schedules::" in done.stdout
    assert 1 == len(standin.world.issues)


def test_a_schedule_that_was_kept_costs_two_requests(program: Program, standin: StandIn) -> None:
    """And nothing is said."""
    history(standin)
    done = sweep(program)

    asked = standin.asked()
    assert (1, 1) == (asked.count(RUNS), asked.count(TEXT))
    assert ([], False) == (done.report["missed_schedules"], "Missed schedules" in done.stdout + done.summary)


def test_the_first_sweep_says_nothing(program: Program, standin: StandIn) -> None:
    """There is no run to compare with, and the file is not asked for."""
    done = sweep(program)

    assert (0, [], 0) == (done.code, done.report["missed_schedules"], standin.asked().count(TEXT))


@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_refusal_is_a_note_and_the_sweep_goes_on(program: Program, standin: StandIn, status: int) -> None:
    """The issue is filed all the same."""
    history(standin, LOST)
    standin.world.faults.append(Fault("GET", f"{OWN.path.rpartition('/')[2]}/runs", "status", times=9, status=status))
    done = sweep(program)

    assert (0, 1, []) == (done.code, len(standin.world.issues), done.report["missed_schedules"])
    assert 1 == sum("whether the own schedule was kept is not known" in note for note in done.report["notes"])


def test_a_workflow_in_another_repository_is_not_asked_about(program: Program, standin: StandIn) -> None:
    """The token may know nothing of it."""
    history(standin, LOST)
    sweep(program, repository="octo-org/elsewhere")

    assert 0 == standin.asked().count(RUNS)
