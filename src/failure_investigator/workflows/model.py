"""The frozen types of a workflow file. Lines are 1-based; text is as written, expressions not evaluated.

The keys are those of https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from failure_investigator.permissions.entries import KEYS, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Permissions:
    """A `permissions:` block: `read-all` and `write-all` as `every`, else its entries, all others being none."""

    every: str = ""
    entries: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    def grants(self, entry: Entry) -> bool:
        """Whether a token with this block has at least this much. `read-all` gives no `id-token`, as that has no read."""
        level = self.every or self.entries.get(entry.name, "none")
        if self.every and entry.name in KEYS and KEYS[entry.name] == "read":
            level = "read"
        return level in ("read", "write") and entry.grantable and Entry(entry.name, level).covers(entry)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One entry of `on.schedule`: five cron fields and, since 2026, the time zone that they are in."""

    cron: str
    zone: str = ""
    """An IANA name; '' for UTC."""


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step of a job."""

    index: int
    line: int
    name: str = ""
    id: str = ""
    uses: str = ""
    run: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """`with:`, names as written."""
    env: Mapping[str, str] = field(default_factory=dict)
    directory: str = ""
    """`working-directory:` of its own."""


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One job, or the call of a reusable workflow (`uses`)."""

    key: str
    line: int
    name: str = ""
    uses: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    inherits_secrets: bool = False
    """`secrets: inherit`."""
    passed_secrets: Mapping[str, str] | None = None
    """`secrets:` of a call as a mapping; None when there is none."""
    permissions: Permissions | None = None
    """None when there is no block: the workflow's holds, or the repository's default."""
    environment: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    matrix: bool = False
    steps: tuple[StepSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """A whole file; one that cannot be read has no jobs and says why in `problem`."""

    problem: str = ""
    name: str = ""
    triggers: tuple[str, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    permissions: Permissions | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    jobs: Mapping[str, JobSpec] = field(default_factory=dict)
    secrets_declared: tuple[str, ...] = ()
    """The secrets that a reusable workflow says it takes (`on.workflow_call.secrets`)."""

    @property
    def readable(self) -> bool:
        """Whether the text is a workflow at all."""
        return not self.problem

    @property
    def only_called(self) -> bool:
        """A reusable workflow that nothing else starts: its caller decides on permissions and secrets."""
        return self.triggers == ("workflow_call",)

    def permissions_of(self, job: JobSpec) -> Permissions | None:
        """The block that holds for a job: its own alone, as it replaces the workflow's, else the workflow's."""
        return job.permissions if job.permissions is not None else self.permissions
