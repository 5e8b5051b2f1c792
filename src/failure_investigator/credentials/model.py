"""What is looked at and what is found: the types that the checks share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from failure_investigator.signatures.rulebook import Service
    from failure_investigator.values import Secret

Severity = Literal["wrong", "suspicious", "fine"]
Wants = Literal["token", "json", "pem", "url", "path", "any"]
"""What clients expect in a variable; `any` is a password, or a variable that nothing is known of."""


class Finding(NamedTuple):
    """What one check says: `says` what it means, `do` what to do about it (empty when it is fine)."""

    check: str
    severity: Severity
    says: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """One credential under examination; `core` is its value without what was put around it."""

    name: str
    value: Secret
    core: Secret
    service: Service | None
    wants: Wants
    prefixes: tuple[str, ...] = ()
    """The public prefixes of which its value should have one; none where its format has none."""

    @property
    def owner(self) -> str:
        """The service in words."""
        return self.service.title if self.service else "the service"


class Answer(NamedTuple):
    """What came of asking the service over one route."""

    route: Literal["direct", "proxy"]
    outcome: str
    """A key of `verdict.OUTCOMES`."""
    status: int | None
    layer: str
    """Who answered, with the headers that show it; empty when nobody did."""
    says: str


@dataclass(frozen=True, slots=True)
class Checked:
    """All that is told of a credential: the whole of the output, and nothing of the value."""

    name: str
    service: str | None
    set: bool
    length: int
    fingerprint: str | None
    findings: tuple[Finding, ...]
    probe: tuple[Answer, ...] = ()
