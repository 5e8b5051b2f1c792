"""Files of plan and findings: what lies where, what a missing or broken one means."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from failure_investigator.errors import IncompleteError, UsageError
from failure_investigator.fanout.files import (
    merged_state,
    read_findings,
    read_plan,
    read_shard,
    state_of,
    write_findings,
    write_plan,
)
from failure_investigator.fanout.plan import Made
from failure_investigator.fanout.types import Noted
from failure_investigator.model import Repository, Scan, Usage
from failure_investigator.sources.budget import Budget
from failure_investigator.state import StateFile
from tests.unit.factory import NOW
from tests.unit.fanout.real import planned, real_plan

if TYPE_CHECKING:
    from pathlib import Path

MADE = Made(real_plan(), ((planned("octo-org/a"),),))


def test_a_shard_gets_its_header_and_its_repositories(tmp_path: Path) -> None:
    """With its share of the rate limit."""
    write_plan(tmp_path, MADE, Budget(100, 70, datetime(2026, 5, 4, tzinfo=UTC)))
    header, shard = read_shard(tmp_path, 0)
    assert (50, "octo-org", MADE.shards[0]) == (header.budget, header.organization, shard)
    assert MADE.plan == read_plan(tmp_path)


def test_without_limits_there_is_no_share(tmp_path: Path) -> None:
    """What the plan's header says stays."""
    write_plan(tmp_path, MADE, None)
    assert MADE.plan.header == read_shard(tmp_path, 0)[0]


@pytest.mark.parametrize("number", [-1, 1])
def test_a_shard_that_is_not_planned_is_the_users_matter(tmp_path: Path, number: int) -> None:
    """Exit code 2, with how many there are."""
    write_plan(tmp_path, MADE, None)
    with pytest.raises(UsageError, match=f"has no shard {number}. It has 1, from 0 on"):
        read_shard(tmp_path, number)


def test_no_plan_is_the_users_matter(tmp_path: Path) -> None:
    """Exit code 2, with the command that makes one."""
    with pytest.raises(UsageError, match=r"There is no plan in .*`failure-investigator plan`"):
        read_plan(tmp_path)


@pytest.mark.parametrize("name", ["plan.jsonl.gz", "shard-0000.jsonl.gz", "findings-0000.jsonl.gz"])
def test_a_file_that_ends_after_its_first_line_is_broken(tmp_path: Path, name: str) -> None:
    """The first line alone says nothing."""
    write_plan(tmp_path, MADE, None)
    write_findings(tmp_path, Noted(0), [])
    path = tmp_path / name
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).splitlines(keepends=True)[0]))
    if name.startswith("findings"):
        found = read_findings(tmp_path, 1)
        assert ([], [], [f"{path} is empty"]) == found
        return
    with pytest.raises(IncompleteError, match="is empty"):
        read_shard(tmp_path, 0)


def test_findings_are_found_at_any_depth(tmp_path: Path) -> None:
    """Of the shards that the plan has; broken ones are told and left out."""
    scans = [Scan(Repository(f"octo-org/{name}", "private", "main")) for name in "abc"]
    for number, scan in enumerate(scans):
        write_findings(tmp_path / f"artifact-{number}" / "deep", Noted(number, Usage({"jobs": number})), [scan])
    write_findings(tmp_path / "again", Noted(0), scans[:1])
    broken = next(tmp_path.rglob("findings-0001*"))
    broken.write_bytes(b"x")
    noted, found, said = read_findings(tmp_path, 2)

    assert [Noted(0), Noted(0)] == [Noted(each.shard) for each in noted]
    assert (scans[:1] * 2, 1, True) == (found, len(said), str(broken) in said[0])
    assert 3 == len(read_findings(tmp_path, 3)[1])


def test_what_a_shard_learns_is_kept_beside_its_findings(tmp_path: Path) -> None:
    """It begins with what the plan knew, and the report puts all together."""
    plan, findings = tmp_path / "plan", tmp_path / "findings"
    with StateFile(None, lambda: NOW) as known:
        known.judge("o/r", "1.1", "lib", {1: ""})
        known.save_as(plan / "state.sqlite")
    for number in (0, 1):
        with state_of(plan, findings / str(number), number, lambda: NOW) as state:
            assert {1: ""} == state.judged("o/r", "1.1", "lib")
            state.judge("o/r", f"{number + 2}.1", "lib", {number: "mark"})
    with merged_state(tmp_path / "kept.sqlite", plan, findings, lambda: NOW) as kept:
        assert kept is not None
        assert [{1: ""}, {0: "mark"}, {1: "mark"}] == [kept.judged("o/r", f"{run}.1", "lib") for run in (1, 2, 3)]
        assert [] == kept.notes


def test_without_a_state_nothing_is_merged(tmp_path: Path) -> None:
    """None was asked for."""
    (tmp_path / "state-0000.sqlite").write_bytes(b"x")
    with merged_state(None, tmp_path, tmp_path, lambda: NOW) as kept:
        assert kept is None
    assert b"x" == (tmp_path / "state-0000.sqlite").read_bytes()
