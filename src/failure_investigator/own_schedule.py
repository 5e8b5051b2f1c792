"""Which times of the bot's own schedule brought no sweep. `missed` is pure; `look` asks the source for what it needs.

GitHub delays schedules and, under load, drops them without a trace
(https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule), so a time is told
only when nothing ran until the next one, and only while the file is known to have said the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from failure_investigator.errors import InvestigatorError
from failure_investigator.workflows import Schedule, read_workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from failure_investigator.model import Repository, Run
    from failure_investigator.settings import Settings
    from failure_investigator.sources.base import Source

LOOK_BACK = timedelta(days=8)
"""A week and a day: a weekly schedule's last time lies inside, however late it was looked at."""
USUAL_DELAY = timedelta(minutes=90)
"""A run that starts so much later still made up for a time, although others of a busy schedule came between."""
LONGEST_DELAY = timedelta(hours=12)
"""After that a time of a rare schedule counts as missed; people report delays of up to six hours."""
_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """How the own schedule was kept."""

    missed: tuple[datetime, ...] = ()
    """Times that brought no run, oldest first, in UTC."""
    note: str = ""
    """Why it is not known, or not wholly."""


def look(source: Source, repository: Repository, settings: Settings, now: datetime) -> Kept:
    """Whether the own workflow's schedule was kept lately; a refusal is a note, for it is no part of the sweep.

    Two requests, and a third where something was missed: whether the file said the same before. Nothing is asked when the
    workflow lies in another repository, of which the token may know nothing, or when the budget's reserve is reached.
    """
    home = settings.own_workflow and settings.own_repository.lower() == repository.name.lower()
    if not home or source.exhausted():
        return Kept()
    try:
        return _looked(source, repository.name, settings.own_workflow, now)
    except InvestigatorError as error:
        return Kept(note=f"whether the own schedule was kept is not known: {error.line()}")


def _looked(source: Source, repository: str, path: str, now: datetime) -> Kept:
    runs = source.scheduled(repository, path).runs
    if not runs:
        return Kept()
    schedules = _schedules(source.file(repository, path))
    odd = [schedule for schedule in schedules if not computable(schedule)]
    note = f"{path} has a schedule that cannot be computed here: {_shown(odd[0])}" if odd else ""
    found = missed([one for one in schedules if one not in odd], [run.created_at for run in runs], now)
    if not found or not _said_so_before(source, schedules, runs, found[0]):
        return Kept(note=note)
    return Kept(found, note)


def _said_so_before(source: Source, schedules: Sequence[Schedule], runs: Sequence[Run], first: datetime) -> bool:
    """Whether the file had these schedules already in the commit of the last run before the first missed time."""
    run = max((run for run in runs if run.created_at < first), key=lambda run: run.created_at)
    before = source.file(run.repository, run.workflow.path, run.head_sha) if run.head_sha else None
    return set(_schedules(before)) == set(schedules)


def _schedules(text: str | None) -> tuple[Schedule, ...]:
    return read_workflow(text or "").schedules


def missed(schedules: Iterable[Schedule], started: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """The times of the schedules after which nothing started, oldest first, in UTC.

    `started` is when the scheduled runs were created, in any order. Judged are the last eight days, from the oldest run on
    (before it the schedule may not have been there), and of these the times that no run may still make up for.
    """
    if not started:
        return ()
    since = max(min(started), now - LOOK_BACK)
    times = sorted({time for schedule in schedules for time in _times(schedule, since, now + LONGEST_DELAY)})
    found = []
    for time, following in zip(times, [*times[1:], now + 2 * LONGEST_DELAY], strict=False):
        over = time + min(max(following - time, USUAL_DELAY), LONGEST_DELAY)
        if over <= now and not any(time <= run < over for run in started):
            found.append(time)
    return tuple(found)


def computable(schedule: Schedule) -> bool:
    """Whether its times can be told: GitHub's five fields, and a time zone that this machine knows."""
    if len(schedule.cron.split()) != _FIELDS:
        return False
    try:
        CronSim(schedule.cron, datetime(2026, 1, 1, tzinfo=_zone(schedule)))
    except (CronSimError, KeyError, ValueError, OSError):
        return False
    return True


def _times(schedule: Schedule, since: datetime, until: datetime) -> Iterator[datetime]:
    for time in CronSim(schedule.cron, since.astimezone(_zone(schedule))):
        moment = time.astimezone(UTC)
        if moment > until:
            return
        yield moment


def _zone(schedule: Schedule) -> tzinfo:
    """Raises `KeyError`, `ValueError` or `OSError` for what is no time zone here; Windows brings none with it."""
    return ZoneInfo(schedule.zone) if schedule.zone else UTC


def _shown(schedule: Schedule) -> str:
    return f"{schedule.cron} {schedule.zone}".strip()
