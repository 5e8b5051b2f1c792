"""One repository's sweep: which runs there are, which are read, and what each says. Source in, streaks out.

    list ─▶ read the window's failures ─▶ follow streams from an issue's last failure on, and back
         ─▶ look which green runs really ran the refused jobs ─▶ read the other failures as far as these let them reach

Everything that is asked goes through the `Source`; what is concluded is pure (`incidents/`). The budget's reserve ends the
reading, never the deciding: what was not read is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.filters import named_in, nothing_left, wanted
from failure_investigator.incidents.fingerprint import fingerprint
from failure_investigator.incidents.memory import (
    cloaked,
    counted_until,
    from_on,
    jobs_of,
    recorded_until,
    remembered,
    stamp,
)
from failure_investigator.incidents.plan import first_look, second_look
from failure_investigator.incidents.streams import streams
from failure_investigator.proving import compare, prove
from failure_investigator.reading import read_job
from failure_investigator.readings import read_runs
from failure_investigator.swept import Swept
from failure_investigator.tracking import follow, go_back
from failure_investigator.verdicts import Forgetful

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from failure_investigator.model import Issue, Repository, Run, Stream
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.swept import Identify, Reader
    from failure_investigator.verdicts import Verdicts


def sweep_repository(
    source: Source,
    repository: Repository,
    settings: Settings,
    issues: Sequence[Issue],
    scanner: Scanner,
    window: tuple[datetime, datetime],
    identify: Identify = fingerprint,
    reader: Reader = read_job,
    verdicts: Verdicts | None = None,
) -> Swept:
    """List, follow and read one repository; `issues` are what the tracker remembers, `window` is (since, now).

    `identify` gives a finding its fingerprint, `reader` says what a failed job's log tells; what `verdicts`
    know to show no refusal is not downloaded again.
    """
    since, now = window
    swept = Swept(
        repository, since, identify, tuple(issues),
        remembered=remembered(issues), counted_until=counted_until(issues), reader=reader,
        verdicts=verdicts or Forgetful(),
    )  # fmt: skip
    listing = source.runs(repository, since, now)
    swept.complete = listing.complete
    if not listing.complete:
        swept.notes.append(listing.note)
    swept.left_out = {run.workflow.id for run in listing.runs if not named_in(run, settings)}
    swept.listed = tuple(run for run in listing.runs if wanted(run, settings))
    swept.notes += [note] if (note := nothing_left(listing.runs, settings, advise=identify is fingerprint)) else []
    swept.streams = streams(swept.listed, repository.default_branch, settings.branches)
    read_runs(source, swept, scanner, _first(source, swept, settings.min_failures))
    follow(source, swept, settings)
    prove(source, swept, settings.close_after)
    while not swept.stopped and (go_back(source, swept, settings) or _older(source, swept)):
        prove(source, swept, settings.close_after)
        read_runs(source, swept, scanner, _older(source, swept))
        prove(source, swept, settings.close_after)
    compare(source, swept)
    swept.capped = _capped(swept)
    if lost := len(swept.lost & swept.left):
        swept.notes.append(f"the jobs of {lost} failed run{'s' if lost > 1 else ''} are not known: not recorded")
    return swept


def _first(source: Source, swept: Swept, min_failures: int) -> list[Run]:
    """The failed runs of the window, stream by stream."""
    chosen: list[Run] = []
    for stream in swept.streams.values():
        if not _recovered(source, swept, stream, min_failures):
            known = {*swept.read, *swept.remembered} - _half_known(source, swept, stream)
            chosen += first_look(_above(swept, stream), swept.since, known)
    return chosen


def _half_known(source: Source, swept: Swept, stream: Stream) -> set[str]:
    """The newest failed run if an issue remembers it, but not all of its failed jobs.

    What else failed in it may have found no issue: a sweep was cut off, or had filed enough. For older runs it is not
    asked, for that would cost a request a run; they are read again where the newest one shows something new.
    """
    newest = next((run for run in stream.runs if run.failed), None)
    if newest is None or newest.key not in swept.remembered or stream.key.kind == "none" or swept.exhausted(source):
        return set()
    known = {*swept.remembered[newest.key].values()}
    failed = [job for job in swept.jobs_of(source, newest) or () if job.failed and job.id not in known]
    noted = jobs_of(swept.issues, newest.key)
    return set() if all({job.name, cloaked(job.name, sealed=True)} & noted for job in failed) else {newest.key}


def _recovered(source: Source, swept: Swept, stream: Stream, min_failures: int) -> bool:
    """Whether a stream has nothing to tell: its newest run is good again, and ran what had failed.

    Jobs are only asked for where the failures before would open an issue, for each answer is a request.
    """
    newest = next((run for run in stream.runs if run.failed or run.conclusion == "success"), None)
    if newest is None or newest.failed:
        return False
    failed = [run for run in stream.runs if run.failed and run.key not in swept.remembered]
    if len(failed) < min_failures or stream.key.kind == "none":
        return True
    before, after = swept.jobs_of(source, failed[0]), swept.jobs_of(source, newest)
    if before is None or after is None:
        return False
    ended = {job.name: job.conclusion for job in after}
    return all(ended.get(job.name) == "success" for job in before if job.failed)


def _older(source: Source, swept: Swept) -> list[Run]:
    """The failed runs that are still to be read, of all streams with a refusal."""
    return [run for stream in swept.reached() for run in _second(swept, stream, _half_known(source, swept, stream))]


def _second(swept: Swept, stream: Stream, half_known: set[str]) -> tuple[Run, ...]:
    """The runs of a stream to read as far as its failures reach, where a refusal was found or is waited for.

    What a run shows now may stand beside something else in runs that were judged before, and was not counted then, for
    its issue was closed or not there yet: those later than what that issue recorded of the stream are read again for it.
    """
    counted = recorded_until(swept.issues, str(stream.key))
    read = [swept.read[run.key] for run in stream.runs if run.key in swept.read]
    now = {mark for reading in read for mark, _, _ in reading.refused}
    since = min((counted.get(mark, "") for mark in now), default=None)
    again = set() if since is None else {run.key for run in stream.runs if stamp(run.started_at) > since}
    judged = {*swept.read, *swept.lost, *(swept.remembered.keys() - half_known - again)}
    shown = stream if since == "" else _above(swept, stream)
    return second_look(shown, judged, len(read))


def _capped(swept: Swept) -> set[str]:
    """The failed runs of those streams of which some were read that are neither read nor known from before."""
    judged = {*swept.read, *swept.remembered}
    return {
        run.key
        for stream in swept.reached()
        if any(run.key in swept.read for run in stream.runs)
        for run in _above(swept, stream).runs
        if run.failed and run.key not in judged and run.key not in swept.left
    }


def _above(swept: Swept, stream: Stream) -> Stream:
    """The stream without the runs that its issue counted and had no room to list."""
    at = swept.counted_until.get(str(stream.key), "")
    return replace(stream, runs=from_on(stream.runs, at)) if at else stream
