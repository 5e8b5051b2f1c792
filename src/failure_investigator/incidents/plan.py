"""What is read: of one stream at most 25 logs a sweep, newest first plus the oldest (docs/design.md, "What is read")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.incidents.streaks import span

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

    from failure_investigator.model import Run, Stream

MOST = 25
WITHOUT_SECRETS = 5
"""Fork and Dependabot runs are only told, so a few are enough."""


def first_look(stream: Stream, since: datetime, judged: Container[str]) -> tuple[Run, ...]:
    """The failed runs of the window that are not judged yet, newest first, within the bounds."""
    most = WITHOUT_SECRETS if stream.key.kind == "none" else MOST
    recent = [run for run in span(stream) if run.updated_at >= since]
    return _within(recent, judged, most)


def second_look(stream: Stream, judged: Container[str], read: int) -> tuple[Run, ...]:
    """The other failed runs, once a refusal was found; `stream` reaches back as far as what failed, `read` were read before."""
    return _within([run for run in stream.runs if run.failed], judged, MOST - read)


def _within(runs: list[Run], judged: Container[str], most: int) -> tuple[Run, ...]:
    """Newest first plus the oldest."""
    if most <= 0:
        return ()
    unread = [run for run in runs if run.key not in judged]
    if len(unread) <= most:
        return tuple(unread)
    return (*unread[: most - 1], unread[-1])
