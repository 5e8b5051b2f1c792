"""What is filed: issues with their markers, changes to them, and what a sweep costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as a tracker observed it. `body` is untrusted; `marker` is None unless it validated (see trackers)."""

    repository: str
    number: int
    title: str
    body: str
    state: Literal["open", "closed"]
    state_reason: str = ""
    author: str = ""
    labels: tuple[str, ...] = ()
    closed_at: datetime | None = None
    closed_by: str = ""
    url: str = ""
    marker: Marker | None = None


@dataclass(frozen=True, slots=True)
class Marker:
    """The issue's own state, carried in its first line. Untrusted input: it saves requests, it proves nothing."""

    fingerprint: str
    repository: str
    """Where the issue lives: a marker copied elsewhere does not count."""
    aliases: tuple[str, ...] = ()
    state: str = "open"
    runs: tuple[str, ...] = ()
    """At most 200, newest first: `run.attempt/job` (read) or `run.attempt` (inferred)."""
    cursors: Mapping[str, str] = field(default_factory=dict)
    """Stream key → `run.attempt` of the newest run that was taken into account."""
    total: int = 0
    """Failed runs in the incident's whole life."""
    read: int = 0
    """How many of them were read."""
    first_seen: str = ""
    last_seen: str = ""
    """ISO 8601 in UTC, start of the first and newest failed run."""
    cause: str = ""
    service: str = ""
    status: int = 0
    credential: str = ""
    signature: str = ""


Verb = Literal["create", "update", "comment", "close", "reopen", "none"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do to an issue, planned first and applied after."""

    verb: Verb
    repository: str
    reason: str
    fingerprint: str = ""
    number: int | None = None
    """Issue number; None for a create."""
    title: str = ""
    body: str = ""
    """Whole new body for create and update, the comment's text for comment."""
    labels: tuple[str, ...] = ()
    state_reason: Literal["", "completed", "not_planned", "reopened", "duplicate"] = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a change: the issue's number and page, or why it was left."""

    change: Change
    number: int | None = None
    url: str = ""
    deferred: str = ""
    """Why it was not done (dry run, cap, secondary limit); empty when done."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a sweep cost. `requests` counts API requests per kind; a log's two hops count as one."""

    requests: Mapping[str, int] = field(default_factory=dict)
    bytes: int = 0
    not_modified: int = 0
    """How many of the requests were answered 304, which is free."""

    @property
    def total(self) -> int:
        """All API requests."""
        return sum(self.requests.values())
