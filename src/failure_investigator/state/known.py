"""The issues that a state file knows of: a listing that does not show an open one is not whole.

Deleted and transferred ones are forgotten once the tracker was asked for them by number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.state.file import KnownIssue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from failure_investigator.model import Applied, Memory
    from failure_investigator.state.file import StateFile

GONE = "gone"
_STATES = {"create": "open", "reopen": "open", "close": "closed"}


def known_issues(state: StateFile | None, repository: str) -> tuple[int, ...]:
    """Numbers of the issues that were open when they were last seen, and have to be there still."""
    known = state.issues(repository) if state is not None else {}
    return tuple(number for number, issue in known.items() if issue.state == "open")


def keep_issues(state: StateFile | None, repository: str, memory: Memory, applied: Iterable[Applied]) -> None:
    """Keeps what was observed and what was done since; one that was known and is not there any more is gone."""
    if state is None:
        return
    seen = {each.number: KnownIssue(each.marker.fingerprint, each.state) for each in memory.issues if each.marker}
    seen |= {number: KnownIssue(mark, "open") for number, mark in memory.handed_over}
    lost = {number for number in known_issues(state, repository) if number not in seen}
    for done in applied:
        if done.number and not done.deferred and done.change.verb in _STATES:
            seen[done.number] = KnownIssue(done.change.fingerprint, _STATES[done.change.verb])
    state.keep_issues(repository, seen | {number: KnownIssue("", GONE) for number in lost - seen.keys()})
