"""The reconciler: incidents + observed issues + clock → changes, each with its reason. Pure; a plan applied twice is empty.

    no issue ─▶ opening.py       open issue ─▶ standing.py       closed issue ─▶ closed.py

The table of states is in docs/design.md, "Issue lifecycle". A comment goes before the change that it tells and carries a
key, so that a sweep cut off between the two repeats neither. Writing a page costs rendering, so the pages come from
`write`, which is asked only where something changes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from failure_investigator.incidents.closed import closed_at_rest, why_reopen
from failure_investigator.incidents.fingerprint import threshold
from failure_investigator.incidents.grouping import from_marker
from failure_investigator.incidents.memory import floor_of, fresh
from failure_investigator.incidents.opening import why_open, why_wait
from failure_investigator.incidents.record import record
from failure_investigator.incidents.standing import standing
from failure_investigator.incidents.transitions import WORTH, Facts, transitions
from failure_investigator.model import Change, Incident

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from failure_investigator.incidents.grouping import Grouped
    from failure_investigator.incidents.standing import Standing
    from failure_investigator.model import Issue, Marker

MUTE = "investigator:mute"
FIRST_SWEEP = 3
"""Issues that the first sweep ever creates at most."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that decide."""

    min_failures: int = 2
    close_after: int = 2
    thresholds: Mapping[str, int] = field(default_factory=dict)
    """Cause → consecutive failures that open an issue, where another number is configured."""
    labels: tuple[str, ...] = ()
    first_sweep: bool = False
    handed_over: Mapping[int, str] = field(default_factory=dict)
    """Issue number → fingerprint of issues that a person took over."""

    def needed(self, incident: Incident) -> int:
        """The streak that opens an issue about this incident."""
        return threshold(incident.diagnosis.cause, self.min_failures, self.thresholds)


class Writer(Protocol):
    """Renders an incident's page and the comments about it."""

    def title(self, incident: Incident) -> str:
        """At most 256 characters."""

    def body(self, incident: Incident, marker: Marker, old: str) -> str:
        """The whole body with its marker; what no log says anew is taken over from the `old` one."""

    def comment(self, facts: Facts, key: str) -> str:
        """A comment's text, with its key in it."""


class Draft:
    """Pages without content, to see what would be written about."""

    def title(self, incident: Incident) -> str:
        """See `Writer.title`."""
        return incident.fingerprint

    def body(self, incident: Incident, marker: Marker, old: str) -> str:  # noqa: ARG002 (the protocol's signature)
        """See `Writer.body`."""
        return incident.fingerprint

    def comment(self, facts: Facts, key: str) -> str:  # noqa: ARG002 (the protocol's signature)
        """See `Writer.comment`."""
        return key


def decide(
    groups: Sequence[Grouped], repository: str, rules: Rules, write: Writer, now: datetime
) -> tuple[Change, ...]:
    """The changes of each incident, `none` with its reason included; the largest incident first."""
    changes: list[Change] = []
    created = 0
    for grouped in groups:
        found = list(_Case(grouped, repository, rules, write, now).changes())
        created += any(change.verb == "create" for change in found)
        if rules.first_sweep and created > FIRST_SWEEP and any(change.verb == "create" for change in found):
            found = [_none(grouped, repository, f"the first sweep creates {FIRST_SWEEP} issues at most")]
        changes += found
    return tuple(changes)


def in_question(groups: Sequence[Grouped]) -> tuple[int, ...]:
    """Numbers of the closed issues that failed: who closed them decides, and a listing does not tell it."""
    return tuple(
        grouped.issue.number
        for grouped in groups
        if grouped.issue is not None and grouped.issue.state == "closed" and grouped.incident.findings
    )


def _none(grouped: Grouped, repository: str, reason: str) -> Change:
    number = grouped.issue.number if grouped.issue else None
    return Change("none", repository, reason, grouped.incident.fingerprint, number)


@dataclass(frozen=True, slots=True)
class _Case:
    """One incident to decide about."""

    grouped: Grouped
    repository: str
    rules: Rules
    write: Writer
    now: datetime

    def changes(self) -> Iterator[Change]:
        """The changes for it and for its twins."""
        issue = self.grouped.issue
        if issue is None or issue.marker is None:
            yield self._without_issue()
        elif MUTE in issue.labels:
            yield self._none(f"issue #{issue.number} is muted by its label")
        elif issue.state == "closed":
            yield from self._closed(issue, issue.marker)
        else:
            yield from self._open(issue, issue.marker)
        for twin in self.grouped.twins:
            if issue is not None:
                yield from duplicate(issue, twin, self.repository, self.write)

    def _none(self, reason: str) -> Change:
        return _none(self.grouped, self.repository, reason)

    def _without_issue(self, earlier: int = 0) -> Change:
        incident = self.grouped.incident
        for number, fingerprint in self.rules.handed_over.items():
            if fingerprint in (incident.fingerprint, *incident.aliases):
                return self._none(f"issue #{number} was handed over to people")
        needed = self.rules.needed(incident)
        reason = why_open(incident, needed)
        if not reason:
            return self._none(why_wait(incident, needed))
        return self._created(reason, earlier)

    def _created(self, reason: str, earlier: int) -> Change:
        incident = self.grouped.incident
        made = record(incident, None, self.repository, self.rules.close_after)
        title = self.write.title(incident)
        marker = replace(made, since=made.first_seen, announced=made.total, title=_digest(title), earlier=earlier)
        marker = self._quiet(marker)
        return Change(
            "create", self.repository, reason, incident.fingerprint,
            title=title, body=self.write.body(incident, marker, ""), labels=self.rules.labels,
        )  # fmt: skip

    def _quiet(self, marker: Marker) -> Marker:
        """The marker of an issue that opens, as dormant if what is found so late has long been quiet."""
        now = standing(self.grouped.incident, marker, self.rules.close_after, self.now, fresh=True)
        return replace(marker, state=now.state, since=now.since) if now.state == "dormant" else marker

    def _open(self, issue: Issue, before: Marker) -> Iterator[Change]:
        """An open issue: what the runs say of it now, told where it is a transition, silent where it is not."""
        incident = self.grouped.incident
        floored = replace(before, floor=floor_of(issue, before))
        counted = record(incident, floored, self.repository, self.rules.close_after)
        more = any(fresh(streak, before) for streak in incident.counted)
        now = standing(incident, counted, self.rules.close_after, self.now, fresh=more)
        moved = now.state != before.state or now.state in ("resolved", "abandoned")
        marker = replace(counted, state=now.state, since=now.since if moved or not before.since else before.since)
        if marker == before:
            yield self._none(now.why)
            return
        facts = Facts(incident, issue, before, marker, now.why)
        moves = transitions(facts)
        yield from told(facts, moves, self.repository, self.write)
        marker = replace(marker, told=before.told + bool(moves), announced=_announced(marker, moves))
        yield self._written(issue, marker, self._reason(before, now), moves)

    def _reason(self, before: Marker, now: Standing) -> str:
        more = len({f.run.key for streak in self.grouped.incident.counted for f in fresh(streak, before)})
        return f"{more} more failed run{'s' if more > 1 else ''}" if more and now.state == "open" else now.why

    def _closed(self, issue: Issue, before: Marker) -> Iterator[Change]:
        """A closed issue: opened again only for what is new since, and only where nobody said to leave it."""
        incident = self.grouped.incident
        needed = self.rules.needed(incident)
        reopening = why_reopen(incident, issue, needed)
        if reopening is None:
            yield self._none(closed_at_rest(incident, issue, needed))
            return
        if reopening.anew:
            yield self._without_issue(issue.number)
            return
        counted = record(incident, before, self.repository, self.rules.close_after)
        marker = replace(
            counted, state="open", since=reopening.since, told=before.told + 1, announced=counted.total,
            insisted=before.insisted or reopening.transition == "insisted",
        )  # fmt: skip
        marker = self._quiet(marker)
        facts = Facts(incident, issue, before, marker, reopening.why)
        yield from told(facts, (reopening.transition,), self.repository, self.write)
        yield self._written(issue, marker, reopening.why, (reopening.transition,))

    def _written(self, issue: Issue, marker: Marker, reason: str, moves: tuple[str, ...]) -> Change:
        """The page written again, with what the state means for the issue."""
        incident = self.grouped.incident
        title = self._title(issue, marker)
        marker = replace(marker, title=_digest(title) if title else marker.title)
        verb, state_reason = WORTH.get(moves[0] if moves else "", ("update", ""))
        body = self.write.body(incident, marker, issue.body)
        return Change(
            verb, self.repository, reason, incident.fingerprint, issue.number, title, body,
            state_reason=state_reason, transition=moves[0] if moves else "",
        )  # fmt: skip

    def _title(self, issue: Issue, marker: Marker) -> str:
        """The new title; '' where a log said nothing new, or a person chose the present one."""
        read = any(f.how == "read" for streak in self.grouped.incident.counted for f in streak.findings)
        theirs = bool(marker.title) and _digest(issue.title) != marker.title
        return self.write.title(self.grouped.incident) if read and not theirs else ""


def told(facts: Facts, transitions: tuple[str, ...], repository: str, write: Writer) -> Iterator[Change]:
    """The comment about a transition, before the change itself; none for silence."""
    if not transitions:
        return
    # Of a sweep that was cut off and overtaken by new runs a comment may stand that told something else.
    key = f"{facts.before.fingerprint}:{facts.before.told + 1}:{transitions[0]}:{facts.after.since}"
    facts = replace(facts, told=transitions)
    yield Change(
        "comment", repository, facts.why, facts.incident.fingerprint, facts.issue.number,
        body=write.comment(facts, key), transition=transitions[0], key=key,
    )  # fmt: skip


def duplicate(original: Issue, twin: Issue, repository: str, write: Writer) -> Iterator[Change]:
    """The higher-numbered of two issues about the same is closed: two sweeps at once filed both."""
    before = twin.marker
    if before is None or MUTE in twin.labels:
        return
    why = f"duplicate of #{original.number}"
    marker = replace(before, state="duplicate", told=before.told + 1, earlier=original.number)
    incident = Incident(before.fingerprint, from_marker(before), (), before.aliases)
    yield from told(Facts(incident, twin, before, marker, why), ("duplicate",), repository, write)
    yield Change(
        "close", repository, why, before.fingerprint, twin.number, body=write.body(incident, marker, twin.body),
        state_reason="duplicate", transition="duplicate",
    )  # fmt: skip


def _announced(marker: Marker, moves: tuple[str, ...]) -> int:
    """How many failed runs the issue's readers were last told of."""
    return marker.total if "widened" in moves else marker.announced


def _digest(title: str) -> str:
    return hashlib.sha256(title.encode()).hexdigest()[:12]
