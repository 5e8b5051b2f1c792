"""The oracle sees what it is there for: each of these mistakes in the decisions breaks a rule in one of a few histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from failure_investigator.incidents import closed, lifecycle, opening, streaks
from failure_investigator.incidents.closed import why_reopen
from failure_investigator.incidents.standing import standing
from failure_investigator.incidents.transitions import transitions
from tests.model.history import ViolationError
from tests.model.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from failure_investigator.incidents.closed import Reopening
    from failure_investigator.incidents.standing import Standing
    from failure_investigator.incidents.transitions import Facts
    from failure_investigator.model import Incident, Issue, Run

MOST = 60
"""Histories until a mistake has to be seen."""


def one_good_run_too_few(patch: pytest.MonkeyPatch) -> None:
    """Closes before the proof is whole."""

    def wrong(incident: Incident, marker: Any, close_after: int, *rest: Any, **named: Any) -> Standing:
        return standing(incident, marker, max(1, close_after - 1), *rest, **named)

    patch.setattr(lifecycle, "standing", wrong)


def a_skipped_job_is_a_proof(patch: pytest.MonkeyPatch) -> None:
    """Takes the run's conclusion for the job's."""
    right = streaks.Known.proof

    def wrong(self: streaks.Known, run: Run, names: Any, **named: Any) -> streaks.Proof:
        return "good" if run.conclusion == "success" else right(self, run, names, **named)

    patch.setattr(streaks.Known, "proof", wrong)


def the_mute_label_is_not_seen(patch: pytest.MonkeyPatch) -> None:
    """Writes to a muted issue."""
    patch.setattr(lifecycle, "MUTE", "investigator:other")


def a_regression_is_judged_by_the_closing(patch: pytest.MonkeyPatch) -> None:
    """Overlooks what failed between the good runs and the sweep that closed."""

    def wrong(incident: Incident, issue: Issue, needed: int) -> Reopening | None:
        late = any(issue.closed_at and found.run.started_at > issue.closed_at for found in incident.findings)
        return why_reopen(incident, issue, needed) if late else None

    patch.setattr(lifecycle, "why_reopen", wrong)


def more_failures_are_told(patch: pytest.MonkeyPatch) -> None:
    """Comments where nothing changed but a count."""

    def wrong(facts: Facts) -> tuple[str, ...]:
        return transitions(facts) or (("widened",) if facts.after.total > facts.before.total else ())

    patch.setattr(lifecycle, "transitions", wrong)


def one_failure_too_few(patch: pytest.MonkeyPatch) -> None:
    """Files before a streak is long enough."""
    right = opening.why_open
    patch.setattr(lifecycle, "why_open", lambda incident, needed: right(incident, max(1, needed - 1)))


def a_person_who_closed_it_is_not_heard(patch: pytest.MonkeyPatch) -> None:
    """Takes every closing for the bot's own."""
    patch.setattr(closed, "closer", lambda _: "cured")


def breaks_a_rule(seed: int) -> bool:
    """Whether the history of a seed does."""
    try:
        walk(seed)
    except ViolationError:
        return True
    return False


@pytest.mark.parametrize(
    "mistake",
    [
        one_good_run_too_few,
        a_skipped_job_is_a_proof,
        the_mute_label_is_not_seen,
        a_regression_is_judged_by_the_closing,
        more_failures_are_told,
        one_failure_too_few,
        a_person_who_closed_it_is_not_heard,
    ],
)
def test_a_mistake_in_the_decisions_is_seen(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a history that breaks a rule."""
    mistake(monkeypatch)

    assert any(map(breaks_a_rule, range(MOST)))
