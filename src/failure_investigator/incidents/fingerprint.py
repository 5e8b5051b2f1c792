"""The identity of a fix: two failures are the same incident exactly when one fix cures both (docs/design.md, "The causes").

`v1:family:part:part…`, each part percent-encoded where it holds `:`. The four credential causes share a family, so better
evidence changes the cause, not the issue; the list of workflows is in no credential's key.
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.model import Cause, Diagnosis, Run

VERSION = "v1"
NO_THRESHOLDS: Mapping[str, int] = MappingProxyType({})
LONGEST = 140
"""Characters of a part."""


def fingerprint(diagnosis: Diagnosis, run: Run) -> str:
    """The fingerprint of what a run's job failed of."""
    family = diagnosis.cause.family
    return ":".join([VERSION, family, *(_part(part) for part in _key(diagnosis, run))])


def _part(text: str) -> str:
    """A part as it is written; the rest of a long one is a hash, for a marker takes 490 characters."""
    part = quote(text, safe="@._-/")
    return part if len(part) <= LONGEST else f"{part[: LONGEST - 24]}~{hashlib.sha256(text.encode()).hexdigest()[:23]}"


def _key(diagnosis: Diagnosis, run: Run) -> tuple[str, ...]:
    workflow = f"{run.repository}/{run.workflow.path}"
    service = diagnosis.service if diagnosis.service != "unknown" else diagnosis.host or workflow
    match diagnosis.cause.family:
        case "credential" | "quota":
            return (service, diagnosis.credential or diagnosis.identity)
        case "federation":
            return (service, workflow)
        case "permission":
            return (service, diagnosis.identity or diagnosis.credential, diagnosis.right)
        case "workflow-permission":
            return (workflow, diagnosis.right)
        case "policy":
            return (service,)
        case "throttle":
            return (service, diagnosis.credential or diagnosis.identity)
        case _:
            return (service, str(diagnosis.status), workflow)


def sealed(diagnosis: Diagnosis, run: Run) -> str:
    """The fingerprint for an issue that more people may read than its evidence: its key is not readable any more."""
    return ":".join([VERSION, diagnosis.cause.family, "sealed", _digest(fingerprint(diagnosis, run))])


OUTAGE = f"{VERSION}:outage:"


def outage(service: str, *, hidden: bool = False) -> str:
    """The fingerprint of a service's outage in an organisation; sorts before those that it takes the place of.

    `hidden` as `sealed` is: for repositories of which only counts may be filed.
    """
    plain = f"{OUTAGE}{quote(service, safe='@._-/')}"
    return f"{OUTAGE}sealed:{_digest(plain)}" if hidden else plain


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()[:24]


def is_vaguer(one: str, other: str) -> bool:
    """Whether the first fingerprint is the second one without a name that it has, such as the credential's."""
    pairs = list(zip(one.split(":"), other.split(":"), strict=False))
    same_length = one.count(":") == other.count(":")
    return one != other and same_length and all(left in ("", right) for left, right in pairs)


def threshold(cause: Cause, min_failures: int, thresholds: Mapping[str, int] = NO_THRESHOLDS) -> int:
    """The streak that opens an issue: what is configured for the cause, else a cause that passes by itself needs three."""
    return thresholds.get(cause.value, min_failures if cause.persistent else max(3, min_failures))
