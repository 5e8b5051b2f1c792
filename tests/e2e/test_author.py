"""Whose issues are the bot's: the job's token, a GitHub App's, a person's, and what happens where nobody tells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import TOKEN
from tests.e2e.standin.world import Fault

if TYPE_CHECKING:
    from tests.e2e.conftest import Done, Program
    from tests.e2e.standin import StandIn

APP = "gh" + "s_" + "a" * 40
PERSON = "gh" + "p_" + "p" * 36
JOB = {"FAILURE_INVESTIGATOR_JOB_TOKEN": TOKEN}
QUESTIONS = ("POST /graphql", "GET /user")


@pytest.fixture(autouse=True)
def _app(standin: StandIn) -> None:
    """An App that is installed in the repository."""
    standin.world.add_token(APP, login="my-app[bot]")


def sweep(program: Program, token: str = APP, **environ: str) -> Done:
    """A sweep with a token in a job."""
    return program(environ={**JOB, "INPUT_GITHUB-TOKEN": token, **environ})


def questions(standin: StandIn) -> list[str]:
    """What was asked about the token."""
    return [line for line in standin.asked() if line in QUESTIONS]


@pytest.mark.parametrize("environ", [JOB, {"GITHUB_TOKEN": TOKEN}, {}])
def test_the_job_s_token_costs_no_question(program: Program, standin: StandIn, environ: dict[str, str]) -> None:
    """Whether the action hands it over, the job's environment has it, or nothing tells of it."""
    program(environ=environ)
    done = program(environ=environ)

    assert (0, 1, []) == (done.code, len(standin.world.issues), questions(standin))


def test_an_app_finds_its_own_issues_again(program: Program, standin: StandIn) -> None:
    """GraphQL tells its login, by one question a sweep; the second sweep writes nothing."""
    first = sweep(program)
    written = len(standin.writes())
    second = sweep(program)

    assert (0, 0, ["my-app[bot]"]) == (first.code, second.code, [one["author"] for one in standin.world.issues])
    assert (written, ["POST /graphql"] * 2) == (len(standin.writes()), questions(standin))
    listed = {entry.query["creator"] for entry in standin.journal if "creator" in entry.query}
    assert {"my-app[bot]"} == listed


def test_both_tokens_are_masked(program: Program) -> None:
    """Before anything else is printed."""
    done = sweep(program)

    assert [f"::add-mask::{APP}", f"::add-mask::{TOKEN}"] == done.stdout.splitlines()[:2]
    assert 1 == done.stdout.count(TOKEN)


def test_a_person_s_token_is_asked_about_as_ever(program: Program, standin: StandIn) -> None:
    """By `GET /user` alone."""
    standin.world.add_token(PERSON, login="octocat", user=True)
    sweep(program, PERSON)
    done = sweep(program, PERSON)

    assert (0, ["octocat"]) == (done.code, [one["author"] for one in standin.world.issues])
    assert ["GET /user"] * 2 == questions(standin)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502},
        {"status": 403, "message": "You have exceeded a secondary rate limit", "headers": {"Retry-After": "120"}},
        {"status": 401, "message": "Bad credentials"},
    ],
)
def test_a_question_that_fails_ends_the_sweep(program: Program, standin: StandIn, fault: dict[str, Any]) -> None:
    """A failure, a limit and a bad token are no answer: under a wrong login no issue would be found."""
    standin.world.faults.append(Fault("POST", "/graphql$", "status", times=9, **fault))
    done = sweep(program)

    assert (3 if fault["status"] == 401 else 4, []) == (done.code, standin.writes())


def test_a_question_that_failed_once_is_asked_again(program: Program, standin: StandIn) -> None:
    """A query changes nothing, so it may be repeated."""
    standin.world.faults.append(Fault("POST", "/graphql$", "status", status=502))
    done = sweep(program)

    assert (0, ["my-app[bot]"]) == (done.code, [one["author"] for one in standin.world.issues])


def test_where_nobody_tells_the_first_issue_does(program: Program, standin: StandIn) -> None:
    """Nothing more is written, and the line says what to set; with it the issue is found and kept."""
    standin.world.tokens[APP].viewer = False
    done = sweep(program)
    line = done.stderr.splitlines()[-1]
    again = sweep(program, **{"INPUT_BOT-LOGIN": "my-app[bot]"})

    assert (2, 0, 1) == (done.code, again.code, len(standin.world.issues))
    assert "was written by my-app[bot], while own issues were looked for under github-actions[bot]" in line
    assert line.endswith("Set bot-login: my-app[bot]")
    assert ["POST /graphql", "GET /user"] == questions(standin)


def test_what_is_given_is_not_asked(program: Program, standin: StandIn) -> None:
    """`bot-login` holds for any token; for an App's it ends in `[bot]`."""
    done = sweep(program, **{"INPUT_BOT-LOGIN": "my-app[bot]"})
    wrong = sweep(program, **{"INPUT_BOT-LOGIN": "my-app"})
    odd = sweep(program, **{"INPUT_BOT-LOGIN": "@my app"})

    assert (0, 2, 2, []) == (done.code, wrong.code, odd.code, questions(standin))
    assert "Set bot-login: my-app[bot], or leave it out." in wrong.stderr
    assert "the input bot-login takes a login such as my-app[bot] or octocat" in odd.stderr


@pytest.mark.parametrize(
    ("environ", "state", "says"),
    [
        (JOB, "ok", "my-app[bot]: as GitHub says of the App's token"),
        ({}, "unknown", "github-actions[bot]: as for GITHUB_TOKEN"),
        ({"INPUT_BOT-LOGIN": "my-app[bot]"}, "ok", "my-app[bot]: as bot-login says"),
        ({"INPUT_BOT-LOGIN": "my-app"}, "refused", "bot-login is 'my-app'"),
    ],
)
def test_doctor_says_who_the_bot_is(program: Program, environ: dict[str, str], state: str, says: str) -> None:
    """And that it cannot know, where it cannot."""
    done = program("doctor", "--format", "json", environ={"INPUT_GITHUB-TOKEN": APP, **environ})
    [check] = [check for check in json.loads(done.stdout)["checks"] if check["name"] == "bot"]

    assert (state, True) == (check["state"], says in check["says"])
