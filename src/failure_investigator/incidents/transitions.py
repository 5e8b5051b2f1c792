"""Which changes of an open issue people are told of, and what each means for the issue. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from failure_investigator.incidents.memory import stream_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.model import Incident, Issue, Marker, Verb

TENFOLD = 10
"""So many times the failed runs that were last announced are worth a comment."""
_Reason = Literal["", "completed", "not_planned", "reopened", "duplicate"]
WORTH: Mapping[str, tuple[Verb, _Reason]] = {
    "resolved": ("close", "completed"),
    "abandoned": ("close", "not_planned"),
    "duplicate": ("close", "duplicate"),
    "regressed": ("reopen", "reopened"),
    "claimed": ("reopen", "reopened"),
    "insisted": ("reopen", "reopened"),
}
"""Transition → (verb, reason of the new state); any other is an update."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a comment is made of: the incident, its issue, and what the marker says before and after."""

    incident: Incident
    issue: Issue
    before: Marker
    after: Marker
    why: str
    told: tuple[str, ...] = ()
    """The transitions, the weightiest first."""

    @property
    def added(self) -> tuple[str, ...]:
        """Keys of streams whose workflow or repository the issue did not name before; none once it has no room for all."""
        if self.before.more:
            return ()
        known = {_scope(key) for key in self.before.streams}
        return tuple(key for key in self.after.streams if _scope(key) not in known)


def transitions(facts: Facts) -> tuple[str, ...]:
    """What people are told of an open issue; nothing for more failures, a first good run, or silence."""
    state = facts.after.state
    if state in ("resolved", "abandoned"):
        return (state,)
    found = []
    if facts.before.cause and facts.after.cause != facts.before.cause:
        found.append("reclassified")
    tenfold = facts.before.announced and facts.after.total >= TENFOLD * facts.before.announced
    if (facts.added and facts.before.streams) or tenfold:
        found.append("widened")
    return tuple(found)


def _scope(key: str) -> str:
    """The repository and workflow of a stream; a sealed key is by itself."""
    parsed = stream_key(key)
    return f"{parsed.repository}:{parsed.workflow_id}" if parsed else key
