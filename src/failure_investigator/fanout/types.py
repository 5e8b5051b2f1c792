"""What the parts hand to each other, beside the types of `model/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from failure_investigator.model import Counts, Listing, Memory, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from failure_investigator.model import Repository

__all__ = ["Header", "Noted", "Plan", "Planned"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A repository that has something to read, with its runs."""

    repository: Repository
    listing: Listing
    counts_only: bool = False
    """More people may read the issue than the evidence."""
    memory: Memory | None = None
    """What is filed in the repository itself, where each repository gets its own issues."""

    @property
    def weight(self) -> int:
        """About how many requests it takes: what balances the shards."""
        return 1 + 2 * sum(run.failed for run in self.listing.runs)


@dataclass(frozen=True, slots=True)
class Header:
    """What every shard has to know."""

    now: datetime
    since: datetime
    organization: str
    config: str | None = None
    """Text of the configuration file, so that all parts follow the same one."""
    budget: int | None = None
    """Requests that the shard may use; None where nothing limits them."""
    memory: Memory = field(default_factory=Memory)
    """What is filed in the one issue repository, where there is one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was listed, and what is left to do."""

    header: Header
    shards: int
    repositories: tuple[str, ...] = ()
    """All that were listed, by name."""
    planned: tuple[str, ...] = ()
    """Those of them that have something to read."""
    postponed: tuple[str, ...] = ()
    """Those whose runs could not be listed: they come first next time."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Reason → how many repositories the settings leave out."""
    quiet: Counts = field(default_factory=Counts)
    """The counts of the repositories that have nothing to read."""
    notes: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Noted:
    """What a shard tells beside its scans."""

    shard: int
    usage: Usage = field(default_factory=Usage)
