"""Looks which runs really ran the refused jobs, and whether what failed again is on an older commit than the cure.

A green run in which the job was skipped proves nothing, and only the run's jobs tell it apart. Asked are as few as decide:
the first green runs after a failure, then the newest, and the green run before the failures.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from failure_investigator.errors import RefusedError
from failure_investigator.incidents.closed import newer
from failure_investigator.incidents.memory import cloaked
from failure_investigator.readings import WORKERS

if TYPE_CHECKING:
    from failure_investigator.incidents.streaks import Walk
    from failure_investigator.model import Issue, Marker, Run, Streak
    from failure_investigator.sources.base import Source
    from failure_investigator.swept import Swept

COMMITS = 5
"""Commits that are compared with the cure's, of one stream and sweep."""


def prove(source: Source, swept: Swept, close_after: int) -> None:
    """Asks until nothing is left that would decide something, within the budget."""
    asked: set[str] = set()
    while wanted := _wanted(swept, close_after, asked):
        if swept.exhausted(source):
            return
        with ThreadPoolExecutor(WORKERS) as pool:
            for run, jobs in zip(wanted, pool.map(source.jobs, wanted), strict=True):
                swept.told(run, jobs)
        asked |= {run.key for run in wanted}


def compare(source: Source, swept: Swept) -> None:
    """Marks what failed again in closed issues on commits that are known to be older than the cure."""
    for cluster, streak in list(swept.streaks()):
        issue = cluster.issue
        if issue is not None and issue.marker is not None and issue.state == "closed":
            _compare(source, swept, issue, issue.marker, streak)


def _wanted(swept: Swept, close_after: int, asked: set[str]) -> list[Run]:
    """The runs to ask about next, each once."""
    found: dict[str, Run] = {}
    for _, walk in swept.walks():
        found |= {run.key: run for run in _of(walk, close_after) if run.key not in asked and run.key not in swept.jobs}
    return [found[key] for key in sorted(found)]


def _of(walk: Walk, enough: int) -> list[Run]:
    return [] if walk.stream.key.kind == "none" else walk.wants(enough)


def _compare(source: Source, swept: Swept, issue: Issue, marker: Marker, streak: Streak) -> None:
    """Commit by commit, newest first, `COMMITS` at most; what nobody knows counts as not older."""
    tracked = marker.streams.get(cloaked(str(streak.stream), sealed=marker.sealed))
    later = newer(streak, marker) if marker.state == "resolved" else []
    good = [each.sha for each in tracked.good if each.sha] if tracked else []
    for sha in list(dict.fromkeys(found.run.head_sha for found in later))[:COMMITS]:
        if not tracked or not good or sha in good:
            continue
        if sha == tracked.sha or _behind(source, swept, issue, good[0], sha):
            swept.older |= {found.run.key for found in later if found.run.head_sha == sha}


def _behind(source: Source, swept: Swept, issue: Issue, good: str, bad: str) -> bool:
    if swept.exhausted(source):
        return False
    try:
        found = source.compare(swept.repository.name, good, bad)
    except RefusedError as error:
        swept.notes.append(f"whether issue #{issue.number} regressed on an older commit is not known: {error.line()}")
        return False
    return found is not None and found.status == "behind"
