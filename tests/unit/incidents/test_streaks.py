"""Streaks: what breaks one, what extends it, and what does neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.factory import NIGHTLY, REPOSITORY, make_diagnosis, make_job, make_run

from failure_investigator.incidents.streaks import Known, RunReading, Walk, decided, span
from failure_investigator.model import Job, Run, Stream, StreamKey, Tracked

if TYPE_CHECKING:
    from failure_investigator.model import Streak

MARK = "v1:credential:openai:OPENAI_API_KEY"
KEY = StreamKey(REPOSITORY, NIGHTLY.id, "default")


def stream(*runs: Run) -> Stream:
    """Runs as given, newest first."""
    return Stream(KEY, runs)


def refused(*runs: Run) -> dict[str, RunReading]:
    """Readings in which each run has the fingerprint."""
    return {run.key: RunReading(run, (make_job(run),), ((MARK, make_job(run), make_diagnosis()),)) for run in runs}


def ended(*runs: Run, **jobs: str) -> dict[str, tuple[Job, ...]]:
    """The jobs of these runs: names and conclusions."""
    return {run.key: tuple(make_job(run, name, end) for name, end in jobs.items()) for run in runs}


def streak_of(found: Stream, known: Known, last: Tracked | None = None) -> Streak:
    """The streak with the fingerprint."""
    streak = Walk(found, known, frozenset({MARK}), last).streak("main")
    assert streak is not None
    return streak


def told(found: Stream, known: Known) -> list[tuple[int, str]]:
    """(run number, how) of the streak, newest first."""
    return [(f.run.number, f.how) for f in streak_of(found, known).findings]


def test_a_success_ends_the_streak_and_is_its_last_good_run() -> None:
    """What failed before it is another story."""
    runs = [make_run(4), make_run(3), make_run(2, "success"), make_run(1)]
    known = Known(refused(runs[0], runs[1], runs[3]), jobs=ended(runs[2], publish="success"))

    streak = streak_of(stream(*runs), known)

    assert [4, 3] == [finding.run.number for finding in streak.findings]
    assert runs[2] == streak.last_good


def test_cancelled_and_skipped_runs_and_other_failures_neither_break_nor_extend() -> None:
    """Only a success of the job breaks, only the fingerprint extends."""
    runs = [make_run(5), make_run(4, "cancelled"), make_run(3, "skipped"), make_run(2), make_run(1)]
    readings = refused(runs[0], runs[4]) | {runs[3].key: RunReading(runs[3], (make_job(runs[3]),))}

    assert [(5, "read"), (1, "read")] == told(stream(*runs), Known(readings))


def test_a_green_run_in_which_the_job_was_skipped_neither_breaks_nor_proves() -> None:
    """A run is green when all its jobs were skipped, too."""
    runs = [make_run(4, "success"), make_run(3), make_run(2, "success"), make_run(1)]
    skipped = ended(runs[0], runs[2], publish="skipped", lint="success")

    streak = streak_of(stream(*runs), Known(refused(runs[1], runs[3]), jobs=skipped))

    assert [3, 1] == [finding.run.number for finding in streak.findings]
    assert ((), 0) == (streak.good, streak.unsure)


def test_a_green_run_that_nobody_looked_at_ends_the_streak_and_proves_nothing() -> None:
    """Neither more failures than there were nor a recovery may be made of it."""
    runs = [make_run(4, "success"), make_run(3), make_run(2, "success"), make_run(1)]

    streak = streak_of(stream(*runs), Known(refused(runs[1], runs[3])))

    assert [3] == [finding.run.number for finding in streak.findings]
    assert ((), 1, False) == (streak.good, streak.unsure, streak.going)


def test_a_run_whose_log_is_gone_neither_breaks_nor_extends() -> None:
    """Unreadable is not the same as good."""
    runs = [make_run(3), make_run(2), make_run(1)]
    gone = RunReading(runs[1], (make_job(runs[1]),), gone="404")

    assert [(3, "read"), (1, "read")] == told(stream(*runs), Known(refused(runs[0], runs[2]) | {runs[1].key: gone}))


def test_unread_failures_between_two_read_ones_are_inferred_and_others_are_not() -> None:
    """Nothing is inferred beyond what was read on both sides."""
    runs = [make_run(n) for n in (5, 4, 3, 2, 1)]

    assert [(4, "read"), (3, "inferred"), (2, "read")] == told(stream(*runs), Known(refused(runs[1], runs[3])))


def test_a_failed_run_in_which_the_refused_job_succeeded_ends_the_streak() -> None:
    """The job is the unit that proves recovery, not the run."""
    runs = [make_run(3), make_run(2), make_run(1)]
    other = RunReading(runs[1], (make_job(runs[1], conclusion="success"), make_job(runs[1], "lint")))

    assert [(3, "read")] == told(stream(*runs), Known(refused(runs[0], runs[2]) | {runs[1].key: other}))


def test_successes_after_the_newest_failure_are_the_good_runs() -> None:
    """They prove recovery, oldest first; the streak stays known."""
    runs = [make_run(4, "success"), make_run(3, "success"), make_run(2), make_run(1)]

    streak = streak_of(stream(*runs), Known(refused(*runs[2:]), jobs=ended(*runs[:2], publish="success")))

    assert (runs[1], runs[0]) == streak.good
    assert [2, 1] == [finding.run.number for finding in streak.findings]


def test_all_jobs_that_were_refused_have_to_succeed() -> None:
    """One of two proves nothing."""
    runs = [make_run(3, "success"), make_run(2, "success"), make_run(1)]
    both = tuple((MARK, make_job(runs[2], name), make_diagnosis()) for name in ("publish", "notify"))
    reading = RunReading(runs[2], tuple(job for _, job, _ in both), both)
    jobs = ended(runs[0], publish="success", notify="success") | ended(runs[1], publish="success", notify="skipped")

    streak = streak_of(stream(*runs), Known({runs[2].key: reading}, jobs=jobs))

    assert (("notify", "publish"), (runs[0],)) == (streak.jobs, streak.good)


def test_what_the_issue_remembers_counts_without_reading() -> None:
    """A run with its job was read once; one without was inferred."""
    runs = [make_run(3), make_run(2), make_run(1)]
    known = Known(refused(runs[0]), {runs[1].key: {MARK: 0}, runs[2].key: {MARK: 77}})

    assert [(3, "read"), (2, "inferred"), (1, "remembered")] == told(stream(*runs), known)


def test_the_span_goes_back_to_the_success_before_the_newest_failures() -> None:
    """Older failures are not read."""
    runs = [
        make_run(5, "success"),
        make_run(4),
        make_run(3, "cancelled"),
        make_run(2),
        make_run(1, "success"),
        make_run(0),
    ]

    assert [4, 2] == [run.number for run in span(stream(*runs))]
    assert decided(stream(*runs))
    assert not decided(stream(*runs[:4]))


def test_of_two_jobs_with_one_name_both_have_to_succeed() -> None:
    """A matrix may call all its jobs the same."""
    runs = [make_run(2, "success"), make_run(1)]
    jobs = {runs[0].key: (make_job(runs[0], conclusion="skipped"), make_job(runs[0], conclusion="success"))}

    assert () == streak_of(stream(*runs), Known(refused(runs[1]), jobs=jobs)).good


def test_what_nobody_can_tell_is_not_asked_again_and_proves_nothing() -> None:
    """The next runs are asked instead; enough of them that are good decide without it."""
    runs = [make_run(5, "success"), make_run(4, "success"), make_run(3, "success"), make_run(2), make_run(1)]
    readings, lost = refused(runs[3], runs[4]), frozenset({runs[2].key})
    first = Walk(stream(*runs), Known(readings, lost=lost), frozenset({MARK}))
    known = Known(readings, jobs=ended(runs[0], runs[1], publish="success"), lost=lost)
    then = Walk(stream(*runs), known, frozenset({MARK}))

    assert ([4, 5], []) == ([run.number for run in first.wants(2)], then.wants(2))
    assert ([4, 5], 1) == (
        [run.number for run in streak_of(stream(*runs), known).good],
        streak_of(stream(*runs), known).unsure,
    )
