"""What a page needs beside the incident: facts about services and the rules in force. No clock, no counts of the sweep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.signatures.rulebook import Service


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a page is made of, beside its incident."""

    repository: str
    """Where the issue lives, `owner/name`."""
    services: Mapping[str, Service] = field(default_factory=dict)
    close_after: int = 2
    owners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Who is mentioned for what, as configured; nobody else ever is."""
    mute_label: str = "investigator:mute"
