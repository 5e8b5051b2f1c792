"""Places as GitHub's `#step:N:LINE`: the jobs API's steps matched to the boundaries in a job's plain text.

A job's text has no step boundary (docs/log-format.md), so steps are matched by title, order and start time; where
more than one match is possible there is none: a wrong line is worse than none.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.logs.text import timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText
    from failure_investigator.model import Step

_SLACK = timedelta(seconds=1)
"""The API cuts times to whole seconds."""


def place_in_steps(log: LogText, offset: int, job: JobText, steps: Sequence[Step]) -> tuple[int | None, int | None]:
    """(step number, 1-based line in that step's own log) of an offset, or (None, None) where it stays open."""
    bounds = step_starts(log, job, steps)
    if bounds is None:
        return None, None
    standing = [(number, start) for number, start in bounds if start <= offset]
    if not standing:
        return None, None
    number, start = standing[-1]
    return number, log.number(offset) - log.number(start) + 1


def failed_span(log: LogText, job: JobText, steps: Sequence[Step]) -> tuple[int, int] | None:
    """Offsets of the first failed step's output; None where the steps cannot be matched surely.

    A step that failed with `continue-on-error` has the conclusion `success` there, so it is never taken.
    """
    starts = step_starts(log, job, steps) or []
    failed = {step.number for step in steps if step.conclusion == "failure"}
    for index, (number, start) in enumerate(starts):
        if number in failed:
            return start, starts[index + 1][1] if index + 1 < len(starts) else job.end
    return None


def step_starts(log: LogText, job: JobText, steps: Sequence[Step]) -> list[tuple[int, int]] | None:
    """(step number, offset of its first line) in order; None where the text and the steps do not match surely."""
    ran = sorted((step for step in steps if step.conclusion not in ("skipped", "")), key=lambda step: step.number)
    if not ran or ran[0].number != 1:
        return None
    markers = [s for s in job.sections[1:] if s.title.startswith("Run ")]
    main = [step for step in ran[1:] if not step.name.startswith("Post ") and step.name != "Complete job"]
    chosen = _matched(log, [m.start for m in markers], [m.title for m in markers], main)
    if chosen is None:
        return None
    post = [step for step in ran[1:] if step.name.startswith("Post ")]
    cleanup = [s.start for s in job.sections if s.title.startswith("Post job cleanup.")]
    tail = list(zip((step.number for step in post), cleanup, strict=True)) if len(post) == len(cleanup) else []
    complete = [s.start for s in job.sections if s.title.startswith("Cleaning up orphan")]
    last = [(ran[-1].number, complete[0])] if ran[-1].name == "Complete job" and complete else []
    starts = [(1, job.start), *zip((step.number for step in main), chosen, strict=True), *tail, *last]
    return starts if (post and tail) or not post else [s for s in starts if s not in last]


def _matched(log: LogText, offsets: Sequence[int], titles: Sequence[str], steps: Sequence[Step]) -> list[int] | None:
    """For each step the marker it begins at, if there is exactly one way; composite actions print markers of their own."""
    if len(offsets) == len(steps):
        return list(offsets)
    if len(offsets) < len(steps):
        return None
    chosen: list[int] = []
    at = 0
    for step in steps:
        fits = [i for i in range(at, len(offsets)) if _fits(log, offsets[i], titles[i], step)]
        if not fits:
            return None
        exact = [i for i in fits if titles[i] == step.name]
        if len(exact) != 1 and len(fits) != 1:
            return None
        at = (exact[0] if len(exact) == 1 else fits[0]) + 1
        chosen.append(offsets[at - 1])
    return chosen


def _fits(log: LogText, offset: int, title: str, step: Step) -> bool:
    """Whether a marker may be a step's first line: its second, and its title where the step has none of its own."""
    if step.name.startswith("Run ") and title.startswith("Run ") and step.name != title and "@" in step.name:
        return False
    moment = timestamp(log.data[offset : offset + 500])
    if moment is None or step.started_at is None:
        return step.name == title
    return step.started_at - _SLACK <= moment < step.started_at + 2 * _SLACK
