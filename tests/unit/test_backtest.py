"""A recording swept again: each sweep sees what was over by then."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import failure_investigator
from failure_investigator.backtest import AsOf, Backtest, backtest, moments, take
from failure_investigator.compared import against, backtest_json
from failure_investigator.errors import UsageError
from failure_investigator.model import Incident, Listing, StreamKey
from failure_investigator.render.report import Report
from failure_investigator.settings import Settings
from failure_investigator.signatures.scanner import built_in
from failure_investigator.sources.snapshot import SnapshotSource
from failure_investigator.trackers.directory import DirectoryTracker
from tests.unit.factory import NIGHTLY, make_run

if TYPE_CHECKING:
    from failure_investigator.model import Run
from tests.unit.factory import make_diagnosis, make_finding, make_streak

SNAPSHOT = Path(failure_investigator.__file__).parent / "demo" / "snapshot"
NAME = "octo-org/octo-app"
DAY = datetime(2026, 4, 17, tzinfo=UTC)
WINDOW = (DAY - timedelta(hours=5, minutes=30), DAY + timedelta(hours=18, minutes=30))


class Scheduled(SnapshotSource):
    """A recording that has the bot's own runs."""

    def __init__(self, runs: list[Run]) -> None:
        super().__init__(SNAPSHOT)
        self.own = tuple(runs)

    def scheduled(self, repository: str, path: str) -> Listing:
        """All of them."""
        return Listing(tuple(run for run in self.own if (run.repository, run.workflow.path) == (repository, path)))


def replay(folder: Path, every: timedelta = timedelta(minutes=30), **changes: int) -> Backtest:
    """The founding incident, swept every so often."""
    settings = Settings(repository=NAME, issue_repository=NAME, issues_directory=folder, **changes)  # type: ignore[arg-type]
    return backtest(SnapshotSource(SNAPSHOT), DirectoryTracker(folder, NAME), settings, built_in(), WINDOW, every)


def test_the_sweeps_are_apart_as_asked_and_end_with_the_recording() -> None:
    """A step longer than the window is one sweep."""
    hours = list(moments(DAY, DAY + timedelta(hours=5), timedelta(hours=2)))

    assert [2, 4, 5] == [moment.hour for moment in hours]
    assert [DAY] == list(moments(DAY, DAY, timedelta(hours=6)))
    with pytest.raises(UsageError, match="longer time"):
        list(moments(DAY, DAY + timedelta(days=90), timedelta(minutes=1)))


def test_a_sweep_sees_only_what_was_over() -> None:
    """A run that was still going on, or not begun, is not listed."""
    source = SnapshotSource(SNAPSHOT)
    moment = DAY + timedelta(hours=18)
    seen = AsOf(source, moment).runs(source.repository(""), *WINDOW).runs
    every = source.runs(source.repository(""), *WINDOW).runs

    assert (True, True) == (len(seen) < len(every), all(run.updated_at <= moment for run in seen))


def test_a_scheduled_run_is_seen_from_its_start_on() -> None:
    """Also while it is going on; none that began later."""
    runs = [make_run(number) for number in (3, 2, 1)]
    seen = AsOf(Scheduled(runs), runs[1].created_at).scheduled(NAME, NIGHTLY.path).runs

    assert runs[1:] == list(seen)


def test_what_went_by_the_end_was_there_before(tmp_path: Path) -> None:
    """When it went nobody knows, so only the last sweep concludes anything from it."""
    directory = tmp_path / "snap"
    shutil.copytree(SNAPSHOT, directory)
    (directory / "workflows.json").write_text("{}")
    (directory / "branches.json").write_text('{"old": false}')
    source = SnapshotSource(directory)
    key = StreamKey(NAME, 812, "default")
    early, last = AsOf(source, DAY, last=False), AsOf(source, DAY)
    before = early.since(key, DAY, "main")

    assert (None, {}) == (early.workflows(NAME), last.workflows(NAME))
    assert (True, False) == (early.branch(NAME, "old"), last.branch(NAME, "old"))
    assert (False, None) == (before and before.complete, last.since(key, DAY, "main"))


def test_the_founding_incident_opens_with_its_second_failure(tmp_path: Path) -> None:
    """Once, at the sweep after the failure that makes the streak, and what tests said is no refusal."""
    found = replay(tmp_path)
    [story] = found.stories.values()

    assert [(DAY + timedelta(hours=17, minutes=30), "opened")] == [(event.at, event.what) for event in story.events]
    assert timedelta(minutes=13, seconds=56) == story.opened_after
    assert (48, 4, "credential_missing") == (found.sweeps, len(story.runs), story.cause)
    assert story.first_failure == DAY + timedelta(hours=17, minutes=16, seconds=4)
    assert [".github/workflows/ci.yml"] == list(found.unexplained)


def test_a_higher_threshold_opens_later_or_never(tmp_path: Path) -> None:
    """What was seen and not filed says why."""
    later, never = replay(tmp_path / "a", min_failures=4), replay(tmp_path / "b", min_failures=9)
    told = backtest_json(never, None)["incidents"][0]

    assert [18] == [event.at.hour for story in later.stories.values() for event in story.events]
    assert (False, True) == (told["filed"], bool(told["not_filed_because"]))


@pytest.mark.parametrize(("threshold", "what"), [(2, "both"), (9, "missed")])
def test_what_was_filed_is_compared(tmp_path: Path, threshold: int, what: str) -> None:
    """An issue that would not be filed any more is missed; one that is filed by both is neither missed nor new."""
    replay(tmp_path / "filed")
    issues = DirectoryTracker(tmp_path / "filed", NAME).observe().issues
    compared = against(replay(tmp_path / "now", min_failures=threshold), issues, SnapshotSource(SNAPSHOT))

    assert [what] == [each.what for each in compared]
    assert ["new"] == [each.what for each in against(replay(tmp_path / "again"), (), SnapshotSource(SNAPSHOT))]


def test_an_issue_whose_failures_are_not_listed_any_more_stays_a_story() -> None:
    """Each open issue is an incident of every sweep, with findings or without."""
    quiet = Incident("v1:x", make_diagnosis(), ())
    seen = replace(quiet, streaks=(make_streak([make_finding(2), make_finding(1)]),))
    found = Backtest()

    for incident in (quiet, seen, quiet):
        take(found, Report(DAY, DAY, DAY, (NAME,), incidents=(incident,)), DAY)

    assert (make_finding(1).run.started_at, 2) == (found.stories["v1:x"].first_failure, len(found.stories["v1:x"].runs))
