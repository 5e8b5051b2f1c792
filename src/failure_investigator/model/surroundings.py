"""What is known around an incident beyond the log of the refused job, as far as it was asked for and may be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from failure_investigator.model.runs import Run


@dataclass(frozen=True, slots=True)
class Comparison:
    """The commits between two: `status` is GitHub's (`ahead`, `behind`, `diverged`, `identical`)."""

    status: str
    commits: tuple[tuple[str, str], ...] = ()
    """(SHA, first line of the message), oldest first; at most 250."""
    total: int = 0
    files: tuple[str, ...] = ()
    """Paths that differ; at most 300."""


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What a job's log says about how it ran: compared between a good and a bad run."""

    runner: Mapping[str, str] = field(default_factory=dict)
    """Runner and image versions."""
    actions: Mapping[str, str] = field(default_factory=dict)
    """Action as named in the workflow file → SHA."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Tool or package → version that was printed."""
    env: Mapping[str, str] = field(default_factory=dict)
    """The environment of the step in question, as printed."""
    permissions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Use:
    """Another job that used the same credential after the first refusal, and whether it succeeded."""

    run: Run
    job: str
    succeeded: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was asked about one incident. An empty field means: not asked, not allowed, or not there."""

    first_bad: Run | None = None
    last_good: Run | None = None
    workflow: str | None = None
    """Text of the workflow file at the first bad commit."""
    workflow_before: str | None = None
    """The same at the last good commit."""
    good: JobFacts | None = None
    """Of the same job in the last good run."""
    comparison: Comparison | None = None
    """From the last good to the first bad commit."""
    secrets: Mapping[str, datetime] | None = None
    """Names of the secrets that the repository has (its own and its organisation's) and when each was last set."""
    uses: tuple[Use, ...] = ()
    together: int = 1
    """Workflows in which the same was refused within `diagnose.evidence.onset.MOMENT`."""
