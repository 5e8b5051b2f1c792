"""What random histories found, each as short as it came out: the sweep that once broke a rule is the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.model.history import History

if TYPE_CHECKING:
    from tests.model.history import Step

SWEEP: Step = ("sweep", (True,))
FIRST: Step = ("sweep", (False,))


def run(outcome: str, workflow: int = 11, place: str = "default", back: int = 0, hours: int = 0) -> Step:
    """A run's step."""
    return "run", (workflow, place, outcome, back, hours)


FOUND: dict[str, tuple[tuple[int, int, int], list[Step]]] = {
    "an issue that a person reopened is closed by good runs before any sweep saw it open": (
        (1, 1, 168),
        [run("invalid"), FIRST, run("green"), FIRST, ("reopen", (0,)), run("green"), SWEEP],
    ),
    "nothing is filed about a workflow that is deleted or disabled by then": (
        (3, 2, 24),
        [run("npm", 13), run("npm"), ("workflow", (11, "disabled_manually")), run("npm", 14), SWEEP],
    ),
    "a failure and then a disabled workflow is one change, not two": (
        (2, 2, 24),
        [run("npm"), run("npm"), FIRST, run("npm"), ("workflow", (11, "disabled_manually")), SWEEP],
    ),
    "what another bot closed is not reopened for a workflow that is disabled": (
        (2, 2, 168),
        [run("push"), run("push"), FIRST, ("close", (0, "stale[bot]", "completed")),
         ("workflow", (11, "disabled_manually")), SWEEP],
    ),
    "a green run that skipped the job does not hide the failures before it": (
        (3, 2, 168),
        [run("push"), run("push"), run("skipped"), run("push"), SWEEP],
    ),
    "the job's success in a run that an issue remembers for something else is a success": (
        (1, 2, 168),
        [run("early", 12, hours=5), run("docker", 12), run("docker", 12), run("docker", 12), FIRST, ("pass", (170,)), SWEEP],
    ),
    "a failure that ended late does not change the cause that a newer one showed": (
        (1, 2, 168),
        [run("docker"), run("docker"), run("docker"), run("invalid"), FIRST, ("rerun", (0, "docker")),
         run("both", back=3, hours=5), SWEEP],
    ),
    "what is filed about failures of long ago is dormant at once": (
        (1, 2, 168),
        [run("early"), FIRST, ("rerun", (0, "push")), ("pass", (24 * 92,)), SWEEP],
    ),
    "the second cause of a run is filed by the sweep after the one that was cut off": (
        (1, 2, 168),
        [run("two"), ("fault", ("after", 1, False)), FIRST, SWEEP],
    ),
    "a person's reopening is known where an issue is looked at more closely": (
        (2, 2, 24),
        [run("both"), run("missing"), FIRST, ("workflow", (11, "deleted")),
         ("close", (0, "stale[bot]", "completed")), ("pass", (24,)), ("reopen", (0,)), SWEEP],
    ),
    "a green run more than it takes is no doubt": (
        (1, 2, 168),
        [run("push"), FIRST, run("green"), run("green"), run("push", place="pull_request"), FIRST, run("green"),
         ("pass", (24 * 40,)), SWEEP],
    ),
    "the good runs that count are the first ones, whichever were asked about": (
        (1, 1, 24),
        [run("docker", 12), run("docker", 12), run("docker", 12), run("docker", 13), SWEEP, run("docker", 12),
         run("green", 12), run("green", 12), SWEEP],
    ),
    "as many good runs as close it are known when it is filed": (
        (1, 2, 24),
        [run("missing", 14), run("green", 14), run("green", 14), run("skipped", 14), run("missing", 13), SWEEP],
    ),
    "a run that was read for another cause while its issue was closed is counted when that opens again": (
        (1, 2, 168),
        [run("missing"), FIRST, run("two"), ("close", (0, "mona", "completed")), FIRST, run("missing"), SWEEP],
    ),
    "an issue that was closed a second time regresses by the second closing": (
        (2, 1, 168),
        [("cure", (14, "npm")), ("pass", (24 * 92,)), ("reopen", (0,)), run("green", 14), FIRST,
         run("two", 13, "branch"), SWEEP],
    ),
    "a green run that began before the window does not hide what ended before it": (
        (3, 2, 24),
        [run("npm", 13, back=3), ("pass", (3,)), run("green", 13, hours=5), ("pass", (23,)), run("npm", 13), run("npm", 13),
         SWEEP],
    ),
    "all jobs that were refused have to succeed, where the run is only remembered too": (
        (1, 2, 168),
        [run("both"), run("push"), run("push"), FIRST, SWEEP],
    ),
    "a stream that was good again before its issue heard of it does not widen it": (
        (2, 2, 24),
        [("flood", ("missing",)), run("flaky", 12), ("pass", (24 * 31,)), run("missing", 13), FIRST, run("npm", 12), SWEEP],
    ),
    "failures that had ended before the recorded one are not counted when that one turns green": (
        (2, 2, 24),
        [("flood", ("missing",)), run("npm"), FIRST, run("green"), ("pass", (24 * 31,)), run("npm"),
         ("burst", (12, "npm")), FIRST, run("two", 12), ("rerun", (1, "green")), SWEEP],
    ),
    "a run that began before the window and one that ended before it are both of the streak": (
        (3, 2, 24),
        [run("docker", 14, hours=5), run("docker", 14), run("missing", 14), run("docker", 14, hours=5),
         ("pass", (23,)), SWEEP],
    ),
    "a refusal that is read beyond the window is followed back too": (
        (2, 2, 168),
        [run("push"), run("both"), ("pass", (23,)), run("push"), FIRST, run("both"), ("pass", (24 * 40,)), SWEEP],
    ),
    "a bot that closes an issue is contradicted though one of its two jobs is good again": (
        (1, 2, 24),
        [run("npm", 12), run("both", 12), FIRST, ("close", (0, "stale[bot]", "completed")), run("npm", 12), SWEEP],
    ),
}  # fmt: skip
"""What holds → (min-failures, close-after, hours of lookback) and the steps."""


@pytest.mark.parametrize(("start", "steps"), FOUND.values(), ids=FOUND)
def test_what_was_found_stays_found(start: tuple[int, int, int], steps: list[Step]) -> None:
    """Every sweep of these histories does what the oracle says."""
    history = History(*start)

    for name, arguments in steps:
        history.do(name, *arguments)

    assert [name for name, _ in steps] == [name for name, _ in history.steps]
