"""What an issue records: counts, runs and streams, within the room that a marker has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.factory import NIGHTLY, REPOSITORY, make_diagnosis, make_finding, make_marker, make_run, make_streak

from failure_investigator.incidents.record import record, track
from failure_investigator.incidents.standing import standing
from failure_investigator.incidents.transitions import Facts, transitions
from failure_investigator.model import Good, Incident, Issue, Streak, StreamKey, Tracked, Workflow
from failure_investigator.trackers.marker import ROOM, parse_marker, wrap

MARK = "v1:credential:openai:OPENAI_API_KEY"
KEY = "octo-org/octo-app:7:default"
GOOD = tuple(make_run(number, "success") for number in (5, 6, 7))


def incident(*streaks: Streak, fingerprint: str = MARK) -> Incident:
    """An incident of these streaks."""
    return Incident(fingerprint, make_diagnosis(), streaks)


def streak_of(number: int, name: str = "Workflow", jobs: tuple[str, ...] = ("publish",)) -> Streak:
    """A streak of another workflow, with two good runs."""
    workflow = Workflow(100 + number, f"{name} {number}", f"{number}.yml")
    return make_streak(
        [make_finding(run=make_run(number, workflow=workflow))], workflow=workflow, jobs=jobs, good=GOOD[:2],
        stream=StreamKey(REPOSITORY, workflow.id, "default"),
    )  # fmt: skip


def test_the_first_record_counts_all_that_was_found() -> None:
    """Inferred runs without a job; runs without secrets not at all."""
    inferred = replace(make_finding(2), how="inferred", job=None, job_id=0, diagnosis=None)
    fork = make_streak([make_finding(9)], stream=StreamKey(REPOSITORY, NIGHTLY.id, "none"))
    streak = make_streak([make_finding(3), inferred, make_finding(1)], jobs=("publish",))

    made = record(incident(streak, fork), None, REPOSITORY, 2)

    assert (("1003.1/10030", "1002.1", "1001.1/10010"), 3, 2) == (made.runs, made.total, made.read)
    assert ("2026-05-04T01:00:00Z", "2026-05-04T03:00:00Z") == (made.first_seen, made.last_seen)
    assert {
        KEY: Tracked("1003.1", "2026-05-04T03:00:00Z", f"{3:040x}", ("publish",), name="Nightly", branch="main")
    } == made.streams


def test_recording_the_same_again_changes_nothing() -> None:
    """So that a sweep without news writes nothing."""
    streak = make_streak([make_finding(2), make_finding(1)], jobs=("publish",), good=GOOD[:1])
    first = record(incident(streak), None, REPOSITORY, 2)

    assert first == record(incident(replace(streak, last=first.streams[KEY])), first, REPOSITORY, 2)


def test_the_first_good_runs_are_kept_as_many_as_close() -> None:
    """A later one takes nothing away."""
    tracked = track(make_streak([make_finding(2)], good=GOOD), 2)

    assert ("1005.1", "1006.1") == tuple(good.run for good in tracked.good)


@pytest.mark.parametrize(
    ("changes", "floor", "kept"),
    [
        ({}, "", 0),
        ({"complete": False}, "", 1),
        ({"unsure": 1}, "", 1),
        ({"unsure": 1}, "2026-05-04T05:00:00Z", 0),
    ],
)
def test_only_doubt_keeps_a_good_run_that_is_not_seen_now(changes: dict[str, int], floor: str, kept: int) -> None:
    """And only one that is later than a person's reopening."""
    last = Tracked("1002.1", "2026-05-04T02:00:00Z", good=(Good("1005.1", "2026-05-04T05:00:00Z"),))

    assert kept == len(track(make_streak([make_finding(2)], last=last, **changes), 2, floor).good)


def test_a_new_failure_starts_over() -> None:
    """Whatever was recorded."""
    last = Tracked("1002.1", "2026-05-04T02:00:00Z", jobs=("old",), good=(Good("1003.1", "2026-05-04T03:00:00Z"),))

    tracked = track(make_streak([make_finding(4), make_finding(2)], last=last, jobs=("new",), unsure=1), 2)

    assert ("1004.1", ("new",), ()) == (tracked.run, tracked.jobs, tracked.good)


def test_a_proof_outlives_its_workflow_and_half_a_proof_does_not() -> None:
    """`gone` stands only where it decides."""
    gone = "its workflow was deleted"

    assert ["", gone] == [track(make_streak([make_finding(2)], good=GOOD[:n], gone=gone), 2).gone for n in (2, 1)]


def test_a_sealed_marker_names_nobody() -> None:
    """More people may read it than its evidence."""
    made = record(incident(make_streak([make_finding(2)]), fingerprint="v1:credential:sealed:0123"), None, "a/b", 2)
    line = wrap(made, "").partition("\n")[0]

    assert [] == [word for word in ("octo-org", "Nightly", "main", "OPENAI_API_KEY", "openai/") if word in line]


@pytest.mark.parametrize(
    ("name", "jobs"), [("Workflow", ("publish",)), ("é" * 200, ("é" * 200,) * 9), ("x" * 300, ("y",))]
)
def test_a_marker_has_room_for_the_streams_that_failed_last_and_says_how_many_more_there_are(
    name: str, jobs: tuple[str, ...]
) -> None:
    """An issue takes 65,536 characters, whatever workflows are called."""
    made = record(incident(*(streak_of(number, name, jobs) for number in range(200))), None, REPOSITORY, 2)
    body = wrap(made, "said")

    assert (made, 200) == (parse_marker(body, REPOSITORY), len(made.streams) + made.more)
    assert len(body) < ROOM + 8_000
    assert "octo-org/octo-app:299:default" in made.streams


def test_sixty_workflows_with_their_good_runs_have_room() -> None:
    """Such an issue still closes by itself."""
    made = record(
        incident(*(streak_of(number, "A workflow with quite a long name") for number in range(60))), None, REPOSITORY, 2
    )

    assert (60, 0) == (len(made.streams), made.more)


def test_an_issue_without_room_for_all_its_streams_is_left_for_a_person() -> None:
    """It is not closed, and a stream that comes back into the list is no news."""
    many = incident(*(streak_of(number) for number in range(200)))
    made = record(many, None, REPOSITORY, 2)
    found = standing(many, made, 2, make_run(8).started_at, fresh=False)
    before = replace(made, streams=dict(list(made.streams.items())[:5]), announced=200)

    assert ("recovering", f"2 of 2 good runs; {made.more} streams found no room in the issue") == (
        found.state,
        found.why,
    )
    assert () == transitions(Facts(many, Issue(REPOSITORY, 1, "", "", "open"), before, made, ""))


def test_runs_beyond_two_hundred_are_counted_and_not_listed() -> None:
    """The newest stay."""
    made = record(incident(make_streak([make_finding(number) for number in range(300, 0, -1)])), None, REPOSITORY, 2)
    later = record(incident(make_streak([make_finding(301)])), made, REPOSITORY, 2)

    assert (300, 200, "1300.1/13000") == (made.total, len(made.runs), made.runs[0])
    assert (301, 200, "1301.1/13010") == (later.total, len(later.runs), later.runs[0])


def test_what_was_told_and_decided_is_not_the_records_to_change() -> None:
    """The lifecycle sets it."""
    before = make_marker(
        told=3, announced=7, title="abc", insisted=True, floor="2026-05-01T00:00:00Z", earlier=4, state="dormant"
    )
    made = record(incident(make_streak([make_finding(2)])), before, REPOSITORY, 2)

    for name in ("told", "announced", "title", "insisted", "floor", "earlier", "state"):
        assert getattr(before, name) == getattr(made, name)
