"""When a service is out: at least five repositories and more than 30 % of those looked at, with a cause on its side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from failure_investigator.fanout.outage import LEAST, out, with_outages
from failure_investigator.incidents.fingerprint import outage
from failure_investigator.logs.marks import SERVER_ERROR
from failure_investigator.model import Cause, Evidence, Matter, Repository, Scan, StreamKey
from tests.unit.factory import NIGHTLY, make_diagnosis, make_finding, make_marker, make_run, make_streak
from tests.unit.fanout.real import issue

THROTTLED = make_diagnosis(Cause.RATE_LIMITED, service="npm")
BROKEN = make_diagnosis(Cause.UNCLASSIFIED, service="npm", secondary=(Evidence(f"{SERVER_ERROR}."),))
OURS = make_diagnosis(Cause.CREDENTIAL_INVALID, service="npm")


def matter(name: str, diagnosis: Any = THROTTLED, mark: str = "", **changes: Any) -> Matter:
    """A streak of one failure in a repository."""
    mark = mark or f"v1:x:{name}"
    run = make_run(repository=name)
    finding = make_finding(run=run, diagnosis=diagnosis, mark=mark)
    streak = make_streak(
        [replace(finding, mark=mark)], stream=StreamKey(name, NIGHTLY.id, changes.pop("kind", "default"))
    )
    return Matter((mark,), replace(streak, **changes.pop("streak", {})), **changes)


def scans(count: int, *more: Matter, **changes: Any) -> list[Scan]:
    """So many repositories, with one matter each, and one repository with others."""
    found = [Scan(Repository(f"o/r{n}", "private", "main"), (matter(f"o/r{n}", **changes),)) for n in range(count)]
    return [*found, *([Scan(Repository("o/z", "private", "main"), more)] if more else [])]


def marks(found: list[Scan]) -> set[tuple[str, ...]]:
    """The fingerprints of all matters."""
    return {each.marks for scan in found for each in scan.matters}


@pytest.mark.parametrize(
    ("count", "looked_at", "is_out"),
    [
        (5, 5, True),
        (5, 16, True),
        (5, 17, False),
        (4, 4, False),
        (6, 20, False),
        (7, 20, True),
        (30, 100, False),
        (31, 100, True),
    ],
)
def test_five_and_more_than_three_in_ten(count: int, looked_at: int, is_out: bool) -> None:  # noqa: FBT001 - a table
    """Exactly 30 % is not enough."""
    found = with_outages(scans(count), looked_at)
    assert is_out == all(outage("npm") in each for each in marks(found))
    assert is_out or scans(count) == found


def test_the_streak_goes_by_the_outages_name_and_keeps_its_own() -> None:
    """So that it is found again under both."""
    joined = with_outages(scans(5), 5)[0].matters[0]
    assert (("v1:outage:npm", "v1:x:o/r0"), "v1:outage:npm") == (joined.marks, joined.streak.findings[0].mark)


@pytest.mark.parametrize("diagnosis", [THROTTLED, BROKEN, make_diagnosis(Cause.QUOTA_EXHAUSTED, service="npm")])
def test_causes_on_the_services_side_count(diagnosis: Any) -> None:
    """Throttling, its quota, and server errors beside any refusal."""
    assert "npm" == out(matter("o/r", diagnosis))


def test_others_do_not() -> None:
    """Causes of ours, an unknown service, a stream that is good again, runs without secrets, and what was only remembered."""
    good = {"good": (make_run(9, "success"),)}
    told = [
        matter("o/r", OURS), matter("o/r", replace(THROTTLED, service="unknown")), matter("o/r", streak=good),
        matter("o/r", kind="none"), Matter(("v1:x",), make_streak([replace(make_finding(), diagnosis=None)])),
    ]  # fmt: skip
    assert [""] * len(told) == [out(each) for each in told]


def test_other_matters_stay_as_they_are() -> None:
    """Another service's, a cause of ours at the same service."""
    others = (matter("o/z", OURS), matter("o/z", replace(THROTTLED, service="pypi"), "v1:y"))
    assert others == with_outages(scans(5, *others), 6)[-1].matters


def test_one_repository_counts_once() -> None:
    """However many of its workflows fail."""
    many = tuple(matter("o/z", mark=f"v1:{number}") for number in range(9))
    found = [Scan(Repository("o/z", "private", "main"), many), *scans(LEAST - 2)]
    assert found == with_outages(found, 6)


def test_private_ones_are_together_by_themselves() -> None:
    """Under a fingerprint that says nothing; all of them count."""
    found = with_outages(scans(4, matter("o/z", mark="v1:throttle:sealed:abc")), 5)
    hidden = outage("npm", hidden=True)
    assert (True, False) == (":sealed:" in hidden, "npm" in hidden)
    assert (hidden, "v1:throttle:sealed:abc") in marks(found)
    assert 4 == sum(outage("npm") in each for each in marks(found))


def test_what_has_an_issue_keeps_it_and_counts() -> None:
    """Four that have none are an outage with one that has."""
    owner = replace(matter("o/z"), issue=9)
    found = with_outages(scans(4, owner), 5)
    assert (owner, 4) == (found[-1].matters[0], sum(outage("npm") in each for each in marks(found)))


def test_a_later_one_joins_the_open_issue() -> None:
    """Although it is alone; not once the issue is closed, and only of that service."""
    opened = issue(marker=make_marker(outage("npm")))
    late, other = scans(1), scans(1, diagnosis=replace(THROTTLED, service="pypi"))
    assert {(outage("npm"), "v1:x:o/r0")} == marks(with_outages(late, 100, (opened,)))
    assert late == with_outages(late, 100, (replace(opened, state="closed"),))
    assert other == with_outages(other, 100, (opened,))


def test_what_belongs_to_the_open_issue_goes_by_its_name() -> None:
    """Whatever it failed of, and even when it is good again: the issue stays what it is."""
    opened = issue(7, marker=make_marker(outage("npm")))
    held = replace(matter("o/z", OURS, streak={"good": (make_run(9, "success"),)}), issue=7)
    assert {(outage("npm"), "v1:x:o/z")} == marks(with_outages(scans(0, held), 100, (opened,)))
