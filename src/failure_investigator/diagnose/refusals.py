"""Hits → refusals: the close look, who refused, the status printed, and whether the place counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.decisive import Candidate, judge
from failure_investigator.diagnose.attribution import attribute
from failure_investigator.diagnose.case import Found
from failure_investigator.diagnose.status import STATUSES, printed_status
from failure_investigator.model import Place, Refusal
from failure_investigator.redact import redact
from failure_investigator.signatures.close import REACH, Window, captured, holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from failure_investigator.logs.jobs import JobText, Section
    from failure_investigator.logs.text import LogText
    from failure_investigator.signatures.engine import Hit
    from failure_investigator.signatures.rulebook import Rulebook, Signature

MOST = 500
"""Refusals of one job that are looked at: the first and the last half. A log of nothing but refusals says no more."""
TEXT = 500
"""Characters kept of a refusal's line."""


def find_refusals(
    log: LogText, job: JobText, hits: Sequence[Hit], rulebook: Rulebook, names: Sequence[str]
) -> list[Found]:
    """The refusals among a job's hits, in the order of the log, each judged decisive or not.

    `hits` are those within the job's bytes; `names[i]` is the signature of pattern `i`.
    """
    if len(hits) > MOST:
        hits = [*hits[: MOST // 2], *hits[-MOST // 2 :]]
    found = list(_found(log, job, hits, rulebook, names))
    reasons = judge([_candidate(entry, log) for entry in found], job, log)
    return [_with(entry, reason) for entry, reason in zip(found, reasons, strict=True)]


def _found(
    log: LogText, job: JobText, hits: Sequence[Hit], rulebook: Rulebook, names: Sequence[str]
) -> Iterator[Found]:
    seen: set[tuple[int, str]] = set()
    window: Window | None = None
    at = -1
    for hit in hits:
        name = names[hit.pattern]
        if (hit.start, name) in seen:
            continue
        seen.add((hit.start, name))
        if window is None or hit.start != at:
            window, at = _window(log, hit.start), hit.start
        signature = rulebook.signatures[name]
        if holds(signature, window):
            section = section_at(job, hit.start)
            yield Found(_refusal(log, rulebook, signature, window, hit.start, section), signature, hit.start, section)


def _window(log: LogText, offset: int) -> Window:
    before = [line.text for line in log.before(offset, REACH)]
    after = [line.text for line in log.after(offset, REACH)]
    return Window([*before, log.line(offset).text, *after], len(before))


def section_at(job: JobText, offset: int) -> Section | None:
    """The step that a place stands in."""
    return next((section for section in reversed(job.sections) if section.start <= offset), None)


def _refusal(
    log: LogText, rulebook: Rulebook, signature: Signature, window: Window, offset: int, section: Section | None
) -> Refusal:
    told: Mapping[str, str] = captured(signature, window)
    service, host = signature.service, told.get("host", "")
    if signature.generic:
        commands = (section.title, *section.script) if section else ()
        who = attribute(rulebook, window, host=host, commands=commands)
        service, host = who.service, who.host
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


def _candidate(entry: Found, log: LogText) -> Candidate:
    refusal = entry.refusal
    return Candidate(
        offset=entry.offset,
        line=refusal.place.line,
        text=log.line(entry.offset).text,
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
