"""The third part: what came is put together, what did not is told, and each issue repository gets its own."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.fanout.report import conclude_all, gathered
from failure_investigator.fanout.sweep import keep_reach
from failure_investigator.fanout.types import Noted
from failure_investigator.model import Counts, Repository, Scan, Usage
from failure_investigator.settings import Settings
from failure_investigator.signatures.scanner import built_in
from failure_investigator.state import StateFile
from failure_investigator.trackers.directory import DirectoryTracker
from tests.unit.factory import NOW
from tests.unit.fanout.real import real_plan, real_scan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from failure_investigator.fanout.report import Open
    from failure_investigator.render.report import Report

PLAN = replace(
    real_plan(), repositories=("o/a", "o/b", "o/c", "o/d"), planned=("o/a", "o/b", "o/c"), postponed=("o/d",), shards=2
)


def scan(name: str, **changes: object) -> Scan:
    """A repository without matters."""
    return Scan(Repository(name, "private", "main"), **changes)  # type: ignore[arg-type]


def test_each_repository_counts_once_in_the_order_of_the_plan() -> None:
    """However often it was looked at; what the plan does not have is left out."""
    brought = gathered(PLAN, [scan("o/c"), scan("o/a"), scan("o/a"), scan("o/z")], [Noted(1), Noted(0), Noted(1)])
    assert ["o/a", "o/c"] == [each.repository.name for each in brought.scans]
    assert ([0, 1], ("o/b",), ("o/d",)) == ([each.shard for each in brought.noted], brought.missing, brought.late)


def test_a_scan_that_was_reached_wins() -> None:
    """Of a shard that ran twice, whichever try had more luck."""
    late, good = scan("o/a", reached=False), scan("o/a")
    assert [good, good] == [gathered(PLAN, pair, ()).scans[0] for pair in ((late, good), (good, late))]
    assert ("o/d", "o/a") == gathered(PLAN, (late,), ()).late


def test_what_nothing_is_known_of_comes_first_next_time() -> None:
    """Put off, not reached, or lost with its shard."""
    with StateFile(None, lambda: NOW) as state:
        state.postpone(["o/b", "o/a"])
        keep_reach(state, PLAN, gathered(PLAN, [scan("o/a"), scan("o/c", reached=False)], ()))
        assert ("o/b", "o/c", "o/d") == state.postponed()
    keep_reach(None, PLAN, gathered(PLAN, [], ()))


def opener(folder: Path) -> Open:
    """A directory for each issue repository."""

    @contextmanager
    def opened(repository: str) -> Iterator[DirectoryTracker]:
        yield DirectoryTracker(folder / repository, repository)

    return opened


def report(folder: Path, *scans: Scan, **settings: object) -> Report:
    """Conclude from scans."""
    names = tuple(each.repository.name for each in scans)
    plan = replace(PLAN, planned=(*names, "o/lost"), repositories=(*names, "o/lost", "o/d"))
    brought = gathered(plan, scans, [Noted(0, Usage({"jobs": 2}, 5, 1))])
    made = Settings(organization="octo-org", **settings)  # type: ignore[arg-type]
    return conclude_all(plan, brought, opener(folder), made, built_in().rulebook, lambda: NOW)


def test_issues_go_into_one_repository_or_into_each(tmp_path: Path) -> None:
    """A repository without issues gets none, and is told."""
    real = real_scan()
    bare = replace(real, repository=replace(real.repository, name="octo-org/bare", has_issues=False))
    one = report(tmp_path / "one", real, issue_repository="octo-org/tracker")
    each = report(tmp_path / "each", real, bare)

    assert ["octo-org/tracker"] == [done.change.repository for done in one.applied]
    assert ["octo-org/octo-app"] == [done.change.repository for done in each.applied]
    assert ["0001.md"] == [path.name for path in (tmp_path / "each").rglob("*.md")]
    assert "issues are disabled in 1 repositories with findings: octo-org/bare" in each.notes


def test_what_was_not_seen_is_told(tmp_path: Path) -> None:
    """Left out, put off, lost; and the costs of all parts are added."""
    real = real_scan()
    found = report(
        tmp_path, real, scan("o/late", reached=False, notes=("o/late was not read: no budget",)), issue_repository="o/t"
    )

    assert {
        "a note", "repositories left out: archived 3", "o/late was not read: no budget",
        "2 repositories were not read, and come first next time: o/d, o/late",
        "nothing came of 1 repositories, whose shard did not finish: o/lost",
    } <= set(found.notes)  # fmt: skip
    assert ({"jobs": 2, "runs": 3}, 3) == (dict(found.usage.requests), found.usage.not_modified)
    assert real.counts + Counts(10, 5) == found.counts


def test_nothing_is_concluded_of_what_was_not_reached(tmp_path: Path) -> None:
    """Even if it has matters."""
    found = report(tmp_path, replace(real_scan(), reached=False), issue_repository="o/t")
    assert ((), ()) == (found.applied, found.incidents)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """And says what it would."""
    found = report(tmp_path, real_scan(), issue_repository="o/t", dry_run=True)
    assert (["dry run"], True, []) == (
        [done.deferred for done in found.applied],
        found.dry_run,
        list(tmp_path.rglob("*.md")),
    )


def test_many_names_are_cut(tmp_path: Path) -> None:
    """Ten are shown."""
    scans = [scan(f"o/{number:02}", reached=False) for number in range(12)]
    found = report(tmp_path, *scans, issue_repository="o/t")
    said = next(note for note in found.notes if "come first" in note)
    assert (True, True) == (said.startswith("13 repositories"), said.endswith("o/08 and 3 more"))
