"""What was decided about each issue, in one piece: a comment and the change that it tells are two requests, but one act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.model import Applied

_DONE = {"create": "created", "update": "updated", "close": "closed", "reopen": "reopened", "none": "none"}
_COMMENTED = "with a comment"


@dataclass(frozen=True, slots=True)
class Decision:
    """All that was done to one issue, or to none, in its order."""

    steps: tuple[Applied, ...]

    @property
    def main(self) -> Applied:
        """The last step that is no comment: where the issue stands now."""
        return next((step for step in reversed(self.steps) if step.change.verb != "comment"), self.steps[-1])

    @property
    def fingerprint(self) -> str:
        """The incident's."""
        return self.main.change.fingerprint

    @property
    def number(self) -> int | None:
        """The issue's; None where there is none."""
        return self.main.number

    @property
    def url(self) -> str:
        """The issue's page, where a step told it."""
        return next((step.url for step in (self.main, *self.steps) if step.url), "")

    @property
    def changes(self) -> bool:
        """Whether anything is done, or would have been."""
        return self.main.change.verb != "none"

    @property
    def words(self) -> str:
        """`closed, with a comment`; what was left is still to do: `to close`."""
        acts = [step for step in self.steps if step.change.verb != "comment"]
        found = [f"to {step.change.verb}" if step.deferred else _DONE[step.change.verb] for step in acts]
        commented = any(step.change.verb == "comment" and not step.deferred for step in self.steps)
        return ", ".join([*found, *([_COMMENTED] if commented else [])]) or "to comment"

    @property
    def reason(self) -> str:
        """Why, and why something was left."""
        left = next((step.deferred for step in self.steps if step.deferred), "")
        return f"{self.main.change.reason}; left: {left}" if left else self.main.change.reason


def decisions(applied: Sequence[Applied]) -> tuple[Decision, ...]:
    """One for each issue and each incident without one, in the order in which they were decided."""
    found: dict[tuple[str, str, int | None], list[Applied]] = {}
    for done in applied:
        found.setdefault((done.change.repository, done.change.fingerprint, done.number), []).append(done)
    return tuple(Decision(tuple(steps)) for steps in found.values())


def by_incident(applied: Sequence[Applied]) -> dict[str, Decision]:
    """Fingerprint → what was decided about the incident itself; a twin of its issue comes after it."""
    found: dict[str, Decision] = {}
    for decision in decisions(applied):
        found.setdefault(decision.fingerprint, decision)
    return found
