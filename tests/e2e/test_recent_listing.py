"""The listing without a date finds what the dated one finds, whatever the repository's past looks like."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from failure_investigator.model import Repository, Workflow
from failure_investigator.sources.conditional import HitRate
from failure_investigator.sources.github import GitHubSource
from failure_investigator.state import StateFile
from tests.e2e.conftest import TOKEN
from tests.e2e.standin import StandIn, World

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
OTHER = "gh" + "s_" + "o" * 40
WORKFLOWS = [Workflow(number, f"Workflow {number}", f".github/workflows/w{number}.yml") for number in range(3)]


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    """A repository without a past."""
    world = World(Repository("octo-org/octo-app", "private", "main", url="https://github.com/octo-org/octo-app"), NOW)
    world.add_token(TOKEN, limit=10**9)
    world.add_token(OTHER, limit=10**9)
    with StandIn(world, keep_answers=False) as made:
        yield made


BURSTS = st.lists(
    st.tuples(
        st.integers(0, 80 * 3600), st.sampled_from([1, 7, 60, 150, 450, 1100]), st.sampled_from([0, 1, 30, 600, 3600])
    ),
    max_size=4,
)
"""(seconds before now, runs, seconds between two)."""


def fill(world: World, bursts: list[tuple[int, int, int]], attempts: int, titled: int) -> None:
    """The runs of these bursts: every `attempts`-th re-run later, every `titled`-th with a title in its name's place."""
    world.runs.clear()
    for first, count, between in bursts:
        for number in range(count):
            started = NOW - timedelta(seconds=first + number * between)
            workflow = WORKFLOWS[number % 3]
            conclusion = ("success", "failure", "cancelled")[number % 5 % 3]
            title = workflow.name if number % titled == 0 else "Fix the docs"
            run = world.add_run(workflow, started, conclusion, title=title)
            if number % attempts == 0:
                again = started + timedelta(hours=9)
                later = {"created_at": started, "updated_at": min(again, NOW), "attempt": 2, "title": title}
                world.add_run(workflow, min(again, NOW), "success", id=run.id, **later)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bursts=BURSTS, attempts=st.integers(1, 40), titled=st.integers(1, 3), hours=st.sampled_from([1, 24, 72]))
def test_both_listings_find_the_same(
    standin: StandIn, bursts: list[tuple[int, int, int]], attempts: int, titled: int, hours: int
) -> None:
    """Runs, order, completeness; with and without what an earlier sweep and another token left in the state."""
    fill(standin.world, bursts, attempts, titled)
    repository, since = standin.world.repository, NOW - timedelta(hours=hours)
    with GitHubSource(TOKEN, standin.api) as plain, StateFile(None, lambda: NOW) as state:
        dated = plain.runs(repository, since, NOW)
        rates = []
        for token in (TOKEN, OTHER):
            with GitHubSource(token, standin.api, state=state) as source:
                listing = source.runs(repository, since, NOW)
                assert (dated.runs, dated.complete) == (listing.runs, listing.complete)
                rates.append(source.hit_rate())
        assert [HitRate(1, 0, 0), HitRate(1, 1, 1)] == rates
