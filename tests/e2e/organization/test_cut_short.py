"""Parts that die, reports that are made twice, budgets that end: nothing twice, nothing concluded of what was not seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from failure_investigator.fanout.files import read_shard
from failure_investigator.fanout.plan import WORKERS
from failure_investigator.state import StateFile
from tests.e2e.organization.company import NAME, OPENAI, PUSH, TOKEN, TRACKER, Company, at, pages, writes
from tests.e2e.standin import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.runner_place import Done

CAUSES = {"ant": None, "bee": OPENAI, "cat": PUSH}


def three_causes(company: Company, day: int = 0, *, fail: bool = True) -> None:
    """Three repositories, each with a cause of its own, and a quiet one."""
    for hour in (2, 5, 8):
        for name, lines in CAUSES.items():
            if fail:
                company.fails(name, at(day, hour), **({"lines": lines} if lines else {}))
            else:
                company.succeeds(name, at(day, hour))
        company.succeeds("dog", at(day, hour))


def postponed(company: Company, state: Path) -> tuple[str, ...]:
    """Which repositories the state file puts first next time."""
    with StateFile(state, lambda: company.hub.now) as opened:
        return opened.postponed()


def test_a_shard_that_never_ran_concludes_nothing(company: Company, tmp_path: Path) -> None:
    """All recovered; the issue of the lost shard's repository stays open, its name is said, and it comes first next time."""
    state = tmp_path / "kept.sqlite"
    with_state = {"INPUT_STATE": str(state)}
    three_causes(company)
    assert 0 == company.fan_out(at(0, 12), 3, with_state).code
    three_causes(company, 1, fail=False)

    done = company.fan_out(at(1, 12), 3, with_state, skipped=[1])

    assert (0, ["closed", "open", "closed"]) == (done.code, sorted_states(company))
    assert [f"nothing came of 1 repositories, whose shard did not finish: {NAME}/bee"] == [
        note for note in done.report["notes"] if note.startswith("nothing came")
    ]
    assert (f"{NAME}/bee",) == postponed(company, state)
    assert 0 == company.fan_out(at(1, 13), 3, with_state).code
    assert ["closed"] * 3 == sorted_states(company)
    assert () == postponed(company, state)


def sorted_states(company: Company) -> list[str]:
    """The states of the issues by the repository that they are about."""
    found = {re.search(rf"{NAME}/(\w+)", one["title"])[1]: one["state"] for one in pages(company.tracker)}  # type: ignore[index]
    return [found[name] for name in sorted(found)]


def test_a_report_that_is_made_again_files_nothing_twice(company: Company) -> None:
    """Cut off after the first issue was created; and once more when all is done."""
    three_causes(company)
    plan, findings = company.place(), company.place()
    company.command(at(0, 12), "plan", "--output", str(plan), "--shards", "3")
    for number in range(3):
        company.scan(at(0, 12), plan, findings, number)
    company.hub.faults += [Fault("POST", "/issues$", "delay"), Fault("POST", "/issues$", "status", status=422, times=9)]
    first = company.report(at(0, 12), plan, findings)
    company.hub.faults.clear()
    filed = len(company.tracker.issues)
    second = company.report(at(0, 12), plan, findings)
    company.standin.journal.clear()
    third = company.report(at(0, 12), plan, findings)

    assert ((1, 3), (0, 0), []) == ((filed, len(company.tracker.issues)), (second.code, third.code), writes(company))
    assert first.code != 0
    assert 3 == len({one["title"] for one in company.tracker.issues})


def limited(company: Company, left: int) -> None:
    """So many requests are left to the token before the reserve is reached."""
    token = company.hub.tokens[TOKEN]
    token.limit, token.used = 1000, 800 - left


@pytest.mark.parametrize("shards", [0, 1])
def test_a_budget_that_ends_while_runs_are_listed_is_said(company: Company, tmp_path: Path, shards: int) -> None:
    """Nothing is closed of what was not listed; it comes first next time, before all others."""
    state = tmp_path / "kept.sqlite"
    with_state = {"INPUT_STATE": str(state)}

    def sweep(day: int, hour: int) -> Done:
        when = at(day, hour)
        return company.fan_out(when, shards, with_state) if shards else company.investigate(when, with_state)

    three_causes(company)
    for number in range(40):
        company.succeeds(f"other-{number:02}", at(0, 1))
    company.hub.tokens[TOKEN].limit = 10_000
    assert (0, 3) == (sweep(0, 12).code, len(company.tracker.issues))
    three_causes(company, 1, fail=False)
    for number in range(40):
        company.succeeds(f"other-{number:02}", at(1, 1))
    limited(company, 6)
    done = sweep(1, 12)

    late = postponed(company, state)
    said = [note for note in done.report["notes"] if "were not read, and come first" in note]
    assert (0, ["open"] * 3) == (done.code, sorted_states(company))
    assert (1, f"{len(late)} repositories were not read, and come first next time: ") == (
        len(said), said[0][: said[0].index(": ") + 2],
    )  # fmt: skip
    assert {f"{NAME}/other-39", TRACKER} <= set(late)
    limited(company, 20)
    company.standin.journal.clear()
    sweep(1, 13)
    listed = [entry.path for entry in company.standin.journal if entry.path.endswith("/actions/runs")]
    assert listed[0] in {f"/repos/{name}/actions/runs" for name in late[:WORKERS]}


def test_a_budget_that_ends_while_logs_are_read_is_said(company: Company, tmp_path: Path) -> None:
    """The shard's share is kept; what it did not reach stays open and comes first next time."""
    state = tmp_path / "kept.sqlite"
    with_state = {"INPUT_STATE": str(state)}
    three_causes(company)
    assert 0 == company.investigate(at(0, 12), with_state).code
    three_causes(company, 1)
    plan, findings = company.place(), company.place()
    limited(company, 20)
    company.command(at(1, 12), "plan", "--output", str(plan), "--shards", "1", environ=with_state)
    share = read_shard(plan, 0)[0].budget or 0
    company.standin.journal.clear()
    done = company.scan(at(1, 12), plan, findings, 0, with_state)
    used = company.requests()
    company.hub.tokens[TOKEN].limit = 10_000
    reported = company.report(at(1, 12), plan, findings, with_state)

    late = postponed(company, state)
    assert (0, 0, ["open"] * 3, True) == (done.code, reported.code, sorted_states(company), used <= share)
    assert (f"{NAME}/bee", f"{NAME}/cat") == late
    assert any("come first next time: octo-org/bee, octo-org/cat" in note for note in reported.report["notes"])


def test_a_limit_that_is_hit_while_runs_are_listed_is_no_end(company: Company) -> None:
    """The rest is put off, what was listed is concluded from."""
    three_causes(company)
    for number in range(30):
        company.succeeds(f"other-{number:02}", at(0, 1))
    company.hub.faults.append(
        Fault("GET", "other-../actions/runs$", "status", 99, 403, {"Retry-After": "3600"}, "secondary rate limit")
    )  # fmt: skip
    done = company.investigate(at(0, 12))

    notes = [note for note in done.report["notes"] if "rate limit" in note or "not read" in note]
    assert (0, 3, 2) == (done.code, len(company.tracker.issues), len(notes))
    assert f"31 repositories were not read, and come first next time: {NAME}/other-00" in notes[0] + notes[1]


def test_a_limit_that_is_hit_while_logs_are_read_is_no_end(company: Company) -> None:
    """The repositories that were read before are concluded from."""
    three_causes(company)
    company.hub.faults.append(
        Fault("GET", "/bee/actions/runs/[0-9]+/", "status", 99, 403, {"Retry-After": "3600"}, "secondary rate limit")
    )  # fmt: skip
    done = company.fan_out(at(0, 12), 1)

    bodies = [one["body"] for one in company.tracker.issues]
    assert (0, 1, True) == (done.code, len(bodies), f"/{NAME}/ant/" in bodies[0])
    assert f"2 repositories were not read, and come first next time: {NAME}/bee, {NAME}/cat" in done.report["notes"]


@pytest.mark.parametrize(
    ("path", "status", "shards"),
    [("/bee/actions/runs$", 404, 0), ("/bee/actions/runs$", 404, 2), ("/bee/actions/runs/[0-9]+/", 502, 2)],
)
def test_a_repository_that_fails_costs_itself_alone(company: Company, path: str, status: int, shards: int) -> None:
    """It went away, or GitHub cannot answer about it: said, and its issue stays open."""
    three_causes(company)
    company.investigate(at(0, 12))
    three_causes(company, 1, fail=False)
    company.fails("bee", at(1, 9), OPENAI)
    company.hub.faults.append(Fault("GET", path, "status", times=99, status=status))
    done = company.fan_out(at(1, 12), shards) if shards else company.investigate(at(1, 12))

    assert (0, ["closed", "open", "closed"]) == (done.code, sorted_states(company))
    assert f"1 repositories were not read, and come first next time: {NAME}/bee" in done.report["notes"]


def test_many_that_fail_are_no_accident(company: Company) -> None:
    """Exit code 3, nothing written."""
    three_causes(company)
    for number in range(12):
        company.succeeds(f"other-{number:02}", at(0, 1))
    company.hub.faults.append(Fault("GET", "other-../actions/runs$", "status", times=999, status=404))
    done = company.investigate(at(0, 12))
    assert (3, [], True) == (done.code, writes(company), "list the workflow runs of" in done.stderr)


def test_a_short_wait_is_waited_out(company: Company) -> None:
    """As GitHub asks for it when an endpoint is asked too often: nothing is put off."""
    three_causes(company)
    company.hub.faults.append(Fault("GET", "/actions/runs$", "status", 2, 429, {"Retry-After": "1"}, "slow down"))
    done = company.investigate(at(0, 12))
    assert (0, 3, []) == (done.code, len(company.tracker.issues), [n for n in done.report["notes"] if "not read" in n])
