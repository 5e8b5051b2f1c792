"""Which issues a state file expects to be there, and how it forgets them."""

from __future__ import annotations

from dataclasses import replace

from failure_investigator.model import Applied, Change, Memory
from failure_investigator.state import StateFile
from failure_investigator.state.known import keep_issues, known_issues
from tests.unit.factory import NOW
from tests.unit.fanout.real import issue

NAME = "octo-org/tracker"


def done(verb: str, number: int, deferred: str = "") -> Applied:
    """A change that was carried out, or put off."""
    return Applied(Change(verb, NAME, "", f"v1:{number}"), number, deferred=deferred)  # type: ignore[arg-type]


def states(state: StateFile) -> dict[int, str]:
    """What is known."""
    return {number: each.state for number, each in state.issues(NAME).items()}


def test_what_was_seen_and_done_is_kept() -> None:
    """Created and reopened ones are open, closed ones closed; what was put off did not happen."""
    with StateFile(None, lambda: NOW) as state:
        seen = Memory(
            (issue(1), replace(issue(2), state="closed"), issue(3), replace(issue(4), marker=None)), (), ((5, "v1:x"),)
        )
        applied = [
            done("create", 6),
            done("reopen", 2),
            done("close", 3),
            done("update", 1),
            done("create", 0, "later"),
        ]
        keep_issues(state, NAME, seen, applied)
        assert {1: "open", 2: "open", 3: "closed", 5: "open", 6: "open"} == states(state)
        assert (1, 2, 5, 6) == known_issues(state, NAME)
        assert () == known_issues(state, "octo-org/other")


def test_an_open_one_that_is_not_there_any_more_is_forgotten() -> None:
    """Deleted or moved away: it is not asked for again."""
    with StateFile(None, lambda: NOW) as state:
        keep_issues(state, NAME, Memory((issue(1), issue(2))), ())
        keep_issues(state, NAME, Memory((issue(2),)), ())
        assert ({1: "gone", 2: "open"}, (2,)) == (states(state), known_issues(state, NAME))


def test_without_a_state_nothing_is_known() -> None:
    """And nothing kept."""
    keep_issues(None, NAME, Memory((issue(1),)), ())
    assert () == known_issues(None, NAME)
