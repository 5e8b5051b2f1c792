"""One repository's sweep: what is asked and read, in which order, and what is left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.incidents.grouping import group
from failure_investigator.incidents.memory import stamp
from failure_investigator.model import Issue, Job, JobLog, Listing, LogMember, Repository, Run, StreamKey, Tracked
from failure_investigator.settings import Settings
from failure_investigator.signatures.scanner import built_in
from failure_investigator.sweep import sweep_repository
from tests.unit.factory import NOW, REPOSITORY, make_job, make_marker, make_run
from tests.unit.test_reading import SAID, log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from failure_investigator.model import Marker
    from failure_investigator.swept import Swept

KEY = f"{REPOSITORY}:7:default"
SINCE = NOW - timedelta(hours=4)
"""Runs 8 and later are in the window; 7 ended in it, too."""
REFUSED = log(
    (0, "Current runner version: '2.333.1'"), (2, "##[group]Run ./ask"), (2, "shell: bash"), (2, "env:"),
    (2, "  OPENAI_API_KEY: ***"), (2, "##[endgroup]"), (3, SAID), (4, "##[error]Process completed with exit code 1."),
)  # fmt: skip
MARK = "v1:credential:openai:OPENAI_API_KEY"


@dataclass
class FakeSource:
    """All runs of one repository; each job of a failed one says that it was refused, unless it is `broken`."""

    every: tuple[Run, ...] = ()
    broken: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    """Runs in which the job `publish` was skipped."""
    allowed: int = 1000
    """Questions until the reserve is reached."""
    whole: bool = True
    asked: list[str] = field(default_factory=list)

    def runs(self, _repository: Repository, since: datetime, until: datetime) -> Listing:
        """Of the window."""
        window = tuple(run for run in self.every if run.updated_at >= since and run.created_at <= until)
        return Listing(window, self.whole, "" if self.whole else "cut short")

    def follow(self, _stream: StreamKey, before: datetime, _default: str) -> Listing:
        """Older ones."""
        self.asked.append("follow")
        return Listing(tuple(run for run in self.every if run.started_at < before)[:100])

    def since(self, _stream: StreamKey, start: datetime, _default: str) -> Listing:
        """Later ones."""
        self.asked.append("since")
        return Listing(tuple(run for run in self.every if run.created_at >= start))

    def workflows(self, _repository: str) -> dict[int, str]:
        """All are active."""
        self.asked.append("workflows")
        return {7: "active"}

    def jobs(self, run: Run) -> tuple[Job, ...]:
        """One job that ended as its run did."""
        self.asked.append(f"jobs {run.number}")
        return (make_job(run, conclusion="skipped" if run.number in self.skipped else run.conclusion),)

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:
        """Its log."""
        self.asked.append(f"logs {run.number}")
        text = b"error: a test failed" if run.number in self.broken else REFUSED
        found = JobLog(gone="410") if run.number in self.gone else JobLog((LogMember(text),))
        return {job.id: found for job in jobs}

    def exhausted(self) -> str:
        """The reserve."""
        return "the reserve is reached" if len(self.asked) >= self.allowed else ""


def history(ends: str, last: int = 11) -> tuple[Run, ...]:
    """Runs from their ends, oldest first: `F` failed, `.` good, `c` cancelled; the last one has this number."""
    names = {"F": "failure", ".": "success", "c": "cancelled"}
    first = last - len(ends) + 1
    return tuple(make_run(first + n, names[end]) for n, end in enumerate(ends))[::-1]


def swept(source: FakeSource, marker: Marker | None = None, **settings: int) -> Swept:
    """A sweep, with an issue if there is a marker."""
    issues = (Issue(REPOSITORY, 1, "t", "", "open", marker=marker),) if marker else ()
    return sweep_repository(
        source, Repository(REPOSITORY, "public", "main"), Settings(repository=REPOSITORY, **settings), issues,  # type: ignore[arg-type]
        built_in(), (SINCE, NOW),
    )  # fmt: skip


def recorded(failed: int, *numbers: int) -> Marker:
    """An issue that knows these runs."""
    runs = tuple(f"{1000 + n}.1/{10 * (1000 + n)}" for n in numbers)
    last = Tracked(f"{1000 + failed}.1", stamp(make_run(failed).started_at), jobs=("publish",))
    return make_marker(runs=runs, streams={KEY: last})


def streak(found: Swept) -> list[tuple[int, str]]:
    """(run, how) of the one streak."""
    [grouped] = group(found.streaks(), found.issues)
    return [(finding.run.number, finding.how) for finding in grouped.incident.findings]


def test_a_green_repository_costs_nothing_but_its_listing() -> None:
    """No jobs, no logs."""
    source = FakeSource(history("......"))

    assert ([], [], []) == (list(swept(source).streaks()), source.asked, swept(source).notes)


def test_a_single_failure_that_passed_again_costs_nothing() -> None:
    """It would open no issue."""
    source = FakeSource(history("..F."))
    swept(source)

    assert source.asked == []


def test_a_streak_that_passed_again_is_looked_at_once_whether_the_job_ran() -> None:
    """Two requests; a green run in which it was skipped is no recovery."""
    good, skipped = FakeSource(history(".FF.")), FakeSource(history(".FF."), skipped=(11,))

    assert ([], ["jobs 10", "jobs 11"]) == (list(swept(good).streaks()), good.asked)
    assert [(10, "read"), (9, "read")] == streak(swept(skipped))


def test_older_failures_are_read_once_a_refusal_was_found() -> None:
    """Back to the success before them."""
    source = FakeSource(history("FF.FFFFF"))

    assert [(n, "read") for n in (11, 10, 9, 8, 7)] == streak(swept(source))
    assert source.asked.count("follow") == 1
    assert [] == [each for each in source.asked if each in ("logs 4", "logs 5")]


def test_a_broken_test_needs_no_archaeology() -> None:
    """Nothing older is asked for."""
    source = FakeSource(history("FFFFFFFF"), broken=tuple(range(12)))

    assert [] == list(swept(source).streaks())
    assert "follow" not in source.asked


def test_what_an_issue_remembers_is_not_read_again() -> None:
    """Nor asked for its jobs, when the stream tells them."""
    source = FakeSource(history(".FFF"))

    assert [(11, "read"), (10, "remembered"), (9, "remembered")] == streak(swept(source, recorded(10, 10, 9)))
    assert [] == [each for each in source.asked if each.endswith((" 10", " 9"))]


def test_a_recovery_long_after_the_failure_is_found_and_proven() -> None:
    """From the last failure on: whether more than the recorded job failed in it, and the jobs of two green runs."""
    source = FakeSource(history("F.....c.", last=9))
    found = swept(source, recorded(2, 2))
    [grouped] = group(found.streaks(), found.issues)

    assert [3, 4] == [run.number for run in grouped.incident.streaks[0].good[:2]]
    assert ["since", "jobs 3", "jobs 4", "jobs 2"] == [each for each in source.asked if each != "follow"]


def test_a_log_that_is_gone_is_counted_and_not_concluded_from() -> None:
    """It neither breaks nor extends."""
    source = FakeSource(history(".FFF"), gone=(10,))
    found = swept(source)

    assert ([(11, "read"), (9, "read")], 2, 1) == (streak(found), found.logs_read, found.logs_gone)


def test_the_reserve_leaves_what_is_not_read_and_concludes_nothing() -> None:
    """It is told once, and the next sweep goes on."""
    source = FakeSource(history(".FFFF"), allowed=2)
    found = swept(source)

    assert (["the reserve is reached"], {"1009.1", "1008.1"}) == (found.notes, found.left)
    assert [11, 10] == [number for number, _ in streak(found)]


def test_the_reserve_closes_nothing() -> None:
    """Green runs whose jobs were not asked for prove nothing."""
    found = swept(FakeSource(history("F..", last=11), allowed=0), recorded(9, 9))
    [(_, one)] = found.streaks()

    assert ((), 2) == (one.good, one.unsure)


def test_a_window_that_was_cut_short_is_told_and_no_stream_is_complete() -> None:
    """Nothing is closed from it."""
    found = swept(FakeSource(history("F..", last=11), whole=False), recorded(9, 9))

    assert ([False], ["cut short"]) == ([one.complete for _, one in found.streaks()], found.notes)


def test_a_long_streak_is_read_within_its_bound_and_the_rest_is_inferred() -> None:
    """25 of 60."""
    runs = tuple(make_run(n, started_at=NOW - timedelta(minutes=4 * (60 - n))) for n in range(60, 0, -1))
    source = FakeSource(runs)
    found = streak(swept(source))

    assert (60, 25, 35) == (
        len(found),
        sum(how == "read" for _, how in found),
        sum(how == "inferred" for _, how in found),
    )
    assert 25 == sum(each.startswith("logs") for each in source.asked)


def test_every_diagnosis_is_told_in_a_streak_or_not() -> None:
    """Of forks, too."""
    source = FakeSource(
        (make_run(11, event="pull_request", head_repository="someone/octo-app"), *history(".F", last=9))
    )
    found = swept(source)

    assert [(9, MARK), (11, MARK)] == sorted((finding.run.number, finding.mark) for finding in found.findings())
