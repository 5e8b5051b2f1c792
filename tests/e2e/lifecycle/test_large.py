"""Large incidents: the counts stay exact, the page within its budget, and the requests few."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.model import Workflow
from tests.e2e.story import PUBLISH, at

if TYPE_CHECKING:
    from tests.e2e.story import Story

BUDGET = 60_000


def test_three_hundred_failures_in_one_window(story: Story) -> None:
    """25 logs, at most 150 requests, and the next sweep asks for hardly anything."""
    for number in range(300):
        story.fails(PUBLISH, at(0) + timedelta(minutes=4 * number))
    done = story.sweep(at(0, 20, 10))
    asked = len(story.standin.asked())
    again = story.wrote(at(0, 20, 20))
    body = story.issue()["body"]

    assert (0, "300 failed runs, 25 read, 275 inferred") == (done.code, story.lead().partition(";")[0])
    assert [True, True, True] == [asked <= 150, len(story.standin.asked()) <= 20, len(body) <= BUDGET]
    assert ([], 51) == (again, body.count("| read |") + body.count("| inferred |"))
    assert "… and 249 more." in body


def test_five_thousand_runs_in_an_incidents_life(story: Story) -> None:
    """Ten days of a job that fails 500 times a day; it recovers after all."""
    for day in range(10):
        for number in range(500):
            story.fails(PUBLISH, at(day) + timedelta(minutes=2 * number))
        story.wrote(at(day, 20))
    silent = story.wrote(at(9, 21))
    body = story.issue()["body"]
    for hour in (1, 2):
        story.succeeds(PUBLISH, at(10, hour))
    wrote = story.wrote(at(10, 3))

    assert ([], True) == (silent, len(body) <= BUDGET)
    assert story.lead().startswith("5000 failed runs, ")
    assert 51 == body.count("| read |") + body.count("| inferred |")
    assert ["POST issues/1/comments", "PATCH issues/1 body closed completed"] == wrote
    assert ["**It has grown tenfold:** 5000 failed runs so far, 500 when this was last told."] == [
        text.strip() for text in story.comments() if "tenfold" in text
    ]


def test_sixty_workflows_in_one_incident(story: Story) -> None:
    """One issue with a criterion for each, within the budget; one that goes on failing keeps it open."""
    every = [Workflow(2000 + n, f"Service {n:02} release", f".github/workflows/service-{n:02}.yml") for n in range(60)]
    for workflow in every:
        for hour in (6, 12):
            story.fails(workflow, at(0, hour))
    opened = story.wrote(at(0, 13))
    bodies = [story.issue()["body"]]
    for workflow in every[1:]:
        for hour in (14, 15):
            story.succeeds(workflow, at(0, hour))
    story.fails(every[0], at(0, 15))
    wrote = [story.wrote(at(0, 16)), story.wrote(at(0, 17))]
    bodies.append(story.issue()["body"])
    for hour in (18, 19):
        story.succeeds(every[0], at(0, hour))
    wrote.append(story.wrote(at(0, 20)))
    bodies.append(story.issue()["body"])

    assert (["POST issues"], ["1 closed completed"]) == (opened, story.states())
    assert [
        ["PATCH issues/1 title body"],
        [],
        ["POST issues/1/comments", "PATCH issues/1 body closed completed"],
    ] == wrote
    assert [True, True, True] == [len(body) <= BUDGET for body in bodies]
    assert [(60, 0), (60, 59), (60, 60)] == [
        (sum(line.startswith("- [") for line in body.splitlines()), body.count("- [x]")) for body in bodies
    ]
    assert "121 failed runs, all read" in bodies[-1]
    assert "- … and 40 more" in story.comments()[-1]
