"""The reconciler: incidents + observed issues → changes, each with its reason. Pure; applying a plan twice does nothing.

Writing a page costs rendering, so the pages come from `write`, which is asked only where something changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from failure_investigator.incidents.fingerprint import threshold
from failure_investigator.incidents.memory import fresh
from failure_investigator.model import Change
from failure_investigator.trackers.marker import merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from failure_investigator.incidents.grouping import Grouped
    from failure_investigator.model import Incident, Issue, Marker, Streak

MUTE = "investigator:mute"
WIDE = 3
"""Workflows in one window that open an incident of a persistent cause at once."""
FIRST_SWEEP = 3
"""Issues that the first sweep ever creates at most."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that decide."""

    min_failures: int = 2
    labels: tuple[str, ...] = ()
    first_sweep: bool = False
    handed_over: Mapping[int, str] = field(default_factory=dict)
    """Issue number → fingerprint of issues that a person took over."""


class Writer(Protocol):
    """Renders an incident's page."""

    def title(self, incident: Incident) -> str:
        """At most 256 characters."""

    def body(self, incident: Incident, before: Marker | None) -> str:
        """The whole body with its marker; `before` is what the issue already recorded."""


class Draft:
    """A page without content, to see what would be written about."""

    def title(self, incident: Incident) -> str:
        """See `Writer.title`."""
        return incident.fingerprint

    def body(self, incident: Incident, before: Marker | None) -> str:  # noqa: ARG002 (the protocol's signature)
        """See `Writer.body`."""
        return incident.fingerprint


def decide(groups: Sequence[Grouped], repository: str, rules: Rules, write: Writer) -> tuple[Change, ...]:
    """One change per incident, `none` with its reason included; the largest incident first."""
    changes = [_decide(group, repository, rules, write) for group in groups]
    return tuple(_first_sweep(changes) if rules.first_sweep else changes)


def _decide(group: Grouped, repository: str, rules: Rules, write: Writer) -> Change:
    incident, issue = group.incident, group.issue
    if issue is None:
        return _without_issue(incident, repository, rules, write)
    if issue.state == "closed":
        return _none(
            incident, repository, f"issue #{issue.number} is closed ({issue.state_reason or 'no reason'})", issue
        )
    if MUTE in issue.labels:
        return _none(incident, repository, f"issue #{issue.number} is muted by its label", issue)
    more = new_runs(incident, issue.marker)
    if not more:
        return _none(incident, repository, "nothing new since the issue was written", issue)
    title, body = write.title(incident), merge(issue.body, write.body(incident, issue.marker))
    if (title, body) == (issue.title, issue.body):
        return _none(incident, repository, "the issue says it already", issue)
    reason = f"{len(more)} more failed run{'s' if len(more) > 1 else ''}"
    return Change("update", repository, reason, incident.fingerprint, issue.number, title, body)


def _without_issue(incident: Incident, repository: str, rules: Rules, write: Writer) -> Change:
    for number, fingerprint in rules.handed_over.items():
        if fingerprint in (incident.fingerprint, *incident.aliases):
            return _none(incident, repository, f"issue #{number} was handed over to people")
    reason = why_open(incident, rules.min_failures)
    if not reason:
        return _none(incident, repository, why_wait(incident, rules.min_failures))
    return Change(
        "create",
        repository,
        reason,
        incident.fingerprint,
        title=write.title(incident),
        body=write.body(incident, None),
        labels=rules.labels,
    )


def why_open(incident: Incident, min_failures: int) -> str:
    """Why an incident without an issue gets one; '' when it does not."""
    going = list(_going(incident))
    longest = max((len(streak.findings) for streak in going), default=0)
    if longest >= threshold(incident.diagnosis.cause, min_failures):
        return f"{longest} consecutive failed runs"
    workflows = {(streak.stream.repository, streak.workflow.id) for streak in going}
    if incident.diagnosis.cause.persistent and len(workflows) >= WIDE:
        return f"seen in {len(workflows)} workflows"
    return ""


def why_wait(incident: Incident, min_failures: int) -> str:
    """Why an incident gets no issue yet."""
    needed = threshold(incident.diagnosis.cause, min_failures)
    if all(streak.stream.kind == "none" for streak in incident.streaks):
        return "only runs from forks or Dependabot, which get no secrets"
    if not list(_going(incident)):
        return "the runs recovered by themselves"
    longest = max(len(streak.findings) for streak in _going(incident))
    return f"{longest} of {needed} consecutive failed runs"


def _going(incident: Incident) -> Iterator[Streak]:
    """The streaks that may open an incident: with secrets, and not followed by a success."""
    return (s for s in incident.streaks if s.stream.kind != "none" and not s.good)


def new_runs(incident: Incident, marker: Marker | None) -> tuple[str, ...]:
    """Keys of the incident's failed runs that the issue does not know yet. Fork and bot runs do not count."""
    streaks = [streak for streak in incident.streaks if streak.stream.kind != "none"]
    return tuple(finding.run.key for streak in streaks for finding in fresh(streak, marker))


def _none(incident: Incident, repository: str, reason: str, issue: Issue | None = None) -> Change:
    return Change("none", repository, reason, incident.fingerprint, issue.number if issue else None)


def _first_sweep(changes: list[Change]) -> Iterator[Change]:
    """On the first sweep ever the largest incidents only: nobody wants ten issues from a bot they just met."""
    created = 0
    for change in changes:
        created += change.verb == "create"
        if change.verb == "create" and created > FIRST_SWEEP:
            yield Change(
                "none", change.repository, f"the first sweep creates {FIRST_SWEEP} issues at most", change.fingerprint
            )
        else:
            yield change
