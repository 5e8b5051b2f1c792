"""A closed issue: who closed it decides what opens it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.factory import NOW, make_diagnosis
from tests.unit.incidents.scene import BOT, DAY, WHEN, World, filed, resolved

from failure_investigator.incidents.lifecycle import in_question
from failure_investigator.model import Cause, Workflow

DEPLOY = Workflow(8, "Deploy", ".github/workflows/deploy.yml")
REOPENED = [("comment", "regressed"), ("reopen", "regressed")]


def rests(world: World) -> bool:
    """Whether a sweep leaves everything as it is."""
    return [verb for verb, _ in world.sweep()] in ([], ["none"])


def test_one_later_failure_reopens_what_good_runs_closed() -> None:
    """One comment with the new run."""
    world = resolved()
    world.fails(5)

    assert REOPENED == world.sweep()
    assert "[1005](" in world.said[-1]
    assert ("open", "reopened", "open") == world.state
    assert ((), 3) == (world.marker().streams["octo-org/octo-app:7:default"].good, world.marker().total)
    assert rests(world)


def test_failures_from_before_the_cure_reopen_nothing_however_late_the_issue_was_closed() -> None:
    """It is never judged by the time of closing."""
    world = filed(3, 4)
    world.works(5, 6)
    world.sweep()
    world.fails(1, 2)

    assert rests(world)


def test_a_failure_between_the_cure_and_the_closing_reopens() -> None:
    """The sweep that closed did not see it: it was still running."""
    world = resolved()
    assert world.issues[1].closed_at == NOW
    world.fails(11)

    assert NOW > world.runs[1011].started_at
    assert REOPENED == world.sweep()


def test_a_rerun_on_an_older_commit_reopens_nothing_and_a_newer_failure_does() -> None:
    """What failed before fails again."""
    world = resolved()
    world.fails(5)
    world.older = {"1005.1"}
    assert [("none", "issue #1 is closed (cured): what failed is on a commit older than the cure")] == world.sweep()

    world.fails(6)
    assert REOPENED == world.sweep()


def test_a_failure_in_another_workflow_reopens_when_it_is_later_than_the_cure() -> None:
    """And not when it is earlier."""
    world = resolved()
    world.fails(2, workflow=DEPLOY, id=2002)
    assert rests(world)

    world.fails(6, workflow=DEPLOY)
    assert REOPENED == world.sweep()


def test_after_ninety_days_a_new_issue_links_the_old() -> None:
    """And the old one stays closed."""
    world = resolved()
    late = WHEN + 91 * DAY
    world.fails(50, started_at=late)
    assert [("none", "1 of 2 consecutive failed runs")] == world.sweep(late)

    world.fails(51, started_at=late + timedelta(hours=1))
    assert [("create", "2 consecutive failed runs")] == world.sweep(late + DAY)
    assert ("The same was seen before: #1." in world.issues[2].body, world.marker(2).earlier) == (True, 1)
    assert ["none"] == [verb for verb, _ in world.sweep(late + DAY)]


def test_a_person_says_it_is_fixed_while_old_failures_are_in_the_window() -> None:
    """Only runs created since count, as many as open an issue."""
    world = filed(1, 2)
    world.fails(9, 10)
    world.close(1, "completed", "mona", at=WHEN + timedelta(hours=10, minutes=30))
    assert ["none"] == [verb for verb, _ in world.sweep()]

    world.fails(11)
    assert [
        ("none", "issue #1 was closed as completed 2026-05-04 10:30; since then: 1 of 2 consecutive failed runs")
    ] == (world.sweep())
    world.fails(12)
    assert [("comment", "claimed"), ("reopen", "claimed")] == world.sweep()
    assert "2 consecutive failed runs since it was closed as completed" in world.said[0]
    assert [False, True] == [f"[{run}](" in world.said[0] for run in (1010, 1012)]
    assert 6 == world.marker().total
    assert rests(world)


def test_a_rerun_of_an_old_run_is_not_created_since() -> None:
    """A person closed it after fixing, and an old run was started again."""
    world = filed(1, 2)
    world.close(1, "completed", "mona", at=WHEN + timedelta(hours=3))
    for number in (1, 2):
        world.fails(number, attempt=2, created_at=world.runs[1000 + number].created_at, started_at=NOW)

    assert rests(world)


@pytest.mark.parametrize("reason", ["not_planned", "duplicate"])
def test_what_a_person_closes_otherwise_is_accepted(reason: str) -> None:
    """However much fails."""
    world = filed(1, 2)
    world.close(1, reason, "mona")
    world.fails(*range(3, 30))

    assert [("none", f"issue #1 was closed as {reason} by mona: left alone until a person reopens it")] == world.sweep()
    world.reopen(1)
    assert [("comment", "widened"), ("update", "widened")] == world.sweep()


def test_another_bot_is_answered_once_and_then_respected() -> None:
    """It still fails: reopened with the reason; closed again: left alone."""
    world = filed(1, 2)
    world.close(1, "not_planned", "stale[bot]")

    assert [("comment", "insisted"), ("reopen", "insisted")] == world.sweep()
    assert "Opened again, once" in world.said[0]
    assert rests(world)
    world.fails(3)
    world.sweep()
    world.close(1, "not_planned", "stale[bot]")
    world.fails(4, 5)
    assert rests(world)
    assert 1 == len(world.said)


def test_a_stale_action_with_the_bots_own_login_is_another_bot() -> None:
    """Every workflow of the repository writes as the same bot; the marker says that it was not us."""
    world = filed(1, 2)
    world.close(1, "not_planned", BOT)

    assert [("comment", "insisted"), ("reopen", "insisted")] == world.sweep()


def test_another_bot_that_closes_what_does_not_fail_any_more_is_right() -> None:
    """A good run came since."""
    world = filed(1, 2)
    world.close(1, "not_planned", "stale[bot]")
    world.works(3)

    assert [("none", "issue #1 was closed by stale[bot], and nothing fails any more")] == world.sweep()


def test_a_muted_closed_issue_is_not_reopened() -> None:
    """The label goes before all."""
    world = resolved()
    world.edit(1, labels=("investigator:mute",))
    world.fails(5, 6)

    assert [("none", "issue #1 is muted by its label")] == world.sweep()


def test_a_person_who_closes_what_was_resolved_and_reopened_has_the_last_word() -> None:
    """The marker still says resolved, and it was not us who closed it last."""
    world = resolved()
    world.reopen(1, at=NOW + timedelta(hours=1))
    world.close(1, "not_planned", "mona", at=NOW + timedelta(hours=2))
    world.fails(15, 16, 17)

    assert rests(world)


def test_runs_of_forks_reopen_nothing() -> None:
    """They get no secrets."""
    world = resolved()
    world.fails(5, 6, event="pull_request", head_repository="someone/octo-app")

    assert rests(world)


def test_an_issue_that_regressed_is_resolved_again_by_new_good_runs() -> None:
    """And each transition is told once."""
    world = resolved()
    world.fails(5)
    world.sweep()
    world.works(6, 7)

    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep()
    assert 3 == len(world.said)
    assert rests(world)


def test_what_failed_and_recovered_between_two_sweeps_reopens_nothing() -> None:
    """It would be closed again by the next good run."""
    world = resolved()
    world.fails(5)
    world.works(6)

    assert [("none", "issue #1 is closed (cured): the runs recovered by themselves")] == world.sweep()


def test_a_cause_that_passes_by_itself_needs_its_streak_again() -> None:
    """Three."""
    throttled = make_diagnosis(Cause.RATE_LIMITED)
    world = filed(1, 2, 3, says=throttled)
    world.works(4, 5)
    world.sweep()
    world.fails(6, 7, says=throttled)
    assert [("none", "issue #1 is closed (cured): 2 of 3 consecutive failed runs")] == world.sweep()

    world.fails(8, says=throttled)
    assert REOPENED == world.sweep()


def test_of_closed_issues_that_failed_more_must_be_known() -> None:
    """Who closed them; of an open one, or one without failures in sight, nothing."""
    world = resolved()
    assert (1,) == in_question(world.groups())
    world.forget(1, 2, 3, 4)
    assert () == in_question(world.groups())
    world.fails(5)
    assert (1,) == in_question(world.groups())
    world.sweep()
    assert () == in_question(world.groups())
