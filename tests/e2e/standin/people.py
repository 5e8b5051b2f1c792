"""What people and other bots do to an issue, beside the program: written into its history as GitHub writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.e2e.standin import payloads

if TYPE_CHECKING:
    from tests.e2e.standin.world import World


class Somebody:
    """A login that acts in a world, at the world's present time."""

    def __init__(self, world: World, login: str = "octocat") -> None:
        self._world, self.login = world, login

    def close(self, number: int, reason: str = "completed") -> None:
        """Close as `completed`, `not_planned` or `duplicate`."""
        self._change(number, "closed", state="closed", state_reason=reason, closed_at=self._now, closed_by=self.login)

    def reopen(self, number: int) -> None:
        """Open again."""
        self._change(number, "reopened", state="open", state_reason="reopened", closed_at=None, closed_by=None)

    def label(self, number: int, name: str) -> None:
        """Add a label."""
        self._world.labels.setdefault(name, {"name": name, "color": "ededed", "description": None})
        self._change(number, "labeled", {"label": name}, labels=[*self._issue(number)["labels"], name])

    def unlabel(self, number: int, name: str) -> None:
        """Take a label away."""
        kept = [one for one in self._issue(number)["labels"] if one != name]
        self._change(number, "unlabeled", {"label": name}, labels=kept)

    def edit(self, number: int, *, title: str = "", body: str = "") -> None:
        """Write another title or body."""
        if title:
            self._change(number, "renamed", title=title)
        if body:
            self._change(number, "", body=body)

    def comment(self, number: int, text: str) -> None:
        """Say something."""
        comments = self._world.comments.setdefault(number, [])
        made = {"id": 7000 + len(comments), "body": text, "author": self.login, "created_at": self._now}
        comments.append(made)
        self._change(number, "")

    def delete(self, number: int) -> None:
        """Delete the issue; GitHub answers 410 from then on."""
        self._world.deleted.add(number)
        self._world.issues.remove(self._issue(number))

    @property
    def _now(self) -> str:
        return payloads.stamp(self._world.now) or ""

    def _issue(self, number: int) -> dict[str, Any]:
        return next(one for one in self._world.issues if one["number"] == number)

    def _change(self, number: int, event: str, more: dict[str, Any] | None = None, **fields: Any) -> None:
        self._issue(number).update(fields, updated_at=self._now)
        if event:
            made = {"event": event, "actor": self.login, "created_at": self._now, **(more or {})}
            self._world.events.setdefault(number, []).append(made)
