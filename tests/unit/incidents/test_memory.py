"""What markers know of runs and streams; they are untrusted, so whatever stands in them must do no harm."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.unit.factory import NIGHTLY, REPOSITORY, make_finding, make_marker, make_run, make_streak

from failure_investigator.incidents.memory import (
    cloaked,
    counted_until,
    floor_of,
    fresh,
    moment,
    remembered,
    sealed_streams,
    stamp,
    stream_key,
    watched,
)
from failure_investigator.model import Good, Issue, Marker, StreamKey, Tracked

KEY = StreamKey(REPOSITORY, NIGHTLY.id, "default")
SEALED = "v1:credential:sealed:0123456789abcdef01234567"
TRACKED = Tracked("1002.1", "2026-05-04T02:00:00Z")


def issue(marker: Marker, state: str = "open", **changes: object) -> Issue:
    """An issue with a marker."""
    return Issue(REPOSITORY, 1, "t", "", state, marker=marker, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "key",
    [KEY, StreamKey(REPOSITORY, 7, "pull_request"), StreamKey(REPOSITORY, 7, "branch", "release/1:x")],
)
def test_a_stream_is_read_back_from_its_text(key: StreamKey) -> None:
    """Branches may hold colons."""
    assert key == stream_key(str(key))


@pytest.mark.parametrize(
    "text",
    [
        "", ":", "octo/app", "octo/app:7", "octo/app:7:none", "octo/app:7:branch", "octo/app:7:branch:", "octo/app:7:default:x",
        "octo/app:x:default", "octo/app:²:default", "octo/app:٣:default", "app:7:default",
        f"octo/app:{'9' * 400}:default", "é" * 300,
    ],
)  # fmt: skip
def test_what_is_no_stream_is_none(text: str) -> None:
    """And nothing worse."""
    assert stream_key(text) is None


def test_stamps_and_moments() -> None:
    """They order as text; what is no date is none."""
    at = datetime(2026, 5, 4, 2, tzinfo=UTC)

    assert ("2026-05-04T02:00:00Z", at) == (stamp(at), moment("2026-05-04T02:00:00Z"))
    assert [None] * 3 == [moment(text) for text in ("", "2026-02-31T00:00:00Z", "2026-05-04")]


def test_what_is_listed_is_known_and_a_full_marker_counts_nothing_up_to_its_newest() -> None:
    """While a marker lists all its runs, one that ended late is still counted."""
    streak = make_streak([make_finding(n) for n in (3, 2, 1)])
    some = make_marker(runs=("1002.1/10020",), streams={str(KEY): TRACKED})
    full = make_marker(runs=tuple(f"{n}.1" for n in range(200)), streams={str(KEY): TRACKED})

    assert [3, 1] == [found.run.number for found in fresh(streak, some)]
    assert [3] == [found.run.number for found in fresh(streak, full)]
    assert [3, 2, 1] == [found.run.number for found in fresh(streak, None)]
    assert ({}, {str(KEY): TRACKED.at}) == (counted_until([issue(some)]), counted_until([issue(full)]))


def test_runs_are_remembered_with_their_job_or_as_inferred() -> None:
    """By every issue that names them."""
    marker = make_marker(runs=("1002.1/10020", "1001.1"))
    other = make_marker("v1:policy:npm", runs=("1002.1/7",))

    assert {
        "1002.1": {marker.fingerprint: 10020, other.fingerprint: 7},
        "1001.1": {marker.fingerprint: 0},
    } == remembered([issue(marker), issue(other, "closed")])


def test_open_issues_wait_for_the_streams_of_their_repository() -> None:
    """What a marker names beside them is left out, and so is what a closed issue names."""
    names = {str(KEY): TRACKED, "other/repo:7:default": TRACKED, "nonsense": TRACKED}
    marker = make_marker(streams=names)

    assert {KEY: [TRACKED]} == watched([issue(marker)], REPOSITORY.upper(), ())
    assert {} == watched([issue(marker, "closed")], REPOSITORY, ())


def test_a_sealed_marker_is_opened_by_likely_streams_only() -> None:
    """Its names are hashes."""
    name = cloaked(str(KEY), sealed=True)
    sealed = issue(make_marker(SEALED, streams={name: TRACKED}))

    assert {KEY: [TRACKED]} == watched([sealed], REPOSITORY, [KEY, StreamKey(REPOSITORY, 8, "default")])
    assert ({}, [name]) == (watched([sealed], REPOSITORY, ()), list(sealed_streams([sealed])))
    assert (24, True) == (len(name), REPOSITORY not in name)


@pytest.mark.parametrize(
    ("state", "reopened", "expected"),
    [
        ("open", None, "2026-05-01T00:00:00Z"),
        ("recovering", None, "2026-05-01T00:00:00Z"),
        ("recovering", datetime(2026, 5, 5, tzinfo=UTC), "2026-05-05T00:00:00Z"),
        ("resolved", None, "2026-05-04T04:00:00Z"),
        ("resolved", datetime(2026, 5, 5, tzinfo=UTC), "2026-05-05T00:00:00Z"),
        ("abandoned", None, "2026-05-04T04:00:00Z"),
    ],
)
def test_good_runs_have_to_be_later_than_what_a_person_knew_who_reopened(
    state: str, reopened: datetime | None, expected: str
) -> None:
    """The time where the tracker knows it, else the good runs or the failure by which we closed it."""
    good = (Good("1004.1", "2026-05-04T04:00:00Z"),) if state != "abandoned" else ()
    marker = make_marker(
        state=state,
        since="2026-05-04T04:00:00Z",
        floor="2026-05-01T00:00:00Z",
        streams={str(KEY): Tracked("1002.1", "2026-05-04T02:00:00Z", good=good)},
    )

    assert expected == floor_of(issue(marker, reopened_at=reopened), marker)


def test_a_run_that_only_started_early_is_not_in_the_marker() -> None:
    """It is found by its key, not by its time."""
    streak = make_streak([make_finding(run=make_run(3)), make_finding(run=make_run(1))])
    marker = make_marker(runs=("1003.1/10030",), streams={str(KEY): Tracked("1003.1", "2026-05-04T03:00:00Z")})

    assert [1] == [found.run.number for found in fresh(streak, marker)]
