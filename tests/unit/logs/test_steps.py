"""Places as `#step:N:LINE`: exact, or none at all."""

from __future__ import annotations

import os
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.looked import looked

from failure_investigator.logs.jobs import read_jobs
from failure_investigator.logs.steps import place_in_steps
from failure_investigator.logs.text import timestamp
from failure_investigator.model import Step

REAL_LOGS = os.environ.get("FAILURE_INVESTIGATOR_REAL_LOGS", "")
"""A folder with `logs.tar.xz`, whose `runzip/` holds real runs unpacked; `.ci/run` names it where it lies beside."""
START = datetime(2026, 5, 4, 10, tzinfo=UTC)


def at(second: int) -> datetime:
    """So many seconds after the job's start."""
    return START + timedelta(seconds=second)


def line(second: float, text: str) -> str:
    """A log line at that time."""
    moment = START + timedelta(seconds=second)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z {text}\n"


def placed(text: str, steps: list[Step], needle: str) -> tuple[int | None, int | None]:
    """Where a text stands."""
    data = text.encode()
    look = looked(data)
    log = look.log
    [job] = read_jobs(log, look.marks, conclusion="failure", failed_steps=[])
    return place_in_steps(log, data.index(needle.encode()), job, steps)


HEAD = line(0, "Current runner version: '2.333.1'") + line(0.1, "Secret source: Actions")
TAIL = line(30, "Post job cleanup.") + line(31, "Cleaning up orphan processes")


def test_steps_are_matched_by_order_where_their_number_fits() -> None:
    """Skipped steps leave no trace, names need not be the markers' titles."""
    text = HEAD + line(1, "##[group]Run a") + line(1, "##[endgroup]") + line(2, "one")
    text += line(5, "##[group]Run b") + line(5, "##[endgroup]") + line(6, "two") + TAIL
    steps = [
        Step(1, "Set up job", "success", at(0)), Step(2, "First", "success", at(1)), Step(3, "Left out", "skipped"),
        Step(4, "Second", "failure", at(5)), Step(7, "Post First", "success", at(30)), Step(8, "Complete job", "success", at(31)),
    ]  # fmt: skip

    assert [(1, 2), (2, 3), (4, 3), (7, 1), (8, 1)] == [
        placed(text, steps, needle) for needle in ("Secret", "one", "two", "Post job", "Cleaning")
    ]


def test_markers_of_a_composite_action_do_not_shift_the_steps() -> None:
    """Times and titles tell which marker begins a step."""
    text = HEAD + line(1, "##[group]Run octo/setup@v1") + line(1, "##[endgroup]")
    text += line(3, "##[group]Run inner") + line(3, "##[endgroup]") + line(4, "inside")
    text += line(9, "##[group]Run ./deploy") + line(9, "##[endgroup]") + line(10, "outside") + TAIL
    steps = [
        Step(1, "Set up job", "success", at(0)), Step(2, "Run octo/setup@v1", "success", at(1)),
        Step(3, "Deploy", "failure", at(9)), Step(4, "Post Run octo/setup@v1", "success", at(30)),
        Step(5, "Complete job", "success", at(31)),
    ]  # fmt: skip

    assert [(2, 5), (3, 3)] == [placed(text, steps, needle) for needle in ("inside", "outside")]


def test_where_two_markers_may_begin_a_step_there_is_no_place() -> None:
    """A wrong line is worse than none."""
    text = (
        HEAD
        + line(1, "##[group]Run a")
        + line(1.2, "##[group]Run b")
        + line(1.4, "##[group]Run c")
        + line(2, "here")
        + TAIL
    )
    steps = [Step(1, "Set up job", "success", at(0)), Step(2, "X", "failure", at(1)), Step(3, "Y", "failure", at(1))]

    assert placed(text, steps, "here") == (None, None)


def test_without_steps_of_the_api_there_is_no_place() -> None:
    """A log alone has no numbers."""
    assert placed(HEAD + TAIL, [], "Secret") == (None, None)


@pytest.mark.skipif(not REAL_LOGS, reason="no folder with real logs was named")
def test_every_line_of_the_real_run_zips_is_placed_as_their_step_files_have_it(tmp_path: Path) -> None:
    """Step files in numeric order are the job's file line for line: the truth to compare with."""
    with tarfile.open(Path(REAL_LOGS, "logs.tar.xz")) as archive:
        archive.extractall(tmp_path, filter="data")
    jobs = list((tmp_path / "runzip").glob("*/*_*.txt"))
    for path in jobs:
        expected, steps = _truth(path)
        data = path.read_bytes()
        look = looked(data)
        log = look.log
        [job] = read_jobs(log, look.marks, conclusion="failure", failed_steps=[])
        starts = [0, *(index + 1 for index, byte in enumerate(data) if byte == 10)][:-1]
        assert expected == [place_in_steps(log, offset, job, steps) for offset in starts]
    assert len(jobs) == 3


def _truth(path: Path) -> tuple[list[tuple[int, int]], list[Step]]:
    expected, steps = [], []
    folder = path.parent / path.stem.partition("_")[2]
    for file in sorted(folder.glob("*_*.txt"), key=lambda file: int(file.name.partition("_")[0])):
        number, _, name = file.stem.partition("_")
        lines = file.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
        begun = timestamp(lines[0])
        assert begun is not None
        steps.append(Step(int(number), name.replace("actions_", "actions/"), "success", begun.replace(microsecond=0)))
        expected += [(int(number), index) for index in range(1, len(lines) + 1)]
    return expected, steps
