"""A limit in the same minutes: many services answer a client that asks too often in the words of a wrong key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.model import Cause, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case

_LIMITS = (Cause.RATE_LIMITED, Cause.QUOTA_EXHAUSTED)
_JUDGED = frozenset({Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED})


def gather(case: Case) -> Iterator[Evidence]:
    """The last limit that the same step met at the same service, which speaks against judging the credential."""
    if case.found.refusal.cause in _LIMITS:
        return
    met = [
        other
        for other in case.others
        if other.refusal.cause in _LIMITS
        and other.section is case.found.section
        and other.refusal.place.line != case.found.refusal.place.line
        and other.refusal.service == case.found.refusal.service
    ]
    if not met:
        return
    limit = met[-1].refusal
    generic = case.found.signature.generic
    yield Evidence(
        "The same step met a limit of the service as well: a new credential would meet it too.",
        supports=frozenset({limit.cause}) if generic else frozenset(),
        excludes=_JUDGED if generic else frozenset(),
        text=limit.text,
        place=limit.place,
        kind="throttled",
    )
