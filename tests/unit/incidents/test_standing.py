"""Where an open issue's incident stands: each state with its reason, and what is not concluded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.factory import NOW, REPOSITORY, make_diagnosis, make_finding, make_marker, make_run, make_streak

from failure_investigator.incidents.standing import standing, unseen_streams
from failure_investigator.incidents.transitions import Facts, transitions
from failure_investigator.model import Incident, Issue, Marker, Streak, StreamKey, Tracked, Workflow

KEY = f"{REPOSITORY}:7:default"
GOOD = tuple(make_run(number, "success") for number in (3, 4, 5))
DELETED = "its workflow was deleted"
LAST = Tracked("1002.1", "2026-05-04T02:00:00Z")
WATCHED = {KEY: LAST}


def nightly(good: int = 0, **changes: Any) -> Streak:
    """The nightly stream with so many good runs."""
    return make_streak([make_finding(2)], good=GOOD[:good], strip=(make_run(2),), **changes)


def deploy(good: int = 0, **changes: Any) -> Streak:
    """Another stream."""
    workflow = Workflow(8, "Deploy", "d.yml")
    return replace(nightly(good, **changes), stream=StreamKey(REPOSITORY, 8, "default"), workflow=workflow)


def stands(*streaks: Streak, days: int = 0, fresh: bool = False, **marker: Any) -> tuple[str, str, str]:
    """State, since and why."""
    recorded = make_marker(**{"last_seen": LAST.at, "since": "before", "streams": WATCHED, **marker})
    found = standing(
        Incident("v1:x:y", make_diagnosis(), streaks), recorded, 2, NOW + timedelta(days=days), fresh=fresh
    )
    return found.state, found.since, found.why


@pytest.mark.parametrize(
    ("streaks", "expected"),
    [
        ([nightly()], ("open", LAST.at, "no first good run yet (run 1002 was the last)")),
        ([nightly(1)], ("recovering", "2026-05-04T03:00:00Z", "1 of 2 good runs")),
        ([nightly(2)], ("resolved", "2026-05-04T04:00:00Z", "2 good runs")),
        ([nightly(3)], ("resolved", "2026-05-04T04:00:00Z", "2 good runs")),
        ([nightly(2), deploy(2)], ("resolved", "2026-05-04T04:00:00Z", "2 good runs in each of 2 streams")),
        ([nightly(2), deploy(1)], ("recovering", "2026-05-04T03:00:00Z", "1 of 2 good runs")),
        ([nightly(2), deploy()], ("open", LAST.at, "no first good run yet (1 of 2 streams)")),
        ([nightly(2), deploy(gone=DELETED)], ("resolved", "2026-05-04T04:00:00Z", "2 good runs")),
        (
            [nightly(gone=DELETED), deploy(1, gone=DELETED)],
            ("abandoned", LAST.at, f"Deploy: {DELETED}; Nightly: {DELETED}"),
        ),
        ([nightly(2, gone=DELETED), deploy(gone=DELETED)], ("resolved", "2026-05-04T04:00:00Z", "2 good runs")),
        ([nightly(), deploy(gone=DELETED)], ("open", LAST.at, "no first good run yet (run 1002 was the last)")),
        (
            [nightly(2), nightly(stream=StreamKey(REPOSITORY, 7, "none"))],
            ("resolved", "2026-05-04T04:00:00Z", "2 good runs"),
        ),
    ],
)
def test_what_the_streams_say(streaks: list[Streak], expected: tuple[str, str, str]) -> None:
    """All that still are have to be good."""
    assert expected == stands(*streaks)


@pytest.mark.parametrize(
    ("streaks", "marker", "state"),
    [
        ([nightly(2, complete=False)], {}, "open"),
        ([nightly(2, complete=False)], {"state": "recovering"}, "recovering"),
        ([nightly(1, unsure=1)], {}, "open"),
        ([nightly(2)], {"streams": {**WATCHED, f"{REPOSITORY}:8:default": LAST}}, "open"),
        ([nightly(2)], {"streams": {**WATCHED, f"{REPOSITORY}:8:default": LAST}, "state": "recovering"}, "recovering"),
        ([nightly(2)], {"more": 1}, "recovering"),
        ([nightly(gone=DELETED)], {"streams": {**WATCHED, f"{REPOSITORY}:8:default": LAST}}, "open"),
        ([nightly(gone=DELETED)], {"more": 1}, "open"),
        ([nightly(gone=DELETED)], {"floor": "2026-05-04T04:00:00Z"}, "dormant"),
        ([nightly(complete=False)], {"state": "dormant"}, "dormant"),
        ([], {"state": "recovering"}, "recovering"),
        ([], {"state": "resolved"}, "open"),
    ],
)
def test_what_was_not_seen_decides_nothing(streaks: list[Streak], marker: dict[str, Any], state: str) -> None:
    """Neither a close nor a step back; a person's reopening is not answered by what was known then."""
    assert state == stands(*streaks, **marker)[0]


@pytest.mark.parametrize(
    ("streak", "days", "state"),
    [
        (nightly(), 29, "open"),
        (nightly(), 31, "dormant"),
        (nightly(1), 400, "recovering"),
        (nightly(complete=False), 400, "open"),
        (replace(nightly(), strip=(make_run(4, "cancelled", started_at=NOW + timedelta(days=370)),)), 390, "open"),
        (replace(nightly(), strip=(), findings=(), last=LAST), 31, "dormant"),
    ],
)
def test_time_alone_makes_an_open_issue_dormant_and_nothing_else(streak: Streak, days: int, state: str) -> None:
    """Thirty days without any run."""
    assert state == stands(streak, days=days)[0]


def test_new_failures_are_open_whatever_could_not_be_seen() -> None:
    """A recovering issue fails again."""
    assert "open" == stands(nightly(unsure=1), fresh=True, state="recovering")[0]


def test_streams_that_left_are_not_missed() -> None:
    """Those that an issue records and nobody looked at are."""
    marker = make_marker(
        streams={KEY: LAST, f"{REPOSITORY}:8:default": LAST, f"{REPOSITORY}:9:default": replace(LAST, gone=DELETED)}
    )

    assert 1 == unseen_streams(marker, Incident("v1:x:y", make_diagnosis(), (nightly(),)))


def told(before: Marker, after: Marker) -> tuple[str, ...]:
    """The transitions between two."""
    return transitions(
        Facts(Incident("v1:x:y", make_diagnosis(), ()), Issue(REPOSITORY, 1, "", "", "open"), before, after, "")
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"total": 3}, ()),
        ({}, {"state": "recovering"}, ()),
        ({}, {"state": "dormant"}, ()),
        ({}, {"state": "resolved"}, ("resolved",)),
        ({}, {"state": "abandoned"}, ("abandoned",)),
        ({"state": "resolved"}, {"state": "resolved"}, ("resolved",)),
        ({}, {"cause": "credential_invalid"}, ("reclassified",)),
        ({"cause": ""}, {"cause": "credential_invalid"}, ()),
        ({}, {"total": 19}, ()),
        ({}, {"total": 20}, ("widened",)),
        ({"announced": 0}, {"total": 500}, ()),
        ({}, {"streams": {KEY: LAST, f"{REPOSITORY}:8:default": LAST}}, ("widened",)),
        ({}, {"streams": {KEY: LAST, f"{REPOSITORY}:7:pull_request": LAST}}, ()),
        ({}, {"streams": {KEY: LAST, "octo-org/other:7:default": LAST}}, ("widened",)),
        ({"streams": {}}, {"streams": WATCHED}, ()),
        ({}, {"cause": "credential_invalid", "total": 20}, ("reclassified", "widened")),
        ({}, {"cause": "credential_invalid", "total": 20, "state": "resolved"}, ("resolved",)),
    ],
)
def test_what_people_are_told(before: dict[str, Any], after: dict[str, Any], expected: tuple[str, ...]) -> None:
    """No comment without a transition, and none for a first good run, silence or more of the same."""
    first = make_marker(**{"cause": "credential_missing", "announced": 2, "total": 2, "streams": WATCHED, **before})

    assert expected == told(first, replace(first, **after))
