"""The thresholds decide when an issue is opened, reopened and closed; rate limits are slower to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.story import PUBLISH, at, reasons, writes

if TYPE_CHECKING:
    from datetime import datetime

    from tests.e2e.story import Story

RUNS = "https://github.com/octo-org/octo-app/actions/runs"
PULL = ["  DOCKERHUB_TOKEN: ***", "Error: toomanyrequests: You have reached your pull rate limit."]
REOPENED = ["POST issues/1/comments", "PATCH issues/1 title body open reopened"]
RESOLVED = ["POST issues/1/comments", "PATCH issues/1 body closed completed"]


def test_one_failure_opens_and_one_good_run_closes_where_that_is_wished(story: Story) -> None:
    """`min-failures: 1` and `close-after: 1`; the sentence says once."""

    def wrote(when: datetime) -> list[str]:
        story.sweep(when, {"INPUT_MIN-FAILURES": "1", "INPUT_CLOSE-AFTER": "1"})
        return writes(story.standin)

    story.fails(PUBLISH, at(0, 6))
    opened = wrote(at(0, 7))
    story.succeeds(PUBLISH, at(0, 12))

    assert [["POST issues"], RESOLVED] == [opened, wrote(at(0, 13))]
    assert [
        "**Resolved.** Since the last failure the refused job ran and succeeded once:\n\n"
        f"- **Publish** on `main`: [102]({RUNS}/102)\n"
    ] == story.comments()


def test_a_rate_limit_opens_and_returns_at_three(story: Story) -> None:
    """Two pass by themselves, before there is an issue and after it was closed."""
    found = []
    for day, hours in ((0, (1, 2)), (0, (3,)), (1, (1, 2)), (1, (3,))):
        for hour in hours:
            story.fails(PUBLISH, at(day, hour), PULL)
        found.append(story.wrote(at(day, hours[-1], 30)))
        if (day, hours) == (0, (3,)):
            for hour in (6, 7):
                story.succeeds(PUBLISH, at(0, hour))
            found.append(story.wrote(at(0, 8)))

    assert [[], ["POST issues"], RESOLVED, [], REOPENED] == found


def test_a_failure_between_good_runs_opens_nothing(story: Story) -> None:
    """Every second run fails: no two in a row, however long it goes on."""
    for hour in range(0, 20, 2):
        story.fails(PUBLISH, at(0, hour))
        story.succeeds(PUBLISH, at(0, hour + 1))
    story.fails(PUBLISH, at(0, 21))

    assert ["none: 1 of 2 consecutive failed runs"] == reasons(story.sweep(at(0, 22)))


def test_a_cure_that_no_sweep_saw_is_no_cure(story: Story) -> None:
    """Good, good and a failure between two sweeps: it goes on, silently, and only later good runs close."""
    for hour in (1, 2):
        story.fails(PUBLISH, at(0, hour))
    story.sweep(at(0, 3))
    for hour in (4, 5):
        story.succeeds(PUBLISH, at(0, hour))
    story.fails(PUBLISH, at(0, 6))
    silent = story.wrote(at(0, 7))
    for hour in (8, 9):
        story.succeeds(PUBLISH, at(0, hour))

    assert [["PATCH issues/1 title body"], RESOLVED] == [silent, story.wrote(at(0, 10))]
    assert story.lead().startswith("3 failed runs, all read")


def test_ninety_days_after_a_claimed_fix_it_is_a_new_matter(story: Story) -> None:
    """The new issue links the one that a person closed."""
    for hour in (1, 2):
        story.fails(PUBLISH, at(0, hour))
    story.sweep(at(0, 3))
    story.octocat.close(1)
    story.succeeds(PUBLISH, at(0, 4))
    for hour in (1, 2):
        story.fails(PUBLISH, at(95, hour))

    assert ["POST issues"] == story.wrote(at(95, 3))
    assert "The same was seen before: #1." in story.issue(2)["body"]
