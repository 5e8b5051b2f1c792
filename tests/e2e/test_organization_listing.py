"""An organisation as the live source sees it, against the stand-in: its repositories, their runs, the budget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from failure_investigator.errors import RefusedError
from failure_investigator.model import Workflow
from failure_investigator.sources.budget import share
from failure_investigator.sources.conditional import HitRate
from failure_investigator.sources.github import GitHubSource
from failure_investigator.sources.organization import RepositoryFilter
from failure_investigator.state import StateFile
from tests.e2e.conftest import TOKEN
from tests.e2e.standin import Organization, StandIn

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NIGHTLY = Workflow(7, "Nightly", ".github/workflows/nightly.yml")
PERSON = "gh" + "p_" + "p" * 36
LATER = "gh" + "s_" + "l" * 36


def made(count: int, kind: str = "Organization") -> Organization:
    """Every tenth is archived; every second public, with the topic `even`; one run each."""
    organization = Organization("octo-org", NOW, kind)
    for number in range(count):
        even = number % 2 == 0
        changes = {"visibility": "public", "topics": ("even",)} if even else {}
        world = organization.add(f"r{number:03}", archived=number % 10 == 9, **changes)
        world.add_run(NIGHTLY, NOW - timedelta(hours=2), "success")
    organization.add_token(TOKEN)
    organization.add_token(LATER)
    organization.add_token(PERSON, user=True, login="octocat")
    return organization


@pytest.mark.parametrize(("token", "path"), [(TOKEN, "/installation/repositories"), (PERSON, "/orgs/octo-org/repos")])
def test_every_repository_is_listed_whatever_the_token(token: str, path: str) -> None:
    """250 of them in three requests."""
    with StandIn(made(250)) as standin, GitHubSource(token, standin.api) as source:
        every = source.repositories("octo-org")
        even = source.repositories("octo-org", RepositoryFilter(topics=("even",), exclude=("r00*",)))
        assert [f"GET {path}"] * 6 == standin.asked()

    assert (225, {"archived": 25}) == (len(every.repositories), every.left_out)
    assert (120, {"archived": 25, "name": 9, "topic": 96}) == (len(even.repositories), even.left_out)


def test_a_token_that_only_looks_like_an_installations_falls_back() -> None:
    """The real refusal, through the client's retries, leads to the organisation's own list."""
    organization = made(4)
    organization.tokens[TOKEN].user = True
    with StandIn(organization) as standin, GitHubSource(TOKEN, standin.api) as source:
        assert 4 == len(source.repositories("octo-org").repositories)
        assert ["GET /installation/repositories", "GET /orgs/octo-org/repos"] == standin.asked()


def test_a_users_repositories_are_listed() -> None:
    """The public ones, with a word about it."""
    with StandIn(made(4, "User")) as standin, GitHubSource(PERSON, standin.api) as source:
        found = source.repositories("octo-org")
        with pytest.raises(RefusedError):
            source.repositories("nobody")
    assert (["octo-org/r000", "octo-org/r002"], 1) == ([one.name for one in found.repositories], len(found.notes))


def test_quiet_repositories_cost_nothing_the_second_time() -> None:
    """With the next hour's token too: every listing answers 304, and the limit does not move."""
    organization = made(30)
    with StandIn(organization) as standin, StateFile(None, lambda: NOW) as state:
        for token, rate in ((TOKEN, HitRate(27, 0, 0)), (LATER, HitRate(27, 27, 27))):
            with GitHubSource(token, standin.api, state=state) as source:
                repositories = source.repositories("octo-org").repositories
                before = source.budget()
                found = [source.runs(one, NOW - timedelta(days=1), NOW).runs for one in repositories]
                after = source.budget()
                assert ([1] * 27, rate) == ([len(runs) for runs in found], source.hit_rate())
                assert before is not None and after is not None  # noqa: PT018 - for the type checker
                assert rate.asked - rate.unchanged == before.remaining - after.remaining


def test_the_budget_is_shared_and_keeps_its_reserve() -> None:
    """Shards that use up their shares leave what belongs to others."""
    organization = made(30)
    organization.tokens[TOKEN].limit = 20
    with StandIn(organization) as standin:
        with GitHubSource(TOKEN, standin.api) as source:
            repositories = source.repositories("octo-org").repositories
            budget = source.budget()
        assert budget is not None
        asked = []
        for part in share(budget, 4):
            with GitHubSource(TOKEN, standin.api, budget=part) as shard:
                while not shard.exhausted():
                    shard.runs(repositories[0], NOW - timedelta(days=1), NOW)
                asked.append((shard.usage().total, shard.exhausted()))
    assert [(part, f"the {part} requests of its share are used") for part in (4, 4, 4, 3)] == asked
    assert 16 == organization.tokens[TOKEN].used
