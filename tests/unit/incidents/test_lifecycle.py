"""The reconciler: every row of the table of states (docs/design.md, "Issue lifecycle"), and what people do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.factory import NOW, make_diagnosis
from tests.unit.incidents.scene import World, filed

from failure_investigator.model import Cause, Workflow

MARK = "v1:credential:openai:OPENAI_API_KEY"
DEPLOY = Workflow(8, "Deploy", ".github/workflows/deploy.yml")


def verbs(changes: list[tuple[str, str]]) -> list[str]:
    """What was done, without why."""
    return [verb for verb, _ in changes]


@pytest.mark.parametrize(
    ("failures", "rules", "expected"),
    [
        ((1, 2), {}, ("create", "2 consecutive failed runs")),
        ((1, 2), {"min_failures": 3}, ("none", "2 of 3 consecutive failed runs")),
        ((1,), {}, ("none", "1 of 2 consecutive failed runs")),
        ((1,), {"min_failures": 1}, ("create", "1 consecutive failed run")),
    ],
)
def test_a_streak_of_the_threshold_opens_and_a_shorter_one_waits(
    failures: tuple[int, ...], rules: dict[str, Any], expected: tuple[str, str]
) -> None:
    """Two by default."""
    world = World()
    world.fails(*failures)

    assert [expected] == world.sweep(**rules)


def test_a_cause_that_passes_by_itself_needs_three() -> None:
    """Whatever is configured below."""
    world = World()
    world.fails(1, 2, says=make_diagnosis(Cause.RATE_LIMITED))
    assert [("none", "2 of 3 consecutive failed runs")] == world.sweep()

    world.fails(3, says=make_diagnosis(Cause.RATE_LIMITED))
    assert [("create", "3 consecutive failed runs")] == world.sweep()


def test_one_failure_each_in_three_workflows_opens_a_persistent_cause() -> None:
    """One outage is one incident, not three."""
    world = World()
    for number in (1, 2):
        world.fails(number, workflow=Workflow(number, f"W{number}", f"{number}.yml"))
    assert [("none", "1 of 2 consecutive failed runs")] == world.sweep()

    world.fails(3, workflow=Workflow(3, "W3", "3.yml"))
    assert [("create", "seen in 3 workflows")] == world.sweep()


def test_what_recovered_by_itself_opens_nothing() -> None:
    """A success after the streak."""
    world = World()
    world.fails(1, 2)
    world.works(3)

    assert [("none", "the runs recovered by themselves")] == world.sweep()


def test_runs_without_secrets_never_open() -> None:
    """However many."""
    world = World()
    world.fails(1, 2, 3, actor="dependabot[bot]")

    assert [("none", "only runs from forks or Dependabot, which get no secrets")] == world.sweep()


def test_more_failures_rewrite_the_page_without_a_comment() -> None:
    """Ongoing is silent, and the same again changes nothing."""
    world = filed(1, 2)
    world.fails(3)

    assert [("update", "1 more failed run")] == world.sweep()
    assert ["none"] == verbs(world.sweep())
    assert (3, 3, []) == (world.marker().total, world.marker().read, world.said)


def test_the_first_sweep_ever_creates_three_issues_at_most() -> None:
    """Largest first, the rest in the summary."""
    world = World()
    for service in range(1, 6):
        says = make_diagnosis(service=f"s{service}.test")
        world.fails(
            *range(10 * service, 11 * service + 1), says=says, workflow=Workflow(service, "W", f"{service}.yml")
        )

    found = world.sweep(first_sweep=True)

    assert ["create"] * 3 + ["none"] * 2 == verbs(found)
    assert ("create", "6 consecutive failed runs") == found[0]
    assert ("none", "the first sweep creates 3 issues at most") == found[-1]
    assert ["create"] * 2 == [verb for verb in verbs(world.sweep()) if verb != "none"]


def test_muted_and_handed_over_issues_are_left_alone() -> None:
    """People first."""
    world = filed(1, 2)
    world.edit(1, labels=("investigator:mute",))
    world.fails(3)
    assert [("none", "issue #1 is muted by its label")] == world.sweep()

    other = World()
    other.fails(1, 2)
    assert [("none", "issue #8 was handed over to people")] == other.sweep(handed_over={8: MARK})


def test_nothing_new_for_a_month_is_dormant_until_it_fails_again() -> None:
    """Open and silent."""
    world = filed(1, 2)

    assert [("update", "no eligible run since 2026-05-04")] == world.sweep(NOW + timedelta(days=31))
    assert (("open", "", "dormant"), []) == (world.state, world.said)
