"""What GitHub ran: repositories, workflows, runs, jobs, their logs and streams. All datetimes are aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

Visibility = Literal["public", "internal", "private"]

FAILED = frozenset({"failure", "timed_out", "startup_failure"})
"""Conclusions of a run or job that count as failed (`status=failure` of the API misses the last two)."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as the sweep needs it."""

    name: str
    """`owner/name`."""
    visibility: Visibility
    default_branch: str
    has_issues: bool = True
    url: str = ""
    """Its page, e.g. `https://github.com/owner/name`."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow's identity. `path` carries no `@ref`; `name` is the workflow's, not a run's title."""

    id: int
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt of a workflow run (always the latest attempt that the listing shows)."""

    repository: str
    id: int
    attempt: int
    number: int
    workflow: Workflow
    title: str
    event: str
    branch: str
    """Head branch; empty when GitHub gives none."""
    head_sha: str
    head_repository: str
    """`owner/name` that the head commit lives in; differs from `repository` for forks; empty when deleted."""
    actor: str
    """Login of who triggered this attempt."""
    conclusion: str
    created_at: datetime
    started_at: datetime
    """`run_started_at` of this attempt: what orders a stream."""
    updated_at: datetime
    """For a completed run the time of its end."""
    url: str
    """`html_url` of the run."""

    @property
    def key(self) -> str:
        """`id.attempt`: what "already judged" means."""
        return f"{self.id}.{self.attempt}"

    @property
    def failed(self) -> bool:
        """Whether the run's conclusion is a failure."""
        return self.conclusion in FAILED

    @property
    def eligible(self) -> bool:
        """Whether it can open, extend or close an issue: it ended well or badly, and had secrets."""
        return (self.failed or self.conclusion == "success") and not self.without_secrets

    @property
    def seconds(self) -> float:
        """Wall time of this attempt."""
        return max(0.0, (self.updated_at - self.started_at).total_seconds())

    @property
    def without_secrets(self) -> bool:
        """Fork and Dependabot runs get no secrets: diagnosed and counted, but they never move an incident."""
        # `pull_request_target` runs in the base repository's context and has its secrets, whoever's branch it is about.
        own = self.event.startswith("pull_request") and self.event != "pull_request_target"
        fork = own and self.head_repository != self.repository
        return fork or self.actor == "dependabot[bot]"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job as the jobs API tells it; skipped ones included."""

    number: int
    name: str
    conclusion: str
    started_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a run's attempt."""

    id: int
    run_id: int
    attempt: int
    name: str
    conclusion: str
    url: str
    """`html_url`; log links are this + `#step:N:LINE`."""
    started_at: datetime | None = None
    completed_at: datetime | None = None
    steps: tuple[Step, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the job's conclusion is a failure."""
        return self.conclusion in FAILED


StreamClass = Literal["default", "branch", "pull_request", "none"]


@dataclass(frozen=True, slots=True, order=True)
class StreamKey:
    """Workflow × class of runs. `branch` is empty unless `kind` is `branch`; kind `none` holds fork and bot runs."""

    repository: str
    workflow_id: int
    kind: StreamClass
    branch: str = ""

    def __str__(self) -> str:
        """Stable text form, used in markers and state: `owner/name:workflow-id:kind[:branch]`."""
        tail = f":{self.branch}" if self.kind == "branch" else ""
        return f"{self.repository}:{self.workflow_id}:{self.kind}{tail}"


@dataclass(frozen=True, slots=True)
class Stream:
    """The runs of one stream, newest first by `started_at`; `complete` says that none is missing between them."""

    key: StreamKey
    runs: tuple[Run, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer of a source to "which runs": newest first. `complete` is false when a cap or page bound cut it."""

    runs: tuple[Run, ...]
    complete: bool = True
    note: str = ""
    """Why it is not complete, for the summary."""


@dataclass(frozen=True, slots=True)
class LogMember:
    """The bytes of one log file and the step it belongs to."""

    data: bytes
    step: int | None = None
    """Step number when this is one step's own file of a run's zip; None for a whole job's text."""


@dataclass(frozen=True, slots=True)
class JobLog:
    """A job's log as a source delivers it: the whole text, or the failed steps' own files, or the reason why not."""

    members: tuple[LogMember, ...] = ()
    gone: str = ""
    """Why there is no log ("404", "410 expired", …); empty when there is one."""
    truncated: bool = False
    """The download hit the byte limit: the end is missing."""
