"""The three parts in a row, and where they look for what is filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.fanout.sweep import opener, planned, sweep_organization, targets_of
from failure_investigator.kit import Kit
from failure_investigator.model import Memory, Repository
from failure_investigator.signatures.scanner import built_in
from failure_investigator.state import StateFile
from tests.unit.factory import REPOSITORY
from tests.unit.fanout.real import SETTINGS, Company, real_listing, snapshot

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from failure_investigator.settings import Settings

RECORDED = snapshot().manifest.recorded_at


def clock() -> datetime:
    """The snapshot's time."""
    return RECORDED


def kit(folder: Path, **changes: object) -> Kit:
    """What a sweep works with; issues are files."""
    settings: Settings = replace(SETTINGS, issues_directory=folder, **changes)  # type: ignore[arg-type]
    return Kit(settings, built_in(), None, "labels: x", [])


def company() -> Company:
    """The snapshot's repository, which is the only one."""
    return Company({REPOSITORY: real_listing()}, {REPOSITORY: "public"})


def test_plan_scan_and_report_at_once(tmp_path: Path) -> None:
    """Said is what there is; the second time the issue is known."""
    said: list[str] = []
    with StateFile(None, clock) as state:
        first = sweep_organization(company(), kit(tmp_path), state, clock, said.append)
        second = sweep_organization(company(), kit(tmp_path), state, clock, said.append)
        known = state.issues(REPOSITORY)

    assert (["create"], ["none"]) == ([d.change.verb for d in first.applied], [d.change.verb for d in second.applied])
    assert ["1 repositories, 1 with something to read"] * 2 == said
    assert ("octo-org", {1: "open"}) == (first.organization, {number: each.state for number, each in known.items()})
    assert {"runs": 1} == dict(first.usage.requests)


def test_what_was_put_off_is_planned_first(tmp_path: Path) -> None:
    """As the state knows."""
    source = company()
    source.left = 0
    with StateFile(None, clock) as state:
        state.postpone(["o/before"])
        made = planned(source, kit(tmp_path), state, clock)
        sweep_organization(source, kit(tmp_path), state, clock, print)
        assert ("o/before", REPOSITORY) == state.postponed()
    assert ((REPOSITORY,), "labels: x") == (made.plan.postponed, made.plan.header.config)


def test_one_issue_repository_is_observed_once(tmp_path: Path) -> None:
    """No repository is asked about its own issues."""
    targets = targets_of(company(), kit(tmp_path).settings, None, clock)
    assert (REPOSITORY, Memory()) == (
        targets.one.name if targets.one else "",
        targets.of(Repository("o/r", "public", "x")),
    )


def test_without_one_each_is_observed_that_takes_issues(tmp_path: Path) -> None:
    """What has issues disabled has none."""
    settings = kit(tmp_path, issue_repository="").settings
    targets = targets_of(company(), settings, None, clock)
    sweep_organization(company(), kit(tmp_path, issue_repository=""), None, clock, print)
    repository = snapshot().repository("")

    assert (None, 1) == (targets.one, len(targets.of(repository).issues))
    assert Memory() == targets.of(replace(repository, has_issues=False))
    assert [f"{REPOSITORY}/0001.md"] == [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")]


def test_the_one_issue_repository_has_no_folder_of_its_own(tmp_path: Path) -> None:
    """Others have one each."""
    opened = opener(kit(tmp_path, lookback=timedelta(days=1)).settings, clock)
    with opened(REPOSITORY) as one, opened("o/other") as other:
        assert (REPOSITORY, "o/other") == (one.repository, other.repository)
