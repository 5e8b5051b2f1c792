"""How logs come: out of the run's zip or as text, expired, from many jobs, and with hostile words inside."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from failure_investigator.model import Workflow
from tests.e2e.standin import Fault

if TYPE_CHECKING:
    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn

RELEASE = Workflow(901, "Release", ".github/workflows/release.yml")
NPM = [
    "  NODE_AUTH_TOKEN: ",
    "npm error code ENEEDAUTH",
    "npm error need auth This command requires you to be logged in to it",
]
PUSH = [
    "remote: Permission to octo-org/octo-app.git denied to github-actions[bot].",
    "fatal: unable to access 'https://github.com/octo-org/octo-app/': The requested URL returned error: 403",
]
STEP = 2
"""Number of the step that a job of `World.add_job` runs."""


def two_causes(standin: StandIn) -> None:
    """Two runs, in each of which two jobs fail and one succeeds."""
    world = standin.world
    world.runs.clear()
    for hour in (4, 2):
        run = world.add_run(RELEASE, world.now - timedelta(hours=hour))
        world.add_job(run, "publish", NPM)
        world.add_job(run, "build", ["built"], "success")
        world.add_job(run, "push", PUSH)


def links(standin: StandIn) -> list[str]:
    """Each issue's first link into a log, without the job's address."""
    found = [re.search(r"#step:\d+:\d+", issue["body"]) for issue in standin.world.issues]
    return sorted(match[0] if match else "" for match in found)


def blobs(standin: StandIn) -> set[str]:
    """The folders on the second origin that were asked for."""
    return {entry.path.split("/")[1] for entry in standin.journal if entry.origin == "blobs"}


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no-ranges"])
def test_two_failed_jobs_are_read_out_of_one_zip(program: Program, standin: StandIn, ranges: bool) -> None:  # noqa: FBT001
    """One API request a run; a server that ignores ranges sends the zip whole; the lines are the step files' own."""
    two_causes(standin)
    standin.world.ranges = ranges

    done = program()

    assert (0, 2, {"zips"}) == (done.code, len(standin.world.issues), blobs(standin))
    assert [f"#step:{STEP}:5", f"#step:{STEP}:8"] == links(standin)
    assert 2 == len([line for line in standin.asked() if line.endswith("/logs")])


@pytest.mark.parametrize(
    "fault",
    [Fault("GET", r"^blob:/zips/", "status", status=404), Fault("GET", r"/attempts/1/logs$", "status", status=404)],
    ids=["error-body", "no-zip"],
)
def test_a_zip_that_cannot_be_used_gives_way_to_the_jobs_texts(
    program: Program, standin: StandIn, fault: Fault
) -> None:
    """The same issues with the same lines."""
    two_causes(standin)
    standin.world.faults.append(
        Fault(fault.method, fault.path, fault.kind, times=99, status=fault.status, message="Not Found")
    )

    done = program()

    assert (0, 2, True) == (done.code, len(standin.world.issues), "logs" in blobs(standin))
    assert [f"#step:{STEP}:5", f"#step:{STEP}:8"] == links(standin)


def test_expired_logs_are_gone_and_no_error(program: Program, standin: StandIn) -> None:
    """410 is what GitHub says after the retention; the summary says it too."""
    standin.world.gone.update(standin.world.logs)

    done = program()

    assert (0, []) == (done.code, standin.writes())
    assert "| logs gone | 4 |" in done.summary


def test_one_log_that_is_gone_does_not_break_the_streak(program: Program, standin: StandIn) -> None:
    """The runs on both sides of it still make one incident, and the one between counts as nothing or inferred."""
    standin.world.gone.add(71230000102)

    done = program()

    assert (0, 1) == (done.code, len(standin.world.issues))
    assert "3 read" in standin.world.issues[0]["body"] or "3 failed runs, all read" in standin.world.issues[0]["body"]
    assert "| logs gone | 1 |" in done.summary


def test_a_failed_job_behind_the_first_page_of_jobs_is_read(program: Program, standin: StandIn) -> None:
    """A matrix of 130 that passed, and the one that did not."""
    world = standin.world
    world.runs.clear()
    for hour in (4, 2):
        run = world.add_run(RELEASE, world.now - timedelta(hours=hour))
        for number in range(130):
            world.add_job(run, f"test ({number})", ["ok"], "success")
        world.add_job(run, "publish", NPM)

    program()

    assert [True] == ["npm" in issue["title"] for issue in world.issues]


def test_hostile_words_in_a_log_reach_no_page(program: Program, standin: StandIn) -> None:
    """A token is redacted everywhere; mentions, HTML and markers are dead."""
    world = standin.world
    secret = "gh" + "p_" + "A" * 36
    evil = f"npm error need auth This command requires you to be logged in to it, @octocat <img src=x> ```` | {secret} <!-- x -->"
    world.runs.clear()
    for hour in (4, 2):
        world.add_job(
            world.add_run(RELEASE, world.now - timedelta(hours=hour)), "publish", ["  NODE_AUTH_TOKEN: ", evil]
        )

    done = program()

    body = world.issues[0]["body"]
    assert "logged in" in body
    assert secret not in body + done.stdout + done.stderr + done.summary + json.dumps(done.report)
    outside = re.sub(r"(?ms)^ *(`{3,})text\n.*?^ *\1$", "", body)
    assert [] == [word for word in ("@octocat", "<img", "<!-- x") if word in outside]
