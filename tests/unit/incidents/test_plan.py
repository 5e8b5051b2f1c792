"""The reading plan: at most 25 logs of a stream, newest first plus the oldest."""

from __future__ import annotations

from tests.unit.factory import NIGHTLY, REPOSITORY, make_run

from failure_investigator.incidents.plan import first_look, second_look
from failure_investigator.model import Stream, StreamKey

RUNS = tuple(make_run(number) for number in range(300, 0, -1))
STREAM = Stream(StreamKey(REPOSITORY, NIGHTLY.id, "default"), RUNS)


def test_of_a_long_streak_the_newest_and_the_oldest_are_read() -> None:
    """25 of 300."""
    assert [*range(300, 276, -1), 1] == [run.number for run in second_look(STREAM, set(), 0)]


def test_what_was_judged_is_not_read_again_and_what_was_read_counts() -> None:
    """The bound is for the stream, not for each look."""
    judged = {run.key for run in RUNS[:20]}

    assert [280, 279, 278, 277, 1] == [run.number for run in second_look(STREAM, judged, 20)]
    assert second_look(STREAM, judged, 25) == ()


def test_the_first_look_stays_in_the_window() -> None:
    """Older failures are read only once a refusal was found."""
    since = RUNS[2].updated_at

    assert RUNS[:3] == first_look(STREAM, since, set())


def test_of_runs_without_secrets_a_few_are_enough() -> None:
    """They are told and never move an incident."""
    stream = Stream(StreamKey(REPOSITORY, NIGHTLY.id, "none"), RUNS)

    assert len(first_look(stream, RUNS[-1].updated_at, set())) == 5
