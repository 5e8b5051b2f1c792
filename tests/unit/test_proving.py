"""Which jobs are asked for to prove a recovery, and which commits to tell a regression from a re-run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from failure_investigator.errors import RefusedError
from failure_investigator.incidents.memory import cloaked, remembered, stamp
from failure_investigator.incidents.streaks import CHECKED, RunReading
from failure_investigator.incidents.streams import streams
from failure_investigator.model import Comparison, Good, Issue, Job, Repository, Run, StreamKey, Tracked
from failure_investigator.proving import compare, prove
from failure_investigator.swept import Swept
from tests.unit.factory import NIGHTLY, REPOSITORY, make_diagnosis, make_job, make_marker, make_run

if TYPE_CHECKING:
    from failure_investigator.model import Marker

MARK = "v1:credential:openai:OPENAI_API_KEY"
SEALED = "v1:credential:sealed:0123456789abcdef01234567"
KEY = StreamKey(REPOSITORY, NIGHTLY.id, "default")


@dataclass
class FakeSource:
    """Green runs ran `ended`; commits are as `statuses` says."""

    ended: dict[str, str] = field(default_factory=lambda: {"publish": "success"})
    status: str | Exception | None = "ahead"
    reserve: str = ""
    asked: list[str] = field(default_factory=list)

    def jobs(self, run: Run) -> tuple[Job, ...]:
        """Of a run."""
        self.asked.append(f"jobs {run.number}")
        if run.failed:
            return (make_job(run),)
        return tuple(make_job(run, name, end) for name, end in self.ended.items())

    def compare(self, _repository: str, base: str, head: str) -> Comparison | None:
        """Two commits."""
        self.asked.append(f"compare {base[-1]} {head[-1]}")
        if isinstance(self.status, Exception):
            raise self.status
        return Comparison(self.status) if self.status else None

    def exhausted(self) -> str:
        """The reserve."""
        return self.reserve


def proven(source: FakeSource, *runs: Run, marker: Marker | None = None, state: str = "open") -> Swept:
    """A sweep of these runs; all failed ones that no marker remembers are read."""
    issues = (Issue(REPOSITORY, 1, "t", "", state, marker=marker),) if marker else ()  # type: ignore[arg-type]
    sealed = marker is not None and marker.sealed
    mark = SEALED if sealed else MARK
    swept = Swept(
        Repository(REPOSITORY, "public", "main"), runs[-1].started_at, lambda _d, _r: mark, issues, runs,
        remembered=remembered(issues),
    )  # fmt: skip
    swept.streams = streams(runs, "main")
    swept.read = {
        run.key: RunReading(run, (make_job(run),), ((mark, make_job(run), make_diagnosis()),))
        for run in runs
        if run.failed and run.key not in swept.remembered
    }
    prove(source, swept, 2)  # type: ignore[arg-type]
    compare(source, swept)  # type: ignore[arg-type]
    return swept


def recorded(
    *good: Run, state: str = "open", mark: str = MARK, failed: int = 2, jobs: tuple[str, ...] = ("publish",)
) -> Marker:
    """A marker that knows runs 1 and 2 failed, and these good ones."""
    sealed = ":sealed:" in mark
    tracked = Tracked(
        f"{1000 + failed}.1", stamp(make_run(failed).started_at), f"{failed:040x}",
        tuple(cloaked(job, sealed=sealed) for job in jobs),
        tuple(Good(run.key, stamp(run.started_at), run.head_sha) for run in good),
    )  # fmt: skip
    return make_marker(
        mark, state=state, runs=("1002.1/10020", "1001.1/10010"), streams={cloaked(str(KEY), sealed=sealed): tracked},
        since=stamp(good[-1].started_at) if good else "",
    )  # fmt: skip


def asked_about(*runs: Run, marker: Marker | None = None, **ended: str) -> list[str]:
    """What was asked."""
    source = FakeSource(ended or {"publish": "success"})
    proven(source, *runs, marker=marker)
    return source.asked


def test_of_an_open_issue_the_first_good_runs_are_asked_about_as_many_as_close() -> None:
    """And no more; the run before the failures once."""
    after = [make_run(number, "success") for number in (9, 8, 7, 6)]

    assert ["jobs 6", "jobs 7"] == sorted(asked_about(*after, make_run(2), make_run(1), marker=recorded()))
    assert ["jobs 0", "jobs 3"] == sorted(
        asked_about(make_run(3, "success"), make_run(2), make_run(1), make_run(0, "success"), marker=recorded())
    )


def test_without_an_issue_as_many_are_asked_about_as_would_close_it() -> None:
    """Where another stream opens one, its page is right at once."""
    assert ["jobs 3", "jobs 4"] == asked_about(make_run(4, "success"), make_run(3, "success"), make_run(2), make_run(1))


def test_green_runs_in_which_the_job_was_skipped_are_looked_at_within_a_bound() -> None:
    """The first ones and the newest ones."""
    after = [
        make_run(number, "success", started_at=make_run(3).started_at.replace(minute=number))
        for number in range(59, 2, -1)
    ]
    found = asked_about(*after, make_run(2), make_run(1), marker=recorded(), publish="skipped")

    numbers = sorted(int(each.partition(" ")[2]) for each in found)
    assert [*range(3, 3 + CHECKED), *range(60 - CHECKED, 60)] == numbers


def test_a_marker_that_does_not_know_the_jobs_asks_for_those_of_the_last_failure() -> None:
    """As one that was migrated."""
    found = asked_about(make_run(3, "success"), make_run(2), make_run(1), marker=recorded(jobs=()))

    assert ["jobs 2", "jobs 3"] == found


def test_the_reserve_ends_the_asking_and_proves_nothing() -> None:
    """The budget is for what decides first."""
    source = FakeSource(reserve="150 of 1000 are left")
    swept = proven(source, make_run(3, "success"), make_run(2), make_run(1), marker=recorded())
    [(_, streak)] = swept.streaks()

    assert ([], ["150 of 1000 are left"], (), 1) == (source.asked, swept.notes, streak.good, streak.unsure)


GOOD = (make_run(3, "success"), make_run(4, "success"))


@pytest.mark.parametrize(
    ("status", "changes", "asked", "older"),
    [
        ("ahead", {}, ["compare 3 5"], 0),
        ("diverged", {}, ["compare 3 5"], 0),
        ("behind", {}, ["compare 3 5"], 1),
        (None, {}, ["compare 3 5"], 0),
        (RefusedError("no contents"), {}, ["compare 3 5"], 0),
        ("behind", {"head_sha": f"{2:040x}"}, [], 1),
        ("behind", {"head_sha": f"{4:040x}"}, [], 0),
    ],
)
@pytest.mark.parametrize("mark", [MARK, SEALED])
def test_a_failure_after_the_cure_is_older_when_its_commit_is_known_to_be(
    status: str | Exception | None, changes: dict[str, str], asked: list[str], older: int, mark: str
) -> None:
    """The one that failed before, or one behind a good one; what nobody knows counts as not older."""
    bad = make_run(5, **changes)
    source = FakeSource(status=status)
    swept = proven(
        source, bad, *reversed(GOOD), make_run(2), make_run(1),
        marker=recorded(*GOOD, state="resolved", mark=mark), state="closed",
    )  # fmt: skip

    assert asked == [each for each in source.asked if each.startswith("compare")]
    assert [bad.key] * older == list(swept.older)
    assert isinstance(status, Exception) == any("not known" in note for note in swept.notes)
