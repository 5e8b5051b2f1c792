"""Success criteria: what is waited for, what is done, and what left."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.unit.factory import NIGHTLY, REPOSITORY, make_diagnosis, make_finding, make_marker, make_run, make_streak
from tests.unit.incidents.scene import PAGE

from failure_investigator.incidents.memory import cloaked
from failure_investigator.model import Good, Incident, StreamKey, Tracked
from failure_investigator.render.context import Context
from failure_investigator.render.criteria import Criterion, GoodRun, criteria, within

CONTEXT = Context(REPOSITORY)
KEY = f"{REPOSITORY}:7:default"
DEPLOY = f"{REPOSITORY}:8:branch:stable"
GOOD = make_run(3, "success")
ONE = Good(GOOD.key, "2026-05-04T03:00:00Z")
GONE = "its workflow was deleted"


def incident(*streaks: object) -> Incident:
    """With these streaks."""
    return Incident("v1:x:y", make_diagnosis(), streaks)  # type: ignore[arg-type]


def test_a_stream_that_is_not_listed_keeps_its_line() -> None:
    """By what the marker recorded: name and branch, else the workflow's number."""
    marker = make_marker(
        streams={
            KEY: Tracked("1002.1", "2026-05-04T02:00:00Z", good=(ONE,)),
            DEPLOY: Tracked("9.1", "2026-05-04T01:00:00Z", name="Deploy", branch="stable", gone=GONE),
            f"{REPOSITORY}:9:default": Tracked("8.1", "2026-05-04T01:00:00Z", good=(ONE, ONE)),
        }
    )

    assert [
        Criterion("Nightly", "main", 1, done=False, runs=(GoodRun("1003", GOOD.url),)),
        Criterion("Deploy", "stable", 0, done=False, gone=GONE),
        Criterion("9", "", 2, done=True, runs=(GoodRun("1003", GOOD.url), GoodRun("1003", GOOD.url))),
    ] == criteria(incident(make_streak([make_finding(2)], good=(GOOD,))), marker, CONTEXT)


def test_a_sealed_marker_knows_its_streams_by_their_hashes() -> None:
    """Its page shows no names."""
    mark = "v1:credential:sealed:0123"
    marker = make_marker(mark, streams={cloaked(KEY, sealed=True): Tracked("1002.1", "2026-05-04T02:00:00Z")})

    assert ["Nightly"] == [each.name for each in criteria(incident(make_streak([make_finding(2)])), marker, CONTEXT)]
    assert ["a workflow"] == [each.name for each in criteria(incident(), marker, CONTEXT)]


def test_only_runs_without_secrets_are_told_all_the_same() -> None:
    """Such an incident has no issue."""
    fork = make_streak([make_finding(2)], stream=StreamKey(REPOSITORY, NIGHTLY.id, "none"))

    assert [Criterion("Nightly", "main", 0, done=False)] == criteria(incident(fork), make_marker(), CONTEXT)


def test_of_too_many_those_that_are_waited_for_stay() -> None:
    """In their order."""
    every = [Criterion(str(n), "", n % 3, done=n % 3 == 2, gone=GONE if n == 1 else "") for n in range(6)]

    assert every == within(every, 6)
    assert ["0", "3", "4"] == [each.name for each in within(every, 3)]


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize(
    ("good", "gone", "ticked", "open_"), [((ONE, ONE), GONE, 1, 0), ((ONE,), GONE, 0, 1), ((ONE, ONE), "", None, 0)]
)
def test_what_left_the_criteria_is_not_waited_for(
    good: tuple[Good, ...], gone: str, ticked: int | None, open_: int, *, sealed: bool
) -> None:
    """A box that nobody can tick any more is none."""
    marker = make_marker(
        streams={
            KEY: Tracked("1002.1", "2026-05-04T02:00:00Z", good=good, name="Nightly"),
            DEPLOY: Tracked("9.1", "2026-05-04T01:00:00Z", name="Deploy", gone=gone, good=() if gone else good),
        }
    )
    about = replace(incident(), fingerprint="v1:credential:sealed:0") if sealed else incident()
    page = PAGE.body(about, marker, "")

    boxes = re.findall(r"^- \[(.)\]", page, flags=re.MULTILINE)
    expected = ticked if ticked is not None else 1 if sealed else 2
    assert (expected, open_) == (boxes.count("x"), boxes.count(" "))
