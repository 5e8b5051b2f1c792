"""Sweep after sweep on an empty machine: nothing is counted, read or filed twice, and nothing is overlooked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.model import Workflow

if TYPE_CHECKING:
    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn

NIGHTLY = Workflow(900, "Nightly publish", ".github/workflows/nightly.yml")
NPM = [
    "  NODE_AUTH_TOKEN: ",
    "npm error code ENEEDAUTH",
    "npm error need auth This command requires you to be logged in to it",
]
PUSH = [
    "remote: Permission to octo-org/octo-app.git denied to github-actions[bot].",
    "fatal: unable to access 'https://github.com/octo-org/octo-app/': The requested URL returned error: 403",
]


def quiet(standin: StandIn) -> None:
    """A world without the founding incident."""
    standin.world.runs.clear()
    standin.world.jobs.clear()


def downloads(standin: StandIn) -> list[str]:
    """Paths on the logs' origin."""
    return [entry.path for entry in standin.journal if entry.origin == "blobs"]


def test_a_streak_longer_than_the_marker_remembers_is_counted_once(program: Program, standin: StandIn) -> None:
    """300 failures stay 300: the second sweep reads nothing, writes nothing and counts nothing twice."""
    quiet(standin)
    world = standin.world
    for number in range(300):
        run = world.add_run(NIGHTLY, world.now - timedelta(minutes=3 * number + 30))
        world.add_job(run, "publish", NPM)
    program()
    body = world.issues[0]["body"]
    first = len(downloads(standin))
    standin.journal.clear()

    program()

    assert "300 failed runs, 25 read, 275 inferred" in body
    assert (25, True) == (first, len(body) <= 60_000)
    assert ([], []) == (standin.writes(), downloads(standin))
    assert body == world.issues[0]["body"]


def test_a_second_cause_in_the_runs_of_a_known_one_is_filed_too(program: Program, standin: StandIn) -> None:
    """Hourly sweeps: another job of the same runs begins to fail while the first issue is open."""
    quiet(standin)
    world, start = standin.world, standin.world.now
    for hour in (8, 7):
        world.add_job(world.add_run(NIGHTLY, start - timedelta(hours=hour)), "publish", NPM)
    program()
    for hour in (6, 5, 4):
        run = world.add_run(NIGHTLY, start - timedelta(hours=hour))
        world.add_job(run, "publish", NPM)
        world.add_job(run, "push", PUSH)
        program()

    titles = [issue["title"] for issue in world.issues]
    assert [1, 1] == [sum(f": {service} answers" in title for title in titles) for service in ("npm", "GitHub")]


def test_a_second_sweep_reads_no_log_at_all(program: Program, standin: StandIn) -> None:
    """Neither the incident's nor that of a workflow which failed once and succeeded since."""
    program()
    standin.journal.clear()

    program()

    assert [] == downloads(standin)


def test_an_issue_that_a_person_closed_is_not_filed_anew(program: Program, standin: StandIn) -> None:
    """The closed issue of the same incident is found, and no run is newer than the closing."""
    program()
    closed = "2026-04-17T18:40:00Z"
    standin.world.issues[0].update(state="closed", state_reason="completed", closed_at=closed, updated_at=closed)
    standin.journal.clear()

    program()

    assert [] == standin.writes()


def test_a_table_row_keeps_its_job_after_an_update(program: Program, standin: StandIn) -> None:
    """A row that was read in an earlier sweep still links the job that was refused."""
    program()
    world = standin.world
    last = next(run for run in world.runs if run.id == 24579781734)
    job = f"/actions/runs/{last.id}/job/71230000103)"
    later = world.add_run(last.workflow, last.started_at + timedelta(hours=1), event="issues", title=last.title)
    said = "ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header"
    world.add_job(later, "moderate", ["  OPENAI_API_KEY: ***", said])
    world.now = later.updated_at + timedelta(minutes=5)
    before = world.issues[0]["body"]

    program()

    assert [True, True] == [job in before, job in world.issues[0]["body"]]
