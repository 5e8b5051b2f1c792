"""Streams are followed back to the success before a streak, and on from an issue's last failure; in as few requests as do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from failure_investigator.incidents.streaks import RunReading
from failure_investigator.incidents.streams import streams
from failure_investigator.model import Issue, Listing, Repository, Run, StreamKey, Tracked
from failure_investigator.settings import Settings
from failure_investigator.swept import Swept
from failure_investigator.tracking import follow, go_back
from tests.unit.factory import NIGHTLY, NOW, REPOSITORY, make_diagnosis, make_job, make_marker, make_run

if TYPE_CHECKING:
    from datetime import datetime

MARK = "v1:credential:openai:OPENAI_API_KEY"
KEY = StreamKey(REPOSITORY, NIGHTLY.id, "default")
STABLE = StreamKey(REPOSITORY, NIGHTLY.id, "branch", "stable")
SINCE = NOW - timedelta(hours=4)
"""Runs 8 and later are in the window."""


@dataclass
class FakeSource:
    """Answers of what it holds, and keeps what was asked."""

    runs: tuple[Run, ...] = ()
    states: dict[int, str] = field(default_factory=lambda: {NIGHTLY.id: "active"})
    branches: tuple[str, ...] = ("main", "stable")
    reserve: str = ""
    cut: str = ""
    asked: list[str] = field(default_factory=list)

    def follow(self, stream: StreamKey, before: datetime, _default: str) -> Listing:
        """Older ones."""
        self.asked.append(f"follow {stream.kind}")
        return Listing(tuple(run for run in self.runs if run.started_at < before))

    def since(self, stream: StreamKey, start: datetime, _default: str) -> Listing | None:
        """Later ones."""
        self.asked.append(f"since {stream.kind} {start:%d %H:%M}")
        if stream.workflow_id not in self.states:
            return None
        return Listing(tuple(run for run in self.runs if run.created_at >= start), not self.cut, self.cut)

    def workflows(self, _repository: str) -> dict[int, str]:
        """Their states."""
        self.asked.append("workflows")
        return self.states

    def branch(self, _repository: str, name: str) -> bool:
        """Whether it is there."""
        self.asked.append(f"branch {name}")
        return name in self.branches

    def exhausted(self) -> str:
        """The reserve."""
        return self.reserve


def followed(source: FakeSource, *listed: Run, key: StreamKey = KEY, last: Run | None = None) -> Swept:
    """A sweep that listed these runs, all failed ones refused, with an issue that recorded `last`."""
    issues: tuple[Issue, ...] = ()
    if last is not None:
        tracked = Tracked(last.key, f"{last.started_at:%Y-%m-%dT%H:%M:%SZ}", jobs=("publish",))
        issues = (Issue(REPOSITORY, 1, "t", "", "open", marker=make_marker(streams={str(key): tracked})),)
    swept = Swept(Repository(REPOSITORY, "public", "main"), SINCE, lambda _d, _r: MARK, issues, listed)
    swept.streams = streams(listed, "main")
    swept.read = {
        run.key: RunReading(run, (make_job(run),), ((MARK, make_job(run), make_diagnosis()),))
        for run in listed
        if run.failed
    }
    follow(source, swept, Settings(repository=REPOSITORY))  # type: ignore[arg-type]
    go_back(source, swept, Settings(repository=REPOSITORY))  # type: ignore[arg-type]
    return swept


def numbers(swept: Swept, key: StreamKey = KEY) -> list[int]:
    """The runs of a stream."""
    return [run.number for run in swept.streams[key].runs]


def test_a_streak_is_followed_back_to_the_success_before_it() -> None:
    """One page; what a listing already decides is not asked for."""
    source = FakeSource((make_run(5), make_run(4, "success")))

    assert [9, 5, 4] == numbers(followed(source, make_run(9)))
    assert source.asked == ["workflows", "follow default"]
    assert [9, 8] == numbers(followed(FakeSource(), make_run(9), make_run(8, "success")))


def test_a_stream_without_a_refusal_is_not_followed() -> None:
    """Broken tests need no archaeology."""
    source = FakeSource()
    followed(source, make_run(9, "success"))

    assert source.asked == []


def test_a_watched_stream_is_listed_from_the_last_failure_on() -> None:
    """Six hours earlier, for `created` filters the beginning; its newest run is good, so it is still there."""
    source = FakeSource((make_run(6, "success"), make_run(5), make_run(4, "success")))
    swept = followed(source, make_run(9, "success"), last=make_run(5))

    assert [9, 6, 5, 4] == numbers(swept)
    assert (["since default 03 23:00"], True) == (source.asked, swept.streams[KEY].complete)


def test_a_last_failure_in_the_window_costs_nothing() -> None:
    """The window lists all that came since."""
    source = FakeSource()
    followed(source, make_run(10, "success"), make_run(9), make_run(8, "success"), last=make_run(9))

    assert source.asked == []


def test_a_listing_that_was_cut_short_is_told_and_not_complete() -> None:
    """Nothing is concluded from it."""
    swept = followed(FakeSource((make_run(6, "success"),), cut="300 of 400"), make_run(9, "success"), last=make_run(5))

    assert not swept.streams[KEY].complete
    assert swept.notes == [f"the listing of {KEY} from its last failure on was cut short: 300 of 400"]


def test_the_reserve_leaves_a_watched_stream_incomplete() -> None:
    """Nothing is asked, and nothing concluded."""
    source = FakeSource(reserve="150 of 1000 are left")
    swept = followed(source, make_run(9, "success"), last=make_run(5))

    assert ([], False, ["150 of 1000 are left"]) == (source.asked, swept.streams[KEY].complete, swept.notes)


@pytest.mark.parametrize(
    ("states", "why"),
    [
        ({NIGHTLY.id: "active"}, None),
        ({NIGHTLY.id: "disabled_inactivity"}, "its workflow is disabled"),
        ({}, "its workflow was deleted"),
    ],
)
def test_an_idle_stream_is_asked_whether_it_still_is(states: dict[int, str], why: str | None) -> None:
    """Nothing ran since the last failure."""
    assert why == followed(FakeSource((make_run(5),), states), last=make_run(5)).gone.get(KEY)


def test_a_workflow_that_was_disabled_after_a_first_good_run_is_seen() -> None:
    """Else it would recover for ever; while it runs, nothing is asked."""
    source = FakeSource((make_run(6, "success"), make_run(5)), {NIGHTLY.id: "disabled_manually"})

    assert {KEY: "its workflow is disabled"} == followed(source, last=make_run(5)).gone
    assert {} == followed(source, make_run(9, "success"), last=make_run(5)).gone


def test_a_required_workflow_that_no_list_shows_is_not_taken_for_deleted() -> None:
    """The repository's list knows its own files only; a disabled one is said to be disabled."""
    required = make_run(9, workflow=replace(NIGHTLY, path="octo/policies/.github/workflows/scan.yml"))

    assert {} == followed(FakeSource(states={}), required).gone
    assert {KEY: "its workflow was deleted"} == followed(FakeSource(states={}), make_run(9)).gone


def test_a_deleted_branch_has_no_more_runs() -> None:
    """One question a branch."""
    run = make_run(5, branch="stable")
    source = FakeSource((run,), branches=("main",))

    assert {STABLE: "its branch was deleted"} == followed(source, key=STABLE, last=run).gone
    assert source.asked == ["since branch 03 23:00", "workflows", "branch stable"]


def test_a_workflow_that_the_settings_leave_out_is_not_watched() -> None:
    """Nothing is concluded about it, and nothing asked."""
    issue = Issue(
        REPOSITORY, 1, "t", "", "open",
        marker=make_marker(streams={str(KEY): Tracked("1005.1", "2026-05-04T05:00:00Z")}),
    )  # fmt: skip
    source = FakeSource()
    swept = Swept(Repository(REPOSITORY, "public", "main"), SINCE, lambda _d, _r: MARK, (issue,))
    swept.left_out = {NIGHTLY.id}
    follow(source, swept, Settings(repository=REPOSITORY))  # type: ignore[arg-type]

    assert ([], {}) == (source.asked, swept.watched)
    settings = replace(Settings(repository=REPOSITORY), exclude_workflows=("Nightly",))
    swept.left_out = set()
    follow(FakeSource((make_run(5),)), swept, settings)  # type: ignore[arg-type]
    assert {} == swept.watched
