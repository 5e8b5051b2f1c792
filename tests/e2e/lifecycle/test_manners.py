"""How much is written at once, what happens when GitHub refuses in between, and which runs count at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from failure_investigator.model import Workflow
from tests.e2e.standin import Fault
from tests.e2e.story import MISSING, PUBLISH, PUSH, at, reasons

if TYPE_CHECKING:
    from tests.e2e.story import Story

RESOLVED = ["POST issues/1/comments", "PATCH issues/1 body closed completed"]


def refused(story: Story, first: int, last: int, day: int) -> None:
    """Two failures each of workflows that lack a permission of their own: as many matters."""
    for number in range(first, last):
        workflow = Workflow(3000 + number, f"Push {number:02}", f".github/workflows/push-{number:02}.yml")
        for hour in (6, 12):
            story.fails(workflow, at(day, hour), PUSH)


def test_the_first_sweep_creates_three_and_later_ones_ten(story: Story) -> None:
    """What is left is told with the reason, and comes with the next sweep."""
    refused(story, 0, 5, 0)
    first, second = story.sweep(at(0, 13)), story.wrote(at(0, 14))
    refused(story, 5, 17, 1)
    third, fourth = story.sweep(at(1, 13)), story.wrote(at(1, 14))

    assert 2 == reasons(first).count("none: the first sweep creates 3 issues at most")
    assert ["POST issues"] * 2 == second
    assert 2 == sum("at most 10 issues a sweep" in reason for reason in reasons(third))
    assert (["POST issues"] * 2, 17) == (fourth, len(story.world.issues))


def test_a_label_that_cannot_be_made_stops_no_create(story: Story) -> None:
    """The issue is filed without it."""
    story.world.faults.append(Fault("POST", r"/labels$", "status", status=403, message="Resource not accessible"))
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour))

    assert ["POST issues"] == story.wrote(at(0, 13))
    assert [] == story.issue()["labels"]


def test_a_secondary_limit_between_comment_and_closing_leaves_one_comment(story: Story) -> None:
    """What is left is told, and done by the next sweep, which does not comment again."""
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour))
    story.sweep(at(0, 13))
    for hour in (14, 15):
        story.succeeds(PUBLISH, at(0, hour))
    limit = Fault("PATCH", r"/issues/1$", "status", status=403, headers={"Retry-After": "120"})
    limit.message = "You have exceeded a secondary rate limit."
    story.world.faults.append(limit)
    left = story.sweep(at(0, 16))

    assert 0 == left.code
    assert [
        "to close, with a comment #1: 2 good runs; left: GitHub's secondary rate limit (Retry-After 120 s)"
    ] == reasons(left)
    assert ["PATCH issues/1 body closed completed"] == story.wrote(at(0, 17))
    assert (["1 closed completed"], 1) == (story.states(), len(story.comments()))


@pytest.mark.parametrize("path", [r"/actions/runs$", r"/issues$", r"/actions/workflows/900/runs$", r"/jobs$"])
def test_what_cannot_be_read_concludes_nothing(path: str, story: Story) -> None:
    """Two good runs wait: with an answer that fails nothing is written, and the next sweep closes."""
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour))
    story.sweep(at(0, 13))
    for day in (2, 3):
        story.succeeds(PUBLISH, at(day, 6))
    story.world.faults.append(Fault("GET", path, "status", times=9))
    failed = story.sweep(at(3, 7))
    wrote = story.standin.writes()
    story.world.faults.clear()

    assert (4, []) == (failed.code, wrote)
    assert RESOLVED == story.wrote(at(3, 8))


def test_pull_requests_are_one_stream_over_all_heads(story: Story) -> None:
    """Two heads fail in a row and open; green runs of other heads close. A fork's runs do neither."""
    for hour, branch in ((6, "feature/a"), (12, "feature/b")):
        story.fails(PUBLISH, at(0, hour), event="pull_request", branch=branch)
    opened = story.wrote(at(0, 13))
    for hour in (14, 15, 16):
        story.succeeds(PUBLISH, at(0, hour), event="pull_request", branch="theirs", head_repository="mona/octo-app")
    forks = story.wrote(at(0, 17))
    for hour, branch in ((18, "feature/c"), (19, "feature/d")):
        story.succeeds(PUBLISH, at(0, hour), event="pull_request", branch=branch)

    assert [["POST issues"], [], RESOLVED] == [opened, forks, story.wrote(at(0, 20))]


def test_cancelled_skipped_and_unreadable_runs_neither_break_nor_extend(story: Story) -> None:
    """Between two failures they change nothing, and after them they cure nothing."""
    story.fails(PUBLISH, at(0, 1))
    story.run(PUBLISH, at(0, 2), "cancelled")
    gone = story.fails(PUBLISH, at(0, 3))
    story.world.gone.add(gone.id * 1000)
    one = story.wrote(at(0, 4))
    story.fails(PUBLISH, at(0, 5), MISSING)
    two = story.wrote(at(0, 6))
    for hour, ended in ((7, "cancelled"), (8, "skipped")):
        story.run(PUBLISH, at(0, hour), ended)

    assert [[], ["POST issues"], []] == [one, two, story.wrote(at(0, 9))]
    assert story.lead().startswith("2 failed runs, all read")
