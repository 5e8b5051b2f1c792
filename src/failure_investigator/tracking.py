"""Follows streams beyond the window: back to the success before a streak, and on from an open issue's last failure.

A nightly or weekly workflow works with the default window because of it (docs/design.md, "What is listed").
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.filters import branch_in, named_in
from failure_investigator.incidents.memory import moment, sealed_streams, watched
from failure_investigator.incidents.streams import stream_of, streams
from failure_investigator.model import Stream, StreamKey
from failure_investigator.sources.base import LONGEST_RUN, PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.incidents.streaks import Walk
    from failure_investigator.model import Run
    from failure_investigator.settings import Settings
    from failure_investigator.sources.base import Source
    from failure_investigator.swept import Swept

_SECOND = timedelta(seconds=1)


def follow(source: Source, swept: Swept, settings: Settings) -> None:
    """On from the last failures, within the budget; what could not be listed is left incomplete: nothing is concluded of it."""
    every = watched(swept.issues, swept.repository.name, _likely(source, swept))
    swept.watched = {key: recorded for key, recorded in every.items() if key.workflow_id not in swept.left_out}
    for key in sorted(every.keys() & swept.watched.keys()):
        _on(source, swept, settings, key)
    _ask_for_the_gone(source, swept)


def go_back(source: Source, swept: Swept, settings: Settings) -> bool:
    """Back to the success before a streak that the listing does not show, one page at most; whether that showed a run.

    What an issue remembers was followed before; only what is new may belong to something older.
    """
    open_ended = {walk.stream.key for _, walk in swept.walks() if walk.newest and _open_ended(swept, walk)}
    found = False
    for key in sorted(open_ended - swept.followed):
        stream = swept.streams[key]
        if _has_news(swept, stream) and key.kind != "none" and not swept.exhausted(source):
            swept.followed.add(key)
            known = sum(run.started_at < swept.since for run in stream.runs)
            before = stream.runs[-1].started_at if known >= PAGE // 2 else swept.since  # what is listed has holes there
            older = source.follow(key, before, swept.repository.default_branch)
            _merge(swept, settings, stream, older.runs, complete=stream.complete)
            found = found or len(swept.streams[key].runs) > len(stream.runs)
    return found


def _open_ended(swept: Swept, walk: Walk) -> bool:
    """Whether the listing does not show all of a streak: no green run before it, or one that began before the window.

    Of the runs that began before the window, it shows those that ended in it.
    """
    runs = walk.stream.runs
    return walk.reach == len(runs) or swept.since - LONGEST_RUN <= runs[walk.reach].started_at < swept.since


def _has_news(swept: Swept, stream: Stream) -> bool:
    """Whether a page may be written about a stream: a refusal was read, or something ran since an issue's last failure."""
    if any(run.key in swept.read and swept.read[run.key].refused for run in stream.runs):
        return True
    return stream.key in swept.watched and not _idle(swept, stream.key) and any(run.failed for run in stream.runs)


def _likely(source: Source, swept: Swept) -> list[StreamKey]:
    """The streams that a sealed marker may mean: those of the window, and every workflow's usual two."""
    known = list(swept.streams)
    if not any(True for _ in sealed_streams(swept.issues)):
        return known
    ids = source.workflows(swept.repository.name) or ()
    name = swept.repository.name
    usual = [StreamKey(name, number, kind) for number in ids for kind in ("default", "pull_request")]
    return [*known, *usual]


def _on(source: Source, swept: Swept, settings: Settings, key: StreamKey) -> None:
    """The runs of a watched stream from the last failure on; the window shows them all when that lies inside."""
    stream = swept.streams.get(key, Stream(key, (), swept.complete))
    last = min((at for tracked in swept.watched[key] if (at := moment(tracked.at))), default=None)
    if last is None or last >= swept.since:
        swept.streams[key] = replace(stream, complete=swept.complete)
        return
    if swept.exhausted(source):
        swept.streams[key] = replace(stream, complete=False)
        return
    listing = source.since(key, last - LONGEST_RUN, swept.repository.default_branch)
    if listing is None:
        swept.gone[key] = "its workflow was deleted"
        swept.streams[key] = stream
        return
    if not all(named_in(run, settings) for run in listing.runs):
        del swept.watched[key]
        return
    if not listing.complete:
        swept.notes.append(f"the listing of {key} from its last failure on was cut short: {listing.note}")
    _merge(swept, settings, stream, listing.runs, complete=swept.complete and listing.complete)


def _merge(swept: Swept, settings: Settings, stream: Stream, runs: Sequence[Run], *, complete: bool) -> None:
    branch = swept.repository.default_branch
    wanted = [run for run in runs if branch_in(run, settings)]
    own = [run for run in wanted if stream_of(run, branch, settings.branches) == stream.key]
    merged = streams([*stream.runs, *own], branch, settings.branches).get(stream.key, stream)
    swept.streams[stream.key] = replace(merged, complete=complete)


def _ask_for_the_gone(source: Source, swept: Swept) -> None:
    """Whether the workflows and branches of idle streams still are, and the workflows of those that may open an issue.

    One request for all workflows. The list tells of the repository's own files only: what an organisation requires, and
    what GitHub makes itself, may run without standing in it.
    """
    refused = {key for key, stream in swept.streams.items() if key.kind != "none" and swept.known.fingerprints(stream)}
    refused -= swept.watched.keys()
    idle = {key for key in swept.watched if _idle(swept, key)}
    asked = sorted((refused | idle) - swept.gone.keys())
    if not asked or swept.exhausted(source):
        return
    states = source.workflows(swept.repository.name)
    for key in asked:
        missing = "deleted" if _is_own(swept, key) else "unknown"
        state = "unknown" if states is None else states.get(key.workflow_id, missing)
        if state == "deleted":
            swept.gone[key] = "its workflow was deleted"
        elif state.startswith("disabled"):
            swept.gone[key] = "its workflow is disabled"
        elif key in idle and key.kind == "branch" and _lost_its_branch(source, swept, key):
            swept.gone[key] = "its branch was deleted"


def _lost_its_branch(source: Source, swept: Swept, key: StreamKey) -> bool:
    return not swept.exhausted(source) and not source.branch(key.repository, key.branch)


def _is_own(swept: Swept, key: StreamKey) -> bool:
    """Whether a stream's workflow is a file of the repository itself, as far as a run tells."""
    runs = swept.streams[key].runs if key in swept.streams else ()
    return all(run.workflow.path.startswith(".github/workflows/") for run in runs[:1])


def _idle(swept: Swept, key: StreamKey) -> bool:
    """Whether nothing ran in a stream since its last failure that is known, or for the whole window."""
    runs = swept.streams[key].runs if key in swept.streams else ()
    known = [at for tracked in swept.watched[key] if (at := moment(tracked.at))]
    known += [run.started_at for run in runs if swept.known.fingerprints(replace(swept.streams[key], runs=(run,)))][:1]
    return not known or not any(run.started_at > max(*known, swept.since) + _SECOND for run in runs)
