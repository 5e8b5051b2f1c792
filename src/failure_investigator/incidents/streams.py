"""Runs → streams: workflow × class of runs, newest first by the start of the latest attempt (docs/design.md, "The words").

Classes: the default branch (all its events together), each other long-lived branch, and all other heads of the same
repository together (pull requests, feature branches, tags): a fix on one of those shows on the next, not on itself.
Runs that get no secrets (forks, Dependabot) are a class of their own, which never opens, extends or closes an incident.
"""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from failure_investigator.model import Run, Stream, StreamKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONG_LIVED = (
    "main", "master", "trunk", "develop", "development", "dev", "next", "staging", "production", "stable", "stable/*",
    "release/*", "releases/*", "release-*", "*.x",
)  # fmt: skip
"""Names that a branch which lives on has by convention; the `branches` input replaces them."""


def stream_of(run: Run, default_branch: str, long_lived: Sequence[str] = ()) -> StreamKey:
    """The stream that a run belongs to. `long_lived` are globs; empty means `LONG_LIVED`."""
    if run.without_secrets:
        return StreamKey(run.repository, run.workflow.id, "none")
    if run.event.startswith("pull_request"):
        return StreamKey(run.repository, run.workflow.id, "pull_request")
    if run.branch == default_branch:
        return StreamKey(run.repository, run.workflow.id, "default")
    if any(fnmatchcase(run.branch, glob) for glob in long_lived or LONG_LIVED):
        return StreamKey(run.repository, run.workflow.id, "branch", run.branch)
    return StreamKey(run.repository, run.workflow.id, "pull_request")


def streams(runs: Iterable[Run], default_branch: str, long_lived: Sequence[str] = ()) -> dict[StreamKey, Stream]:
    """All streams by key; a run is in one stream, once, at its latest attempt."""
    latest: dict[int, Run] = {}
    for run in runs:
        known = latest.get(run.id)
        if known is None or run.attempt > known.attempt:
            latest[run.id] = run
    sorted_runs: defaultdict[StreamKey, list[Run]] = defaultdict(list)
    for run in sorted(latest.values(), key=lambda run: (run.started_at, run.id), reverse=True):
        sorted_runs[stream_of(run, default_branch, long_lived)].append(run)
    return {key: Stream(key, tuple(members)) for key, members in sorted(sorted_runs.items())}
