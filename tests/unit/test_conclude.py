"""Deciding from scans alone: the same whatever order they came in, and nothing twice however often it is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from failure_investigator.conclude import conclude, rules_of
from failure_investigator.model import Cause, Matter, Memory, Repository, Scan, StreamKey
from failure_investigator.render.context import Context
from failure_investigator.settings import Settings
from failure_investigator.signatures.scanner import built_in
from failure_investigator.trackers.directory import DirectoryTracker
from tests.unit.factory import NIGHTLY, NOW, make_diagnosis, make_finding, make_run, make_streak
from tests.unit.fanout.real import issue

if TYPE_CHECKING:
    from pathlib import Path

TRACKER = "octo-org/tracker"
SETTINGS = Settings(issue_repository=TRACKER)


def scan(name: str, mark: str = "v1:credential:openai:OPENAI_API_KEY", number: int = 0) -> Scan:
    """A repository with one streak of two failures, as it was read when `number` held it."""
    runs = [make_run(hour, repository=name, id=len(name) * 100 + hour) for hour in (2, 1)]
    findings = [replace(make_finding(run=run, diagnosis=make_diagnosis()), mark=mark) for run in runs]
    streak = make_streak(findings, stream=StreamKey(name, NIGHTLY.id, "default"), strip=tuple(runs), jobs=("publish",))
    return Scan(Repository(name, "private", "main"), (Matter((mark,), streak, number),))


def decided(folder: Path, *scans: Scan, **settings: object) -> list[str]:
    """Conclude on a directory: the verbs."""
    made = replace(SETTINGS, **settings)  # type: ignore[arg-type]
    tracker = DirectoryTracker(folder, TRACKER)
    context = Context(TRACKER, built_in().rulebook.services, made.close_after, made.owners)
    found = conclude(scans, tracker.observe(), tracker, made, context, NOW)
    return [f"{done.change.verb} {done.deferred}".strip() for done in found.applied]


def test_the_order_of_scans_makes_no_difference(tmp_path: Path) -> None:
    """Two repositories with one cause are one issue."""
    one, two = scan("octo-org/ant"), scan("octo-org/longer")
    assert (["create"], ["create"]) == (decided(tmp_path / "a", one, two), decided(tmp_path / "b", two, one))
    assert (tmp_path / "a" / "0001.md").read_bytes() == (tmp_path / "b" / "0001.md").read_bytes()


def test_doing_it_again_files_nothing_twice(tmp_path: Path) -> None:
    """The findings know of no issue, and one is there now."""
    scans = scan("octo-org/ant"), scan("octo-org/bee", "v1:credential:npm:NPM_TOKEN")
    first = decided(tmp_path, *scans)
    pages = [path.read_bytes() for path in sorted(tmp_path.iterdir())]
    assert (["create"] * 2, ["none"] * 2) == (first, decided(tmp_path, *scans))
    assert pages == [path.read_bytes() for path in sorted(tmp_path.iterdir())]


@pytest.mark.parametrize("number", [0, 1, 99], ids=["none", "its own", "another"])
def test_the_issue_that_holds_a_matter_now_counts(tmp_path: Path, number: int) -> None:
    """Whichever held it when it was read, even one that is not there any more."""
    decided(tmp_path, scan("octo-org/ant"))
    assert ["none"] == decided(tmp_path, scan("octo-org/ant", number=number))


def test_a_repository_more_widens_the_issue(tmp_path: Path) -> None:
    """One comment, and the page."""
    decided(tmp_path, scan("octo-org/ant"))
    assert ["comment", "update"] == decided(tmp_path, scan("octo-org/ant"), scan("octo-org/longer"))


def test_a_dry_run_plans_and_writes_nothing(tmp_path: Path) -> None:
    """Nor is the list read again for twins."""
    assert (["create dry run"], False) == (
        decided(tmp_path, scan("octo-org/ant"), dry_run=True),
        tmp_path.joinpath("0001.md").exists(),
    )


def test_the_rules_are_those_of_the_settings_and_the_memory() -> None:
    """Thresholds by cause; the first sweep is the most careful one."""
    made = replace(SETTINGS, min_failures=4, close_after=3, thresholds={"rate_limited": 9}, labels=("x",))
    first, later = rules_of(made, Memory()), rules_of(made, Memory((issue(),), handed_over=((3, "v1:x"),)))
    assert (4, 3, 9, ("x",), True) == (
        first.min_failures, first.close_after, first.thresholds[Cause.RATE_LIMITED.value], first.labels, first.first_sweep,
    )  # fmt: skip
    assert (False, {3: "v1:x"}) == (later.first_sweep, later.handed_over)
