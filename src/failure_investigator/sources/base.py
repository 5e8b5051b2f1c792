"""The one protocol of all sources: what a sweep asks about a repository, whoever answers.

Two implementations: `github.GitHubSource` and `snapshot.SnapshotSource`. All raise the errors of `errors.py` only, and
none ever reads an error as "nothing found": an empty answer means that there is nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from failure_investigator.model import Comparison, Job, JobLog, Listing, Repository, Run, StreamKey, Usage

LONGEST_RUN = timedelta(hours=6)
"""How long a job on a hosted runner may take; `created` filters the start of a run, so listings look back by it.

Source: https://docs.github.com/actions/learn-github-actions/usage-limits-billing-and-administration.
"""

PAGE = 100
"""Runs per page: the largest that the API gives, and all that `Source.follow` looks at."""


class Source(Protocol):
    """Where a sweep's facts come from."""

    def repository(self, name: str) -> Repository:
        """The repository `owner/name`. Raises `RefusedError` when it is unknown or invisible."""

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """Completed runs of any conclusion that ended at `since` or later and were created until `until`.

        The latest attempt of each, newest first by start. The longest run is added to the window inside, and the
        bot's own workflow is left out.
        """

    def follow(self, stream: StreamKey, before: datetime, default_branch: str) -> Listing:
        """Older completed runs of that stream, started before `before`, newest first; at most one page of 100.

        Callers filter them by `incidents.streams.stream_of` again: a source only does what its query can express. Empty
        and not `complete` when the workflow is gone.
        """

    def since(self, stream: StreamKey, start: datetime, default_branch: str) -> Listing | None:
        """The completed runs of that stream created at `start` or later, newest first; a few pages at most.

        Not `complete` when there are more. None when its workflow is gone. To be filtered as `follow` is.
        """

    def scheduled(self, repository: str, path: str) -> Listing:
        """The newest runs that a schedule started of the workflow at `path`, running ones too; at most one page of 100."""

    def workflows(self, repository: str) -> Mapping[int, str] | None:
        """State of every workflow by its id ("active", "disabled_manually" …).

        One of the repository's own files that is missing was deleted; workflows that an organisation requires are never shown.
        None when they are not known: neither a recording nor a server need hold them.
        """

    def branch(self, repository: str, name: str) -> bool:
        """Whether a branch exists."""

    def jobs(self, run: Run) -> tuple[Job, ...] | None:
        """All jobs of that attempt; a run that never started (`startup_failure`) has none.

        None when they are not known: a recording need not hold them.
        """

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:
        """The logs of these failed jobs by job id; a log that is gone is an entry with `gone` set, never an error."""

    def file(self, repository: str, path: str, ref: str = "") -> str | None:
        """Text of a file at a ref (the default branch when empty); None when it does not exist."""

    def folder(self, repository: str, path: str) -> tuple[str, ...]:
        """Names of the files in a folder at the default branch, in their order; none when there is no such folder."""

    def compare(self, repository: str, base: str, head: str) -> Comparison | None:
        """The commits from `base` to `head`; None when GitHub does not know one of them any more."""

    def secrets(self, repository: str) -> Mapping[str, datetime] | None:
        """Names of the secrets that the repository's workflows may use, and when each was last set; no value.

        None when the token may not know: GITHUB_TOKEN never may. The first refusal is the last question.
        """

    def usage(self) -> Usage:
        """What was asked so far."""

    def exhausted(self) -> str:
        """Why no further requests should be made (the budget's reserve is reached), else the empty string."""
