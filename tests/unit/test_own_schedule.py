"""Which times of the own schedule count as missed, and how little is asked to know it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from failure_investigator.errors import RefusedError
from failure_investigator.model import Listing, Repository
from failure_investigator.own_schedule import Kept, computable, look, missed
from failure_investigator.settings import Settings
from failure_investigator.workflows import Schedule
from tests.unit.factory import NIGHTLY, REPOSITORY, make_run

if TYPE_CHECKING:
    from failure_investigator.model import Run

NOW = datetime(2026, 5, 8, 12, 5, tzinfo=UTC)
SIX_HOURLY = (Schedule("3 */6 * * *"),)
FILE = "on:\n  schedule:\n    - cron: '3 */6 * * *'\njobs:\n  a:\n    runs-on: x\n"
SETTINGS = Settings(repository=REPOSITORY, own_repository=REPOSITORY, own_workflow=NIGHTLY.path)


def at(day: int, hour: int, minute: int = 3) -> datetime:
    """A time of May 2026."""
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


def every(hours: int, first: datetime, late: timedelta, without: tuple[datetime, ...] = ()) -> list[datetime]:
    """When runs were created, each `late`, without those of the times in `without`."""
    times = [first + timedelta(hours=hours) * number for number in range(400)]
    return [time + late for time in times if time + late <= NOW and time not in without]


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=55), timedelta(hours=5, minutes=50)])
def test_a_run_that_is_late_made_up_for_its_time(late: timedelta) -> None:
    """Until the next time comes, a delay is a delay."""
    assert () == missed(SIX_HOURLY, every(6, at(1, 0), late), NOW)


def test_a_time_that_nothing_ran_after_is_missed() -> None:
    """Oldest first; whatever order the runs come in."""
    gone = (at(4, 6), at(6, 18))
    started = every(6, at(1, 0), timedelta(minutes=8), gone)

    assert gone == missed(SIX_HOURLY, started[::-1], NOW)


def test_what_a_run_may_still_make_up_for_is_not_judged() -> None:
    """The times of today, while six hours have not passed."""
    started = every(6, at(1, 0), timedelta(), (at(8, 6), at(8, 12)))

    assert ((), (at(8, 6),)) == (
        missed(SIX_HOURLY, started, at(8, 12, 2)),
        missed(SIX_HOURLY, started, at(8, 12, 4)),
    )


def test_nothing_is_known_of_the_time_before_the_oldest_run() -> None:
    """A workflow that is new has no history, and the first sweep has none at all."""
    assert ((), ()) == (missed(SIX_HOURLY, [], NOW), missed(SIX_HOURLY, every(6, at(8, 0), timedelta()), NOW))


def test_what_is_longer_ago_than_eight_days_is_not_told_again() -> None:
    """Weeks without a run in April."""
    started = [datetime(2026, 4, 1, tzinfo=UTC), *every(6, datetime(2026, 4, 30, 18, 3, tzinfo=UTC), timedelta())]

    assert () == missed(SIX_HOURLY, started, NOW)


def test_a_busy_schedule_may_fall_behind_by_an_hour_and_a_half() -> None:
    """Every five minutes with a run every hour is what GitHub does under load; a hole of hours is none of it."""
    busy = (Schedule("*/5 * * * *"),)
    started = every(1, at(8, 0, 0), timedelta(minutes=1))
    hole = [moment for moment in started if not at(8, 3, 30) < moment < at(8, 6, 30)]

    assert () == missed(busy, started, NOW)
    assert (at(8, 3, 5), at(8, 5, 30)) == (missed(busy, hole, NOW)[0], missed(busy, hole, NOW)[-1])


def test_a_weekly_schedule_is_judged_after_half_a_day() -> None:
    """And still by the sweep of the week after, however late that starts."""
    weekly = (Schedule("0 5 * * FRI"),)
    fridays = [datetime(2026, 4, 17, 5, tzinfo=UTC), datetime(2026, 4, 24, 5, tzinfo=UTC)]
    first = datetime(2026, 5, 1, 5, tzinfo=UTC)

    assert ((), (first,), (first,)) == (
        missed(weekly, fridays, first + timedelta(hours=11)),
        missed(weekly, fridays, first + timedelta(hours=13)),
        missed(weekly, [*fridays, first + timedelta(days=7, hours=6)], first + timedelta(days=7, hours=6)),
    )


def test_a_schedule_in_a_time_zone_is_told_in_utc() -> None:
    """Nine in Berlin is seven in May."""
    started = every(24, at(1, 7, 1), timedelta(minutes=4), (at(5, 7, 1),))

    assert (at(5, 7, 1),) == missed([Schedule("1 9 * * *", "Europe/Berlin")], started, NOW)


@pytest.mark.parametrize(
    ("schedule", "known"),
    [
        (Schedule("7 4-23/6 * * *"), True),
        (Schedule("7 4 * JAN-MAR mon"), True),
        (Schedule("7 4 * * *", "Europe/Berlin"), True),
        (Schedule("7 4 * * *", "Mars/Olympus"), False),
        (Schedule("7 4 * * *", "../../etc/passwd"), False),
        (Schedule("7 4 * * *", "Europe"), False),
        (Schedule("0 7 4 * * *"), False),
        (Schedule("@daily"), False),
        (Schedule("61 4 * * *"), False),
    ],
)
def test_a_schedule_that_nobody_can_compute_is_known(schedule: Schedule, known: bool) -> None:  # noqa: FBT001
    """By its fields, and by the time zones that there are."""
    assert known is computable(schedule)


class FakeSource:
    """Runs, and the file by commit; keeps what was asked."""

    def __init__(self, runs: list[Run], files: dict[str, str], spent: str = "") -> None:
        self.runs, self.files, self.spent = runs, files, spent
        self.asked: list[str] = []

    def scheduled(self, repository: str, path: str) -> Listing:
        """See `Source.scheduled`."""
        self.asked.append(f"scheduled {repository} {path}")
        return Listing(tuple(self.runs))

    def file(self, _repository: str, path: str, ref: str = "") -> str | None:
        """See `Source.file`."""
        self.asked.append(f"file {path} {ref.lstrip('0')}".strip())
        return self.files.get(ref.lstrip("0"))

    def exhausted(self) -> str:
        """See `Source.exhausted`."""
        return self.spent


class Refusing(FakeSource):
    """A source whose token may not list runs."""

    def scheduled(self, repository: str, path: str) -> Listing:
        """Refused."""
        raise RefusedError(f"GitHub did not let us list {path} of {repository}", do="Add `actions: read`")


REPO = Repository(REPOSITORY, "public", "main")


def looked(source: FakeSource, settings: Settings = SETTINGS) -> Kept:
    """What there is to tell."""
    return look(source, REPO, settings, NOW)  # type: ignore[arg-type]


def runs(*without: datetime) -> list[Run]:
    """Scheduled runs of a week, newest first; run `n` ran on commit `n`."""
    created = every(6, at(1, 0), timedelta(minutes=2), without)
    made = [make_run(number, created_at=moment) for number, moment in enumerate(created, 1)]
    return made[::-1]


def test_two_requests_tell_that_all_is_well() -> None:
    """The runs, and the file at the default branch."""
    source = FakeSource(runs(), {"": FILE})

    assert (Kept(), [f"scheduled {REPOSITORY} {NIGHTLY.path}", f"file {NIGHTLY.path}"]) == (
        looked(source),
        source.asked,
    )


def test_what_was_missed_is_told_once_the_file_said_so_before() -> None:
    """One more request: the file in the commit of the last run before."""
    source = FakeSource(runs(at(3, 6)), {"": FILE, "9": FILE})

    assert Kept((at(3, 6),)) == looked(source)
    assert f"file {NIGHTLY.path} 9" == source.asked[-1]


@pytest.mark.parametrize("before", [{}, {"9": FILE.replace("3 */6", "3 */12")}])
def test_a_schedule_that_was_changed_lately_is_not_guessed_at(before: dict[str, str]) -> None:
    """Where the file was another, or is not known, nothing counts as missed."""
    assert Kept() == looked(FakeSource(runs(at(3, 6)), {"": FILE, **before}))


@pytest.mark.parametrize(
    "settings", [replace(SETTINGS, own_workflow=""), replace(SETTINGS, own_repository="octo-org/elsewhere")]
)
def test_a_workflow_of_another_place_is_not_asked_about(settings: Settings) -> None:
    """Nor is anything where the program runs outside Actions."""
    source = FakeSource(runs(at(3, 6)), {"": FILE})

    assert (Kept(), []) == (looked(source, settings), source.asked)


def test_the_reserve_of_the_budget_is_left_alone() -> None:
    """Looking at itself is the first thing to leave."""
    source = FakeSource(runs(), {"": FILE}, "few requests are left")

    assert (Kept(), []) == (looked(source), source.asked)


def test_a_refusal_is_a_note() -> None:
    """The sweep goes on."""
    kept = looked(Refusing([], {}))

    assert ((), "GitHub did not let us list" in kept.note) == (kept.missed, True)


def test_a_schedule_that_cannot_be_computed_is_a_note() -> None:
    """The others are judged."""
    odd = FILE.replace("jobs:", "    - cron: '0 4 * * *'\n      timezone: Mars/Olympus\njobs:")
    kept = looked(FakeSource(runs(at(3, 6)), {"": odd, "9": odd}))

    assert ((at(3, 6),), True) == (kept.missed, kept.note.endswith("cannot be computed here: 0 4 * * * Mars/Olympus"))
