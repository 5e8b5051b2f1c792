"""Which runs move an incident: nightly workflows, several causes, forks."""

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
PULL = ["  DOCKERHUB_TOKEN: ***", "Error: toomanyrequests: You have reached your pull rate limit."]
PUSH = ["remote: Permission to octo-org/octo-app.git denied to github-actions[bot]."]


def quiet(standin: StandIn) -> None:
    """A world without the founding incident."""
    world = standin.world
    world.runs.clear()
    world.jobs.clear()


def test_a_nightly_workflow_that_failed_three_nights_is_filed_with_the_default_window(
    program: Program, standin: StandIn
) -> None:
    """The stream is followed back beyond the window, to the success before it."""
    quiet(standin)
    world = standin.world
    for night in range(1, 5):
        started = world.now - timedelta(days=night) + timedelta(hours=1)
        conclusion = "failure" if night < 4 else "success"
        world.add_job(world.add_run(NIGHTLY, started, conclusion), "publish", NPM, conclusion)

    done = program()

    assert done.code == 0
    [issue] = world.issues
    assert "Nightly publish" in issue["title"]
    assert "3 failed runs, all read" in issue["body"]
    assert "last good run" in issue["body"]


def test_two_jobs_with_two_causes_are_two_issues(program: Program, standin: StandIn) -> None:
    """One fix, one issue."""
    quiet(standin)
    world = standin.world
    for hour in (2, 4, 6):
        run = world.add_run(NIGHTLY, world.now - timedelta(hours=hour))
        world.add_job(run, "publish", NPM)
        world.add_job(run, "push", PUSH)

    program()

    assert len(world.issues) == 2
    assert ["NODE_AUTH_TOKEN" in issue["title"] for issue in world.issues].count(True) == 1
    assert "2 failed" not in world.issues[0]["body"].partition("##")[0]


def test_runs_of_forks_are_told_and_open_nothing(program: Program, standin: StandIn) -> None:
    """They get no secrets, so they say nothing about the secrets."""
    quiet(standin)
    world = standin.world
    for hour in (2, 4, 6):
        run = world.add_run(
            NIGHTLY, world.now - timedelta(hours=hour), event="pull_request", head_repository="someone/octo-app"
        )
        world.add_job(run, "publish", NPM)

    done = program()

    assert (done.code, world.issues) == (0, [])
    assert "forks" in done.summary


def test_a_rate_limit_needs_three_failures(program: Program, standin: StandIn) -> None:
    """It passes by itself."""
    quiet(standin)
    world = standin.world
    for hour in (2, 4):
        world.add_job(world.add_run(NIGHTLY, world.now - timedelta(hours=hour)), "pull", PULL)

    done = program()

    assert world.issues == []
    assert "2 of 3 consecutive failed runs" in done.summary


def test_the_bots_own_runs_are_never_read(program: Program, standin: StandIn) -> None:
    """A bot that investigates itself finds itself forever."""
    quiet(standin)
    world = standin.world
    for hour in (2, 4):
        world.add_job(world.add_run(NIGHTLY, world.now - timedelta(hours=hour)), "publish", NPM)

    done = program(environ={"GITHUB_WORKFLOW_REF": f"{world.repository.name}/{NIGHTLY.path}@refs/heads/main"})

    assert (done.code, world.issues) == (0, [])
    assert [line for line in standin.asked() if "/jobs" in line] == []
