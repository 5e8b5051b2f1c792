"""A sweep killed hard at each of its requests, two sweeps at once, a reply that is lost: after the next sweep all is right.

The killed sweep and the clean one after it must leave what one sweep that nobody disturbed leaves, to the letter.
"""

from __future__ import annotations

import copy
import threading
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.e2e.forked import Killer, start
from tests.e2e.runner_place import environment
from tests.e2e.standin import Fault, StandIn, World
from tests.e2e.story import PUBLISH, RELEASE, TOKEN, Story, at, new_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from tests.e2e.standin.server import Entry


class Left(NamedTuple):
    """All that an interrupted sweep could have done wrong."""

    issues: list[tuple[str, str, str, list[str]]]
    comments: dict[int, list[str]]
    labels: list[str]


def left(story: Story) -> Left:
    """What stands on GitHub."""
    world = story.world
    issues = [
        (state, one["title"], one["body"], one["labels"])
        for state, one in zip(story.states(), world.issues, strict=True)
    ]
    return Left(issues, {one["number"]: story.comments(one["number"]) for one in world.issues}, sorted(world.labels))


def before_creating(story: Story) -> datetime:
    """Two failures, of which no issue tells yet."""
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour))
    return at(0, 13)


def before_widening(story: Story) -> datetime:
    """An open issue, and a failure of another workflow."""
    story.sweep(before_creating(story))
    story.fails(RELEASE, at(0, 18))
    return at(0, 19)


def before_resolving(story: Story) -> datetime:
    """An open issue, and two good runs."""
    story.sweep(before_creating(story))
    for hour in (18, 19):
        story.succeeds(PUBLISH, at(0, hour))
    return at(0, 20)


def before_regressing(story: Story) -> datetime:
    """A closed issue, and a failure after the cure."""
    story.sweep(before_resolving(story))
    story.fails(PUBLISH, at(1, 6))
    return at(1, 7)


@pytest.mark.parametrize("prepare", [before_creating, before_widening, before_resolving, before_regressing])
def test_killed_at_any_request_the_next_sweep_puts_it_right(
    prepare: Callable[[Story], datetime], tmp_path: Path
) -> None:
    """Before a request is carried out, and for a write also between its being carried out and its answer."""
    with StandIn(new_world()) as standin:
        story = Story(standin, tmp_path)
        now = prepare(story)
        world = copy.deepcopy(standin.world)
        story.sweep(now)
        right, journal = left(story), [entry.method for entry in standin.journal]
    kills = [(number, False) for number in range(1, len(journal) + 1)]
    kills += [(number, True) for number, method in enumerate(journal, 1) if method != "GET"]

    wrong = [kill for kill in kills if killed_and_swept(world, now, tmp_path / f"{kill}", *kill) != right]

    assert ([], True) == (wrong, len(kills) > 10)


def killed_and_swept(world: World, now: datetime, place: Path, number: int, done: bool) -> Left:  # noqa: FBT001
    """What a sweep that is killed at a request and a clean sweep leave."""
    place.mkdir()
    with StandIn(copy.deepcopy(world)) as standin:
        standin.world.now = now
        killer = Killer(standin, number, done=done)
        process = start(environment(standin, place, TOKEN), now)
        killer.pid = process.pid or 0
        process.join(60)
        assert process.exitcode == -9
        killer.rest()
        story = Story(standin, place)
        story.wrote(now)
        found = left(story)
        return found if story.wrote(now) == [] else Left([], {}, [])


def test_two_sweeps_at_once_leave_one_open_issue(tmp_path: Path) -> None:
    """Both have read that there is none and create one at the same moment; the higher number is closed with a link."""
    with StandIn(new_world()) as standin:
        story = Story(standin, tmp_path)
        now = standin.world.now = before_creating(story)
        together = threading.Barrier(2)

        def wait(entry: Entry) -> bool:
            if entry.method == "POST" and entry.path.endswith("/issues"):
                together.wait(30)
            return False

        standin.arrived = wait
        both = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            both.append(start(environment(standin, tmp_path / name, TOKEN), now))
        for process in both:
            process.join(60)
        after = story.wrote(now)

        assert ([0, 0], []) == ([process.exitcode for process in both], after)
        assert ["1 open", "2 closed duplicate"] == story.states()
        assert (
            [],
            ["**Duplicate of #1**, which another sweep filed at the same time. That one is kept.\n"],
        ) == (story.comments(1), story.comments(2))


def test_a_twin_that_nobody_closed_is_closed_by_the_next_sweep(story: Story) -> None:
    """Both sweeps were killed after their create; the lower number stays, and knows all runs."""
    story.sweep(before_creating(story))
    issue = story.issue()
    story.world.file_issue("github-actions[bot]", issue["title"], issue["body"], labels=issue["labels"])
    wrote = [story.wrote(at(0, 14)), story.wrote(at(0, 15))]

    assert [["POST issues/2/comments", "PATCH issues/2 body closed duplicate"], []] == wrote
    assert ["1 open", "2 closed duplicate"] == story.states()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", r"/issues$", "lost"),
        Fault("POST", r"/issues$", "cut"),
        Fault("POST", r"/issues$", "status", status=502),
        Fault("POST", r"/issues$", "reset"),
    ],
    ids=["lost", "cut", "refused", "dropped"],
)
def test_a_create_whose_reply_is_lost_is_not_repeated_blindly(fault: Fault, story: Story) -> None:
    """The list is read first; one issue, in one sweep."""
    story.world.faults.append(copy.deepcopy(fault))
    now = before_creating(story)

    done = story.sweep(now)

    assert (0, ["1 open"]) == (done.code, story.states())
    assert [] == story.wrote(now)


@pytest.mark.parametrize("kind", ["lost", "reset"])
def test_a_comment_or_a_closing_whose_reply_is_lost_is_there_once(kind: str, story: Story) -> None:
    """In the same sweep or, where it had to give up, in the next one."""
    now = before_resolving(story)
    story.world.faults += [Fault("POST", r"/comments$", kind), Fault("PATCH", r"/issues/1$", kind)]

    story.sweep(now)
    story.world.faults.clear()
    story.wrote(now)

    assert (["1 closed completed"], 1) == (story.states(), len(story.comments()))
    assert [] == story.wrote(now)


def test_a_comment_that_was_overtaken_does_not_silence_a_later_one(story: Story) -> None:
    """Cut off between "resolved" and the closing; then it fails again, spreads, and really recovers."""
    now = before_resolving(story)
    story.world.faults.append(Fault("PATCH", r"/issues/1$", "status", times=9))
    cut = story.sweep(now)
    story.world.faults.clear()
    story.fails(PUBLISH, at(1, 6))
    story.fails(RELEASE, at(1, 6))
    story.wrote(at(1, 7))
    for workflow in (PUBLISH, RELEASE):
        for hour in (8, 9):
            story.succeeds(workflow, at(1, hour))
    story.wrote(at(1, 10))

    assert 4 == cut.code
    assert ["Resolved.", "It has spread to another workflow:", "Resolved."] == [
        text.split("**")[1] for text in story.comments()
    ]
