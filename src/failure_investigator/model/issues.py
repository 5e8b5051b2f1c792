"""What is filed: issues with their markers, changes to them, and what a sweep costs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
    """Login; lists leave it out, `Tracker.details` fills it in."""
    closed_by_bot: bool = False
    reopened_at: datetime | None = None
    """When a person reopened it last; None when nobody did, or the tracker cannot know."""
    url: str = ""
    marker: Marker | None = None


@dataclass(frozen=True, slots=True)
class Good:
    """A run in which the refused jobs ran and succeeded: `run.attempt`, start (ISO 8601, UTC) and commit."""

    run: str
    at: str
    sha: str = ""


@dataclass(frozen=True, slots=True)
class Tracked:
    """What an issue records of one affected stream: its last failed run, and the good runs that followed."""

    run: str
    """`run.attempt` of the newest failed run that was taken into account."""
    at: str
    """Its start, ISO 8601 in UTC; empty in a marker of an older version."""
    sha: str = ""
    jobs: tuple[str, ...] = ()
    """Names of the jobs that were refused in it, all of which have to succeed."""
    good: tuple[Good, ...] = ()
    """The first good runs since, oldest first, as many as close an issue."""
    gone: str = ""
    """Why no run can come any more ("its workflow was deleted"); such a stream leaves the criteria."""
    name: str = ""
    branch: str = ""
    """The workflow's name and the branch, for a stream that is not listed any more."""


@dataclass(frozen=True, slots=True)
class Marker:
    """The issue's own state, carried in its first line. Untrusted input: it saves requests, it proves nothing."""

    fingerprint: str
    repository: str
    """Where the issue lives: a marker copied elsewhere does not count."""
    aliases: tuple[str, ...] = ()
    state: State = "open"
    since: str = ""
    """ISO 8601 in UTC: start of the run that brought this state. Never a sweep's time."""
    runs: tuple[str, ...] = ()
    """At most 200, newest first: `run.attempt/job` (read) or `run.attempt` (inferred)."""
    streams: Mapping[str, Tracked] = field(default_factory=dict)
    """Stream key (a hash of it in a sealed marker) → what is recorded of the stream."""
    more: int = 0
    """Affected streams that found no room: such an issue is left for a person to close."""
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
    told: int = 0
    """Comments that told a transition: the number in the next one's key."""
    announced: int = 0
    """Failed runs when the issue last said how many: ten times as many are worth a comment."""
    title: str = ""
    """Beginning of the SHA-256 of the title as the bot wrote it: another title is a person's, and stays."""
    insisted: bool = False
    """Whether it was reopened after another bot had closed it, which is done once."""
    floor: str = ""
    """Good runs have to start later than this stamp: a person reopened the issue then; '' when nobody did."""
    earlier: int = 0
    """Number of an older issue about the same, 0 for none."""

    @property
    def names(self) -> frozenset[str]:
        """All fingerprints that belong to the issue."""
        return frozenset((self.fingerprint, *self.aliases))

    @property
    def sealed(self) -> bool:
        """Whether more people may read the issue than its evidence, so that names are kept as hashes."""
        return ":sealed:" in self.fingerprint


State = Literal["open", "recovering", "resolved", "dormant", "abandoned", "duplicate"]
"""The marker's word for where an incident stands. `dormant` is open and quiet, `abandoned` closed as not planned."""
Verb = Literal["create", "update", "comment", "close", "reopen", "none"]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the bot knows from before: its own issues, each with a marker that validated."""

    issues: tuple[Issue, ...] = ()
    rejected: tuple[str, ...] = ()
    """Why issues that look like ours were not believed, for the summary."""
    handed_over: tuple[tuple[int, str], ...] = ()
    """(number, fingerprint) of issues whose first line a person removed: theirs from then on."""

    @property
    def slim(self) -> Memory:
        """The same without the pages' texts, which only a writer needs."""
        return replace(self, issues=tuple(replace(issue, body="", title="") for issue in self.issues))

    @property
    def first_sweep(self) -> bool:
        """Whether no own issue was found: the first sweep ever is the most careful one."""
        return not self.issues and not self.handed_over


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
    transition: str = ""
    """What happened, for a comment and the change that it tells: widened, reclassified, resolved …; empty for silence."""
    key: str = ""
    """Of a comment: it is written once, however often a sweep was cut off before the change behind it."""


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
