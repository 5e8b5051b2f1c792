"""What a sweep of many repositories costs, the first time and with the state of the one before; and what losing it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from failure_investigator.state import StateFile
from tests.e2e.organization.company import TRACKER, Company, at, writes

if TYPE_CHECKING:
    from pathlib import Path

NEXT_HOUR = "gh" + "s_" + "n" * 40


def two_hundred(company: Company) -> None:
    """Of 200 repositories five fail, three times each, of one cause."""
    for number in range(199):
        name = f"repository-{number:03}"
        for hour in (5, 8, 11):
            if number % 40 == 7:
                company.fails(name, at(0, hour))
            else:
                company.succeeds(name, at(0, hour))


@pytest.mark.parametrize("shards", [0, 4])
def test_a_sweep_of_two_hundred_costs_at_most_290_requests(company: Company, tmp_path: Path, shards: int) -> None:
    """The first time; the next hour, with another token, whatever did not change is free."""
    two_hundred(company)
    company.hub.add_token(NEXT_HOUR)
    environ = {"INPUT_STATE": str(tmp_path / "kept.sqlite")}
    later = {**environ, "INPUT_GITHUB-TOKEN": NEXT_HOUR}
    sweep = (lambda when, env: company.fan_out(when, shards, env)) if shards else company.investigate

    first, cost = sweep(at(0, 12), environ), company.requests()
    second, again = sweep(at(0, 13), later), company.requests()

    assert (0, 0, 1) == (first.code, second.code, len(company.tracker.issues))
    assert "5 repositories: npm" in company.tracker.issues[0]["title"]
    assert cost <= 290
    listed = [
        e.status for e in company.standin.journal if e.path.endswith("/actions/runs") and "created" not in e.query
    ]
    assert ([304] * 200, True) == (listed, again <= 40)
    assert [] == writes(company)
    told = "200 of 200 listings were unchanged (304, 100%); 200 were known"
    assert 1 == second.report["notes"].count(told)


@pytest.fixture
def small(company: Company) -> Company:
    """Three repositories that fail of one cause, and a quiet one."""
    for hour in (5, 8, 11):
        for name in ("ant", "bee", "cat"):
            company.fails(name, at(0, hour))
        company.succeeds("dog", at(0, hour))
    return company


@pytest.mark.parametrize("spoil", ["lost", "corrupt", "another version"])
def test_a_state_that_is_lost_costs_requests_and_nothing_else(small: Company, tmp_path: Path, spoil: str) -> None:
    """The issues are the same to the byte, and the summary says that it starts anew."""
    state = tmp_path / "kept.sqlite"
    environ = {"INPUT_STATE": str(state)}
    small.investigate(at(0, 12), environ)
    known = small.pages()
    small.investigate(at(0, 13), environ)
    cheap = small.requests()
    if spoil == "lost":
        state.unlink()
    elif spoil == "corrupt":
        state.write_bytes(state.read_bytes()[:3000])
    else:
        data = bytearray(state.read_bytes())
        data[60:64] = (99).to_bytes(4, "big")
        state.write_bytes(bytes(data))

    done = small.investigate(at(0, 13), environ)

    assert (0, known, True) == (done.code, small.pages(), small.requests() > cheap)
    assert 1 == sum("starts anew" in note for note in done.report["notes"])


@pytest.mark.parametrize("shards", [0, 2])
def test_an_open_issue_that_the_listing_does_not_show_stops_everything(
    small: Company, tmp_path: Path, shards: int
) -> None:
    """Exit code 4, nothing written: what else the listing left out is not known."""
    environ = {"INPUT_STATE": str(tmp_path / "kept.sqlite")}
    small.investigate(at(0, 12), environ)
    for name in ("ant", "bee", "cat"):
        small.fails(name, at(0, 12, 30))
    small.tracker.unlisted.add(1)
    done = small.fan_out(at(0, 13), shards, environ) if shards else small.investigate(at(0, 13), environ)

    said = f"error: The listing of {TRACKER} does not show the open issue #1"
    assert (4, said, []) == (done.code, done.stderr[: len(said)], writes(small))


def test_an_issue_that_was_deleted_is_forgotten(small: Company, tmp_path: Path) -> None:
    """It is filed anew, under another number."""
    environ = {"INPUT_STATE": str(tmp_path / "kept.sqlite")}
    small.investigate(at(0, 12), environ)
    small.tracker.issues.clear()
    small.tracker.deleted.add(1)
    done = small.investigate(at(0, 13), environ)
    with StateFile(tmp_path / "kept.sqlite", lambda: small.hub.now) as opened:
        known = {number: issue.state for number, issue in opened.issues(TRACKER).items()}

    assert (0, [2], {1: "gone", 2: "open"}) == (done.code, [one["number"] for one in small.tracker.issues], known)


def test_a_log_that_showed_no_refusal_is_not_read_again(company: Company, tmp_path: Path) -> None:
    """Whichever machine read it: the shards' states come together in the report."""
    environ = {"INPUT_STATE": str(tmp_path / "kept.sqlite")}
    for hour in (5, 8, 11):
        for name in ("ant", "bee"):
            company.fails(name, at(0, hour), ["FAILED tests/test_menu.py::test_order - assert 3 == 4"])
    company.fan_out(at(0, 12), 2, environ)
    read = len(company.standin.asked("blobs"))
    company.fan_out(at(0, 12, 10), 2, environ)

    assert (True, []) == (read > 0, company.standin.asked("blobs"))
