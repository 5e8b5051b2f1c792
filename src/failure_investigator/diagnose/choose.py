"""Which refusal a job failed of: the last one alive before the step's failure, and of those that stand together the one
that says most.

Number, words and host often stand on different lines up to 20 apart, so neighbouring refusals are one event. Within an
event a signature beats those that yield to it, a service's own wording beats a client's, a settled cause an open one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.model import Cause
from failure_investigator.signatures.close import REACH
from failure_investigator.signatures.rulebook import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.diagnose.case import Found


def choose(found: Sequence[Found]) -> tuple[Found, tuple[Found, ...]] | None:
    """The deciding refusal and the other decisive ones; None when nothing is decisive."""
    decisive = [entry for entry in found if entry.refusal.decisive]
    if not decisive:
        return None
    events = list(reversed(_events(decisive)))
    chosen = _best(events[0])
    for event in events[1:]:
        better = _best(event)
        if says_little(chosen) and _tells_more(better, chosen):
            chosen = better
    others = tuple(entry for entry in decisive if entry is not chosen)
    return _named(chosen, others), others


def _named(chosen: Found, others: Sequence[Found]) -> Found:
    """A refusal that does not tell by whom, with service and host of the nearest one of the same event and status."""
    refusal = chosen.refusal
    if refusal.service != UNKNOWN:
        return chosen

    def apart(entry: Found) -> int:
        return abs(entry.refusal.place.line - refusal.place.line)

    near = [
        entry
        for entry in others
        if entry.refusal.service != UNKNOWN
        and entry.section is chosen.section
        and entry.refusal.status == refusal.status
        and apart(entry) <= REACH
    ]
    if not near:
        return chosen
    told = min(near, key=apart).refusal
    return replace(chosen, refusal=replace(refusal, service=told.service, host=refusal.host or told.host))


def says_little(entry: Found) -> bool:
    """A client's wording about nobody in particular, or one whose cause is open."""
    return entry.refusal.service == UNKNOWN or (entry.signature.generic and entry.refusal.cause is Cause.UNCLASSIFIED)


def _tells_more(other: Found, chosen: Found) -> bool:
    """Whether an earlier refusal of the same step is the same one told better."""
    same = other.section is chosen.section and other.refusal.status == chosen.refusal.status
    fits = chosen.refusal.service in (UNKNOWN, other.refusal.service)
    return same and fits and not says_little(other)


def _events(decisive: Sequence[Found]) -> list[list[Found]]:
    """Refusals whose lines stand within reach of each other, in one step."""
    events: list[list[Found]] = []
    for entry in decisive:
        last = events[-1][-1] if events else None
        near = last is not None and entry.refusal.place.line - last.refusal.place.line <= REACH
        if near and last is not None and last.section is entry.section:
            events[-1].append(entry)
        else:
            events.append([entry])
    return events


def _best(event: Sequence[Found]) -> Found:
    """The refusal of an event that says most; of equals the last."""
    names = {entry.signature.name for entry in event}
    standing = [entry for entry in event if not names.intersection(entry.signature.yields_to)] or list(event)
    return max(enumerate(standing), key=lambda item: (_rank(item[1]), item[0]))[1]


def _rank(entry: Found) -> tuple[bool, bool, bool, bool]:
    refusal = entry.refusal
    return (
        not (entry.signature.generic and refusal.cause is Cause.UNCLASSIFIED),
        not entry.signature.generic,
        refusal.cause is not Cause.UNCLASSIFIED,
        refusal.service != UNKNOWN,
    )
