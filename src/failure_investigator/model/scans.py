"""What looking at one repository gave, ready to travel from the machine that looked to the one that decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.model.findings import Finding, Streak
    from failure_investigator.model.runs import Repository


@dataclass(frozen=True, slots=True)
class Matter:
    """A streak, and what it belongs to: the number of an issue that was observed, or a fingerprint that none holds."""

    marks: tuple[str, ...]
    """The fingerprints that are one matter, sorted."""
    streak: Streak
    issue: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What was looked at."""

    runs_listed: int = 0
    eligible_runs: int = 0
    """Runs listed that ended well or badly and had secrets: those that can move an incident."""
    failed_runs: int = 0
    known_before: int = 0
    """Failed runs listed that an issue remembers from an earlier sweep: not read again."""
    logs_read: int = 0
    logs_gone: int = 0
    not_read: int = 0
    """Failed runs that a cap or the budget's reserve left unread."""
    capped: int = 0
    """How many of them for the cap of one stream."""

    def __add__(self, other: Counts) -> Counts:
        names = self.__slots__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True)
class Scan:
    """One repository, looked at."""

    repository: Repository
    matters: tuple[Matter, ...] = ()
    counts: Counts = field(default_factory=Counts)
    findings: tuple[Finding, ...] = ()
    """Every diagnosis, in a streak or not."""
    notes: tuple[str, ...] = ()
    reached: bool = True
    """Whether it was read: otherwise nothing is concluded of it."""
