"""The frozen types that travel through the stages, one per stage; see docs/design.md, "The words".

    Run ─▶ Stream ─▶ Log ─▶ Refusal ─▶ Diagnosis ─▶ Incident ─▶ Change

All datetimes are aware and in UTC. Nothing here reads the clock, the environment or the network, and nothing here
imports outside the standard library, so that `explain` and `--help` stay fast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Cause(StrEnum):
    """Why a service refused; docs/design.md, "The causes"."""

    CREDENTIAL_MISSING = "credential_missing"
    CREDENTIAL_INVALID = "credential_invalid"
    CREDENTIAL_EXPIRED = "credential_expired"
    CREDENTIAL_MALFORMED = "credential_malformed"
    FEDERATION_REJECTED = "federation_rejected"
    PERMISSION_DENIED = "permission_denied"
    WORKFLOW_PERMISSIONS = "workflow_permissions"
    POLICY_BLOCKED = "policy_blocked"
    RATE_LIMITED = "rate_limited"
    QUOTA_EXHAUSTED = "quota_exhausted"
    UNCLASSIFIED = "unclassified"

    @property
    def family(self) -> str:
        """The fingerprint's family: the four credential causes share one, so better evidence keeps the issue."""
        return _FAMILIES[self]

    @property
    def persistent(self) -> bool:
        """Whether it stays until somebody acts. Throttling passes by itself; unclassified is treated as it is seen."""
        return self is not Cause.RATE_LIMITED


_FAMILIES = {
    Cause.CREDENTIAL_MISSING: "credential",
    Cause.CREDENTIAL_INVALID: "credential",
    Cause.CREDENTIAL_EXPIRED: "credential",
    Cause.CREDENTIAL_MALFORMED: "credential",
    Cause.FEDERATION_REJECTED: "federation",
    Cause.PERMISSION_DENIED: "permission",
    Cause.WORKFLOW_PERMISSIONS: "workflow-permission",
    Cause.POLICY_BLOCKED: "policy",
    Cause.RATE_LIMITED: "throttle",
    Cause.QUOTA_EXHAUSTED: "quota",
    Cause.UNCLASSIFIED: "unclassified",
}

Confidence = Literal["certain", "likely", "possible"]
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
    def seconds(self) -> float:
        """Wall time of this attempt."""
        return max(0.0, (self.updated_at - self.started_at).total_seconds())

    @property
    def without_secrets(self) -> bool:
        """Fork and Dependabot runs get no secrets: diagnosed and counted, but they never move an incident."""
        fork = bool(self.event.startswith("pull_request") and self.head_repository != self.repository)
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


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a log: `line` is 1-based in the file or member; step and step line are None while not known."""

    line: int
    step: int | None = None
    step_line: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place where a service refused the job. `text` is the cleaned and redacted line."""

    signature: str
    """`service/id` of the signature."""
    service: str
    """A service id, or the registrable host, or `unknown`."""
    status: int
    """The number printed if 401, 403, 407 or 429, else the one meant."""
    cause: Cause
    place: Place
    text: str
    host: str = ""
    endpoint: str = ""
    credential: str = ""
    """Name of the credential that the wording itself names; empty if it names none."""
    identity: str = ""
    """Who was refused, when the wording tells (user, role, account)."""
    right: str = ""
    """Right, scope or permission that the wording names as missing."""
    decisive: bool = True
    demoted_by: str = ""
    """The decisiveness rule that took it out, with its reason; empty while decisive."""
    member: str | None = None
    """Path in the zip for `explain` on a zip."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observed fact for or against causes, with where it was seen."""

    says: str
    """The fact in one sentence, our words."""
    supports: frozenset[Cause] = frozenset()
    excludes: frozenset[Cause] = frozenset()
    text: str = ""
    """The redacted log line, when it stands on one."""
    place: Place | None = None
    url: str = ""
    """Link to where it was seen, if GitHub has one."""
    kind: str = "wording"
    """Which file of `diagnose/evidence/` found it."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A cause or credential that was considered; `excluded` with the reason when evidence rules it out."""

    what: str
    why: str
    excluded: bool


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one job failed of."""

    service: str
    status: int
    cause: Cause
    confidence: Confidence
    signature: str
    credential: str = ""
    host: str = ""
    endpoint: str = ""
    identity: str = ""
    right: str = ""
    """Right or `permissions:` entry that is missing, e.g. `contents: write`."""
    evidence: tuple[Evidence, ...] = ()
    """For the cause; the first one is the decisive line."""
    against: tuple[Evidence, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    secondary: tuple[Evidence, ...] = ()
    """Signals in the failed job that are no refusal of the credential (blocked egress, DNS, timeouts …)."""
    remedy: tuple[str, ...] = ()
    """Steps in Markdown, most likely first, ours (never log text)."""
    do_not: tuple[str, ...] = ()
    retries: int = 0
    """How often the log shows the refused call being tried again."""
    member: str | None = None
    step_name: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One failed run of a stream with what is known of one fingerprint in it: read now, remembered, or inferred."""

    run: Run
    how: Literal["read", "remembered", "inferred"]
    job: Job | None = None
    """The refused job; None when inferred, or remembered without its job."""
    job_id: int = 0
    """The refused job's id, 0 if not known (kept by markers, so it survives where `job` is not fetched again)."""
    diagnosis: Diagnosis | None = None


@dataclass(frozen=True, slots=True)
class Streak:
    """Consecutive failed runs of one stream with one fingerprint, newest first, no success of the job between."""

    stream: StreamKey
    workflow: Workflow
    branch: str
    """The branch shown to people (default branch's name, the long-lived branch, or empty for pull requests)."""
    findings: tuple[Finding, ...]
    strip: tuple[Run, ...] = ()
    """The stream's last runs, newest first, for the picture of what happened around the streak."""
    last_good: Run | None = None
    """The newest run of the stream before the streak in which the job succeeded, if seen."""
    good: tuple[Run, ...] = ()
    """Runs after the streak in which the refused job really ran and succeeded, newest first."""


@dataclass(frozen=True, slots=True)
class Incident:
    """All streaks, in all workflows and repositories, with one fingerprint: one issue."""

    fingerprint: str
    """`v1:family:key…`, see `incidents/fingerprint.py`."""
    diagnosis: Diagnosis
    """Of the newest job that was read."""
    streaks: tuple[Streak, ...]
    aliases: tuple[str, ...] = ()
    """Older fingerprints of the same issue."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of all streaks, newest first."""
        every = [finding for streak in self.streaks for finding in streak.findings]
        return tuple(sorted(every, key=lambda f: (f.run.started_at, f.run.id), reverse=True))

    @property
    def repositories(self) -> tuple[str, ...]:
        """The repositories it was seen in, sorted."""
        return tuple(sorted({streak.stream.repository for streak in self.streaks}))

    @property
    def workflows(self) -> tuple[Workflow, ...]:
        """The workflows it was seen in, by name."""
        return tuple(sorted({streak.workflow for streak in self.streaks}, key=lambda w: (w.name, w.id)))


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
