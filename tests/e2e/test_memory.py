"""Which issues a sweep on an empty machine takes for its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn


def test_a_marker_that_somebody_else_wrote_is_not_believed(program: Program, standin: StandIn) -> None:
    """A copy by another author saves no request and hides no incident; nor does a pull request of the bot's."""
    program()
    world = standin.world
    body = world.issues.pop()["body"]
    world.file_issue("mallory", "copied", body)
    world.file_issue("github-actions[bot]", "a pull request", body, pull_request=True)

    program()

    assert [3] == [issue["number"] for issue in world.issues if "AI Moderator" in issue["title"]]


def test_the_own_issue_is_found_among_many(program: Program, standin: StandIn) -> None:
    """On the second page of a busy bot's list, without search and without a filter by label."""
    program()
    world = standin.world
    for number in range(150):
        world.file_issue("github-actions[bot]", f"chore {number}", "not ours", updated_at="2026-04-18T00:00:00Z")
    standin.journal.clear()

    done = program()

    assert (0, []) == (done.code, standin.writes())
    asked = [(entry.path, "labels" in entry.query) for entry in standin.journal if entry.origin == "api"]
    assert [] == [path for path, filtered in asked if filtered or path.startswith("/search")]
