"""One process, one shard, seven shards, one of them twice, one killed: the same issues to the byte, and none twice."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e import forked
from tests.e2e.organization.company import OPENAI, PUSH, TESTS, Company, at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.runner_place import Done

    Sweep = Callable[[Company, int], Done]


def tell(company: Company, day: int) -> None:
    """A day of ten repositories: one cause in four of them, others alone, tests that break, and quiet ones."""
    ended = company.succeeds if day else company.fails
    for hour in (2, 5, 8):
        for name in ("ant", "bee", "cat", "dog"):
            ended(name, at(day, hour))
        company.fails("eel", at(day, hour), OPENAI)
        company.fails("fox", at(day, hour), PUSH, file="deploy")
        company.fails("gnu", at(day, hour), TESTS)
        company.succeeds("hen", at(day, hour))
        company.succeeds("fox", at(day, hour))
    for hour in (9, 10)[: 1 + day]:
        ended("ibis", at(day, hour))
    company.world("jay")


def whole(company: Company, day: int) -> Done:
    """One process."""
    return company.investigate(at(day, 12))


def sharded(count: int) -> Sweep:
    """So many shards."""
    return lambda company, day: company.fan_out(at(day, 12), count)


def parts(company: Company, day: int) -> tuple[Path, Path]:
    """Seven shards are planned; the folders of plan and findings."""
    plan, findings = company.place(), company.place()
    done = company.command(at(day, 12), "plan", "--output", str(plan), "--shards", "7")
    assert (0, "7", "[0, 1, 2, 3, 4, 5, 6]") == (done.code, done.outputs["shard-count"], done.outputs["shards"])
    return plan, findings


def troubled(company: Company, day: int) -> Done:
    """Seven shards: number 1 is scanned twice, into two artifacts, and number 4 is killed and scanned again."""
    plan, findings = parts(company, day)
    for number in (0, 1, 2, 3, 5, 6):
        assert 0 == company.scan(at(day, 12), plan, findings, number).code
    shutil.copytree(findings / "artifact-1", findings / "artifact-1-of-the-first-try")
    assert 0 == company.scan(at(day, 12), plan, findings, 1).code
    killed(company, day, plan, findings, 4)
    assert not list(findings.rglob("findings-0004*"))
    assert 0 == company.scan(at(day, 12), plan, findings, 4).code
    return company.report(at(day, 12), plan, findings)


def killed(company: Company, day: int, plan: Path, findings: Path, number: int) -> None:
    """A shard's process dies hard at its third request."""
    killer = forked.Killer(company.standin, 3, done=True)
    words = ("scan", "--plan", str(plan), "--shard", str(number), "--output", str(findings / f"artifact-{number}"))
    process = forked.start(company.variables(company.place()), at(day, 12), words)
    killer.pid = process.pid or 0
    process.join(60)
    killer.rest()
    assert -9 == process.exitcode


def told(home: Path, sweep: Sweep) -> list[dict[str, Any]]:
    """Two days swept in one way, and all that stands in the issues at each day's end."""
    company = Company(home)
    found = []
    with company.standin:
        for day in (0, 1):
            tell(company, day)
            done = sweep(company, day)
            assert (0, "") == (done.code, done.stderr)
            found.append(company.pages())
    return found


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What one process writes."""
    return told(tmp_path_factory.mktemp("whole"), whole)


def test_what_one_process_writes(expected: list[dict[str, Any]]) -> None:
    """One issue a cause, whatever number of repositories; the next day the cured one is closed."""
    first, second = ([(one["title"], one["state"]) for one in day["octo-org/tracker"]] for day in expected)
    together = "5 repositories: npm answers 401, no credential reached it (NODE_AUTH_TOKEN)"

    assert [together] == [title for title, _ in first if "repositories" in title]
    assert [(together, "open"), (together, "closed")] == [first[0], second[0]]
    assert (3, first[1:]) == (len(first), second[1:])


@pytest.mark.parametrize("sweep", [sharded(1), sharded(7), troubled], ids=["one", "seven", "troubled"])
def test_parts_write_the_same(tmp_path: Path, expected: list[dict[str, Any]], sweep: Sweep) -> None:
    """To the byte, on the first day and on the second; no issue and no comment twice."""
    assert expected == told(tmp_path, sweep)
