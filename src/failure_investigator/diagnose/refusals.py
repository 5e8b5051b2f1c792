"""Hits → refusals: the close look, who refused, the status printed, and whether the place counts."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING

from failure_investigator.decisive import Candidate, judge
from failure_investigator.diagnose.attribution import attribute, host_on
from failure_investigator.diagnose.case import Found
from failure_investigator.diagnose.status import STATUSES, printed_status
from failure_investigator.logs.text import LONGEST
from failure_investigator.model import Place, Refusal
from failure_investigator.redact import redact
from failure_investigator.signatures.close import REACH, Window, captured, holds
from failure_investigator.signatures.engine import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from failure_investigator.logs.jobs import JobText, Section
    from failure_investigator.logs.text import LogText
    from failure_investigator.signatures.engine import Hit
    from failure_investigator.signatures.rulebook import Rulebook, Signature

MOST = 500
"""Refusals of one job that are looked at: the first and the last half. A log of nothing but refusals says no more."""
ON_A_LINE = 30
TEXT = 500
"""Characters kept of a refusal's line."""


def find_refusals(
    log: LogText, job: JobText, hits: Sequence[Hit], rulebook: Rulebook, names: Sequence[str]
) -> list[Found]:
    """The refusals among a job's hits, in the order of the log, each judged decisive or not.

    `hits` are those within the job's bytes; `names[i]` is the signature of pattern `i`.
    """
    hits = _some_a_line(hits)
    if len(hits) > MOST:
        hits = [*hits[: MOST // 2], *hits[-MOST // 2 :]]
    found = list(_found(log, job, hits, rulebook, names))
    reasons = judge([_candidate(entry) for entry in found], job, log)
    return [_with(entry, reason) for entry, reason in zip(found, reasons, strict=True)]


def _some_a_line(hits: Sequence[Hit]) -> list[Hit]:
    """At most `ON_A_LINE` hits of each line: one that holds more is a list of messages."""
    found: list[Hit] = []
    for hit in hits:
        if len(found) < ON_A_LINE or found[-ON_A_LINE].start != hit.start:
            found.append(hit)
    return found


def _found(
    log: LogText, job: JobText, hits: Sequence[Hit], rulebook: Rulebook, names: Sequence[str]
) -> Iterator[Found]:
    seen: set[tuple[int, str]] = set()
    windows = _Windows(log, job)
    for hit in hits:
        name = names[hit.pattern]
        if (hit.start, name) in seen:
            continue
        seen.add((hit.start, name))
        signature = rulebook.signatures[name]
        window = windows.of(hit, signature)
        if holds(signature, window):
            section = section_at(job, hit.start)
            refusal = _refusal(log, rulebook, signature, window, hit.start, section)
            yield Found(refusal, signature, hit.start, section, window.lines[window.at])


class _Windows:
    """The lines of the step around hits; those of the last hit are kept, for most lines are hit more than once."""

    def __init__(self, log: LogText, job: JobText) -> None:
        self._log, self._job = log, job
        self._start = -1
        self._window = Window((), 0)

    def of(self, hit: Hit, signature: Signature) -> Window:
        """The window of a hit: of a line that is too long, the part in which the signature stands."""
        if hit.start != self._start:
            step = section_at(self._job, hit.start)
            first, last = (step.start, step.end) if step else (self._job.start, self._job.end)
            before = [line.text for line in self._log.before(hit.start, REACH) if line.start >= first]
            after = [line.text for line in self._log.after(hit.start, REACH) if line.start < last]
            self._window = Window([*before, self._log.line(hit.start).text, *after], len(before))
            self._start = hit.start
        if hit.end - hit.start <= LONGEST:
            return self._window
        lines = list(self._window.lines)
        lines[self._window.at] = self._log.around(hit.start, hit.end, self._place(hit, signature), TEXT // 4)
        return Window(lines, self._window.at)

    def _place(self, hit: Hit, signature: Signature) -> int:
        line = self._log.data[hit.start : hit.end]
        places = (compiled(pattern).search(bytes(line)) for pattern in signature.match)
        return hit.start + next((place.start() for place in places if place), 0)


def section_at(job: JobText, offset: int) -> Section | None:
    """The step that a place stands in."""
    at = bisect_right(job.sections, offset, key=attrgetter("start")) - 1
    return job.sections[at] if at >= 0 else None


def _refusal(
    log: LogText, rulebook: Rulebook, signature: Signature, window: Window, offset: int, section: Section | None
) -> Refusal:
    told: Mapping[str, str] = captured(signature, window)
    service, host = signature.service, told.get("host", "")
    if signature.generic:
        commands, given = ((section.title, *section.script), section.env) if section else ((), {})
        who = attribute(rulebook, window, host=host, commands=commands, variables=given)
        service, host = who.service, who.host
    host = host or host_on(window.lines[window.at])
    status = int(told["status"]) if told.get("status", "").isdigit() and int(told["status"]) in STATUSES else None
    return Refusal(
        signature=signature.name,
        service=service,
        status=status or printed_status(window) or signature.status,
        cause=signature.cause,
        place=Place(log.number(offset)),
        text=redact(window.lines[window.at])[:TEXT],
        host=host,
        endpoint=redact(told.get("endpoint", "")),
        credential=told.get("credential", ""),
        identity=redact(told.get("identity", "") or told.get("account", "")),
        right=told.get("right", ""),
    )


def _candidate(entry: Found) -> Candidate:
    refusal = entry.refusal
    return Candidate(
        offset=entry.offset,
        line=refusal.place.line,
        text=entry.text,
        service=refusal.service,
        host=refusal.host,
        status=refusal.status,
        generic=entry.signature.generic,
    )


def _with(entry: Found, reason: str) -> Found:
    if not reason:
        return entry
    from dataclasses import replace

    return replace(entry, refusal=replace(entry.refusal, decisive=False, demoted_by=reason))
