"""GitHub's JSON of an issue and of its events, as the model has them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from failure_investigator.model import Issue

if TYPE_CHECKING:
    from collections.abc import Iterable


def issue_of(repository: str, item: dict[str, Any]) -> Issue:
    """The issue of a REST answer. Lists leave `closed_by` out; a body comes back with the line ends of whoever wrote it."""
    closed_at = item.get("closed_at")
    closer = item.get("closed_by") or {}
    login = str(closer.get("login", ""))
    return Issue(
        repository=repository,
        number=int(item["number"]),
        title=str(item.get("title") or ""),
        body=str(item.get("body") or "").replace("\r\n", "\n"),
        state="closed" if item.get("state") == "closed" else "open",
        state_reason=str(item.get("state_reason") or ""),
        author=str((item.get("user") or {}).get("login", "")),
        labels=tuple(str(label["name"]) if isinstance(label, dict) else str(label) for label in item.get("labels", ())),
        closed_at=_moment(closed_at) if closed_at else None,
        closed_by=login,
        closed_by_bot=closer.get("type") == "Bot" or login.endswith("[bot]"),
        url=str(item.get("html_url", "")),
    )


def reopened_by_others(events: Iterable[dict[str, Any]], login: str) -> datetime | None:
    """When somebody other than `login` last opened an issue again; None when nobody did."""
    theirs = (
        event
        for event in events
        if event.get("event") == "reopened"
        and str((event.get("actor") or {}).get("login", "")).lower() != login.lower()
    )
    return max((_moment(str(event["created_at"])) for event in theirs), default=None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
