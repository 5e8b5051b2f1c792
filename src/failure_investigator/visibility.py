"""Where evidence may go: never to more people than may read its source. Public < internal < private. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from failure_investigator.model import Repository

_RANK = {"public": 0, "internal": 1, "private": 2}


def counts_only(repository: Repository, target: Repository, *, allowed: bool) -> bool:
    """Whether only counts of a repository may be filed in `target`.

    Raises `TargetError` when that would be needed and is not `allowed` (`redact-private`).
    """
    less = _RANK[target.visibility] < _RANK[repository.visibility]
    if less and not allowed:
        raise TargetError(
            f"Evidence of {repository.name} ({repository.visibility}) would go to {target.name} ({target.visibility})",
            do="Name an issue-repository that is at least as restricted, or set redact-private: true.",
        )
    return less


def check_home(home: Repository, repositories: Iterable[Repository]) -> None:
    """Raises `TargetError` when the sweep's own run could be read by more people than a swept repository.

    Its log, summary and artifacts show what was found.
    """
    for repository in repositories:
        if _RANK[home.visibility] < _RANK[repository.visibility]:
            raise TargetError(
                f"Evidence of {repository.name} ({repository.visibility}) would stand in the runs of {home.name} "
                f"({home.visibility})",
                do="Sweep from a repository that is at least as restricted, or leave it out (visibility, exclude-repositories).",
            )
