"""The one protocol of all trackers, and what observing one gives.

Two implementations: `github_issues.GitHubIssues` and `directory.DirectoryTracker`. Neither reads an error as "no issues".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from failure_investigator.model import Memory

__all__ = ["REMEMBERED_DAYS", "Memory", "Tracker"]

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from failure_investigator.model import Applied, Change, Issue, Usage

REMEMBERED_DAYS = 100
"""How far back closed issues are looked at: a regression counts within 90 days."""


class Tracker(Protocol):
    """Observes the bot's own issues and applies planned changes."""

    repository: str
    """`owner/name` that the issues live in; what a marker must name."""

    def observe(self, known: Sequence[int] = ()) -> Memory:
        """The bot's own issues, open and closed within 100 days; `known` numbers are looked up singly when missing.

        Raises `IncompleteError` when a listing ends early, `TargetError` when the repository takes no issues.
        """

    def details(self, issue: Issue) -> Issue:
        """The same issue with what a listing does not tell: who closed it. Deleted or moved: as it was."""

    def recall(self, names: Collection[str]) -> tuple[Issue, ...]:
        """The bot's own closed issues of any age that hold one of these fingerprints: asked for before one is filed again."""

    def opened(self) -> tuple[Issue, ...]:
        """The bot's own open issues as they are now, after it created some: another sweep may have filed the same."""

    def apply(self, changes: Sequence[Change]) -> Iterator[Applied]:
        """Carry out the changes one after the other; what is not done says why (`Applied.deferred`)."""

    def usage(self) -> Usage:
        """What was asked so far."""
