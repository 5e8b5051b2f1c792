"""Conditional requests: what is sent, what a 304 stands for, and that nothing stored goes out without one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from failure_investigator.errors import IncompleteError, RefusedError
from failure_investigator.model import Repository
from failure_investigator.sources.conditional import ACCEPT, HitRate
from failure_investigator.sources.github import GitHubSource
from failure_investigator.state import StateFile
from tests.unit.sources.conftest import API, NOW, TOKEN, Answer, Asked, Hub, job_json, run_json, runs_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Repository("octo/app", "private", "main")
RUNS = "/repos/octo/app/actions/runs"
JOBS = "/repos/octo/app/actions/runs/1003/attempts/1/jobs"
SINCE = datetime(2026, 5, 3, tzinfo=UTC)
OTHER = "gh" + "s_" + "o" * 36


@dataclass
class Server:
    """One answer with a tag; `tag` says how it is made."""

    body: Answer
    tag: Callable[[Asked, bytes], str]
    sent: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        tag = self.tag(asked, self.body.content)
        self.sent.append(asked.headers.get("if-none-match", ""))
        if tag and self.sent[-1] == tag:
            return Answer(b"", 304, {"ETag": tag})
        return Answer(self.body.body, headers={"ETag": tag} if tag else {})


def as_github(asked: Asked, body: bytes) -> str:
    """GitHub's tag."""
    told = f"{asked.headers.get('accept', '')}:{asked.headers['authorization']}:".encode()
    return f'W/"{hashlib.sha256(told + body).hexdigest()}"'


def of_body(_: Asked, body: bytes) -> str:
    """A tag as a server may make it that knows no tokens."""
    return f'"{hashlib.sha256(body).hexdigest()[:12]}"'


@pytest.fixture
def state() -> Iterator[StateFile]:
    """What sweeps remember."""
    with StateFile(None, lambda: NOW) as made:
        yield made


def listed(state: StateFile | None, token: str = TOKEN) -> tuple[list[int], HitRate]:
    """The runs of one sweep, and how its conditional requests fared."""
    with GitHubSource(token, API, state=state) as source:
        runs = source.runs(REPOSITORY, SINCE, NOW).runs
        return [run.id for run in runs], source.hit_rate()


@pytest.mark.parametrize("tag", [as_github, of_body])
def test_an_unchanged_listing_is_free_the_second_time(hub: Hub, state: StateFile, tag: Any) -> None:
    """The address is the same whatever the time, and a 304 stands for the stored answer."""
    hub.rules[RUNS] = Server(runs_page(run_json(3)), tag)
    told = [listed(state), listed(state)]
    assert [([1003], HitRate(1, 0, 0)), ([1003], HitRate(1, 1, 1))] == told
    assert [{"status": "completed", "per_page": "100"}] * 2 == [asked.query for asked in hub.journal]
    assert {ACCEPT} == {asked.headers["accept"] for asked in hub.journal}


def test_the_tag_is_made_for_the_present_token(hub: Hub, state: StateFile) -> None:
    """A workflow's token lives an hour, and GitHub's tags differ from token to token."""
    hub.rules[RUNS] = Server(runs_page(run_json(3)), as_github)
    assert [([1003], HitRate(1, 0, 0)), ([1003], HitRate(1, 1, 1))] == [listed(state), listed(state, OTHER)]


def test_a_server_with_tags_of_its_own_gets_them_back(hub: Hub, state: StateFile) -> None:
    """Whatever the token: where the rule was not seen to hold, no tag is made up."""
    server = hub.rules[RUNS] = Server(runs_page(run_json(3)), of_body)
    listed(state)
    listed(state, OTHER)
    assert isinstance(server, Server)
    assert ["", of_body(hub.journal[0], server.body.content)] == server.sent


def test_nothing_that_came_of_a_token_is_stored(hub: Hub, state: StateFile) -> None:
    """Not even a hash."""
    hub.rules[RUNS] = Server(runs_page(run_json(3)), as_github)
    listed(state)
    rows = state._connection.execute("SELECT key, tag FROM answers").fetchall()
    assert [(f"{ACCEPT} {API}{RUNS}?per_page=100&status=completed", 'W/"*"')] == rows


def test_a_changed_listing_comes_whole_and_is_kept(hub: Hub, state: StateFile) -> None:
    """The new answer counts, and is what a later 304 stands for."""
    hub.rules[RUNS] = Server(runs_page(run_json(3)), as_github)
    listed(state)
    hub.rules[RUNS] = Server(runs_page(run_json(4), run_json(3)), as_github)
    assert [([1004, 1003], HitRate(1, 1, 0)), ([1004, 1003], HitRate(1, 1, 1))] == [listed(state), listed(state)]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"message": "Bad credentials"}, 401), RefusedError),
        (Answer({"message": "Resource not accessible by integration"}, 403), RefusedError),
        (Answer({"message": "Not Found"}, 404), RefusedError),
        (Answer({"message": "API rate limit exceeded", "documentation_url": ""}, 403), IncompleteError),
        (Answer({"message": "Server Error"}, 500), IncompleteError),
        (Answer(b"<html>", 200), IncompleteError),
    ],
)
def test_what_is_stored_never_stands_in_for_a_failure(
    hub: Hub, state: StateFile, answer: Answer, error: type[Exception]
) -> None:
    """A token that may not see the runs gets none, also when another one's answer is stored."""
    hub.rules[RUNS] = Server(runs_page(run_json(3)), as_github)
    listed(state)
    hub.rules[RUNS] = answer
    with pytest.raises(error):
        listed(state)


def test_a_304_that_nobody_asked_for_is_an_error(hub: Hub, state: StateFile) -> None:
    """Without a stored answer it says nothing."""
    hub.rules[RUNS] = Answer(b"", 304)
    with pytest.raises(IncompleteError, match="Could not list the workflow runs of octo/app"):
        listed(state)


def test_a_server_without_tags_is_asked_plainly(hub: Hub, state: StateFile) -> None:
    """Nothing is kept, and every answer comes whole."""
    server = hub.rules[RUNS] = Server(runs_page(run_json(3)), lambda _asked, _body: "")
    assert [([1003], HitRate(1, 0, 0))] * 2 == [listed(state), listed(state)]
    assert isinstance(server, Server)
    assert ["", ""] == server.sent


def test_without_a_state_nothing_is_conditional(hub: Hub) -> None:
    """The window is asked for by its dates."""
    hub.rules[RUNS] = Server(runs_page(run_json(3)), as_github)
    assert ([1003], HitRate()) == listed(None)
    assert "created" in hub.journal[0].query


def test_the_meter_counts_what_was_free(hub: Hub, state: StateFile) -> None:
    """A 304 is a request that is not paid for."""
    hub.rules[RUNS] = Server(runs_page(run_json(3)), as_github)
    listed(state)
    with GitHubSource(TOKEN, API, state=state, budget=1) as source:
        source.runs(REPOSITORY, SINCE, NOW)
        assert ({"runs": 1}, 1, "") == (source.usage().requests, source.usage().not_modified, source.exhausted())


def test_jobs_of_an_attempt_are_listed_once(hub: Hub, state: StateFile) -> None:
    """The next sweep knows them, to the field."""
    hub.rules |= {RUNS: runs_page(run_json(3)), JOBS: Answer({"total_count": 1, "jobs": [job_json(5)]})}
    told = []
    for _ in range(2):
        with hub.source(state=state) as source:
            told.append(source.jobs(source.runs(REPOSITORY, SINCE, NOW).runs[0]))
    assert (told[0], 1, 1) == (told[1], len(told[0]), hub.paths().count(JOBS))


@pytest.mark.parametrize(
    "answer",
    [
        {"total_count": 1, "jobs": [job_json(5, conclusion=None)]},
        {"total_count": 2, "jobs": [job_json(5)]},
        {"total_count": 0, "jobs": []},
    ],
)
def test_a_list_of_jobs_that_is_not_whole_is_not_kept(hub: Hub, state: StateFile, answer: dict[str, Any]) -> None:
    """One job without a conclusion, fewer than announced, or none although the run did start."""
    empty = {"total_count": answer["total_count"], "jobs": []}
    hub.rules |= {RUNS: runs_page(run_json(3)), JOBS: lambda a: Answer(empty if "page" in a.query else answer)}
    for _ in range(2):
        with hub.source(state=state) as source:
            source.jobs(source.runs(REPOSITORY, SINCE, NOW).runs[0])
    assert 2 == len([asked for asked in hub.journal if asked.path == JOBS and "page" not in asked.query])


def test_a_run_that_never_started_is_known_to_have_no_jobs(hub: Hub, state: StateFile) -> None:
    """That is its whole list."""
    never = run_json(3, conclusion="startup_failure")
    hub.rules |= {RUNS: runs_page(never), JOBS: Answer({"total_count": 0, "jobs": []})}
    for _ in range(2):
        with hub.source(state=state) as source:
            assert source.jobs(source.runs(REPOSITORY, SINCE, NOW).runs[0]) == ()
    assert 1 == hub.paths().count(JOBS)


def test_jobs_in_an_unknown_form_are_asked_for_again(hub: Hub, state: StateFile) -> None:
    """What an odd file says is no list of jobs."""
    state.keep_jobs("octo/app", "1003.1", '{"jobs": 5}')
    hub.rules |= {RUNS: runs_page(run_json(3)), JOBS: Answer({"total_count": 1, "jobs": [job_json(5)]})}
    with hub.source(state=state) as source:
        assert [5] == [job.id for job in source.jobs(source.runs(REPOSITORY, SINCE, NOW).runs[0])]


def test_the_rate_is_told_in_one_line() -> None:
    """With the share of all."""
    assert "190 of 200 listings were unchanged (304, 95%); 195 were known" == str(HitRate(200, 195, 190))
    assert "no conditional request" == str(HitRate())
