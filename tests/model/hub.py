"""GitHub's issues in memory: what the tracker asks of the API, what people do there, and what goes wrong on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import requests
from github import GithubException, UnknownObjectException

from tests.model.facts import NAME

if TYPE_CHECKING:
    from collections.abc import Callable

BOT = "github-actions[bot]"
OTHER_BOT = "stale[bot]"
PERSON = "mona"
PAGE = 100


class Killed(BaseException):
    """The process is gone; nothing in it may react."""


@dataclass
class Fault:
    """What goes wrong once, at the `at`-th request of its sort.

    At a write: `before` and `after` (killed), `lost` (done, and the reply is lost), `broken` (502, not done), `limit` (the
    secondary limit), `between` (another sweep runs first). At any request: `down` (no answer).
    """

    kind: str = ""
    at: int = 0
    between: Callable[[], object] = lambda: None
    seen: int = 0
    struck: bool = False

    def asked(self) -> None:
        """A request that writes nothing."""
        if self._strikes("down"):
            raise requests.exceptions.ConnectionError("no answer")

    def strikes(self, *kinds: str) -> bool:
        """Whether one of these happens at this write."""
        return self._strikes(*kinds)

    def _strikes(self, *kinds: str) -> bool:
        if self.struck or self.kind not in kinds:
            return False
        self.seen += 1
        self.struck = self.seen > self.at
        return self.struck


@dataclass
class Post:
    """An issue with its comments, as GitHub keeps it."""

    number: int
    title: str
    body: str
    labels: list[str]
    author: str
    updated_at: datetime
    state: str = "open"
    state_reason: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None
    reopened: list[tuple[str, datetime]] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    """(login, text)."""
    writes: int = 0
    """How often the bot changed it."""

    def close(self, login: str, reason: str, now: datetime) -> None:
        """Closed by somebody."""
        self.state, self.state_reason = "closed", reason
        self.closed_by, self.closed_at, self.updated_at = login, now, now

    def reopen(self, login: str, now: datetime) -> None:
        """Opened again by somebody."""
        self.state, self.state_reason = "open", "reopened"
        self.closed_by, self.closed_at, self.updated_at = "", None, now
        self.reopened.append((login, now))


class Hub:
    """All issues of the repository; `request` is what the tracker asks, as the bot."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.posts: dict[int, Post] = {}
        self.clock = clock
        self.labels: set[str] = set()
        self.written = 0

    def open(self, login: str, title: str, body: str, labels: list[str]) -> Post:
        """A new issue."""
        number = len(self.posts) + 1
        self.posts[number] = Post(number, title, body, labels, login, self.clock())
        return self.posts[number]

    def asker(self, fault: Fault) -> Callable[[str, str, dict[str, Any] | None], Any]:
        """The API for one sweep, with what goes wrong in it."""

        def request(verb: str, path: str, payload: dict[str, Any] | None) -> Any:
            fault.asked()
            if verb == "GET":
                return self._get(path, payload or {})
            if fault.strikes("between"):
                fault.between()
            if fault.strikes("before"):
                raise Killed
            if fault.strikes("broken"):
                raise GithubException(502, {"message": "Server Error"}, {})
            if fault.strikes("limit"):
                message = {"message": "You have exceeded a secondary rate limit"}
                raise GithubException(403, message, {"retry-after": "120"})
            answer = self._write(path, payload or {})
            if fault.strikes("after"):
                raise Killed
            if fault.strikes("lost"):
                raise requests.exceptions.ConnectionError("reset")
            return answer

        return request

    def _get(self, path: str, query: dict[str, Any]) -> Any:
        parts = path.removeprefix(f"/repos/{NAME}/issues").strip("/").split("/")
        if parts == [""]:
            return self._page([self._json(post) for post in self._listed(query)], query)
        post = self.posts.get(int(parts[0]))
        if post is None:
            raise UnknownObjectException(404, {"message": "Not Found"}, {})
        if parts[1:] == ["comments"]:
            return self._page([{"user": {"login": login}, "body": text} for login, text in post.comments], query)
        if parts[1:] == ["events"]:
            made = [{"event": "reopened", "actor": {"login": by}, "created_at": _text(at)} for by, at in post.reopened]
            return self._page(made, query)
        return self._json(post) | {"closed_by": _user(post.closed_by) if post.closed_by else None}

    def _listed(self, query: dict[str, Any]) -> list[Post]:
        since = datetime.fromisoformat(query["since"]) if "since" in query else None
        found = [
            post
            for post in self.posts.values()
            if post.author == query["creator"]
            and post.state == query["state"]
            and (since is None or post.updated_at >= since)
        ]
        return sorted(found, key=lambda post: post.updated_at, reverse=True)

    def _page(self, items: list[Any], query: dict[str, Any]) -> list[Any]:
        start = (int(query.get("page", 1)) - 1) * PAGE
        return items[start : start + PAGE]

    def _write(self, path: str, payload: dict[str, Any]) -> Any:
        self.written += 1
        if path.endswith("/labels"):
            if payload["name"] in self.labels:
                raise GithubException(422, {"errors": [{"code": "already_exists"}]}, {})
            self.labels.add(payload["name"])
            return {}
        if path.endswith("/issues"):
            made = self.open(BOT, payload["title"], payload["body"], payload["labels"])
            made.writes += 1
            return self._json(made)
        post = self.posts[int(re.findall(r"/issues/(\d+)", path)[0])]
        post.writes += 1
        post.updated_at = self.clock()
        if path.endswith("/comments"):
            post.comments.append((BOT, payload["body"]))
            return {}
        self._patch(post, payload)
        return self._json(post)

    def _patch(self, post: Post, payload: dict[str, Any]) -> None:
        post.title, post.body = payload.get("title", post.title), payload.get("body", post.body)
        if payload.get("state") == "closed" and post.state == "open":
            post.close(BOT, payload["state_reason"], self.clock())
        elif payload.get("state") == "open" and post.state == "closed":
            post.reopen(BOT, self.clock())

    def _json(self, post: Post) -> dict[str, Any]:
        return {
            "number": post.number, "title": post.title, "body": post.body, "state": post.state,
            "state_reason": post.state_reason or None, "user": _user(post.author), "labels": list(post.labels),
            "closed_at": _text(post.closed_at) if post.closed_at else None,
            "html_url": f"https://github.com/{NAME}/issues/{post.number}",
        }  # fmt: skip


def forgotten(post: Post, now: datetime) -> bool:
    """Whether a closed issue is older than the tracker looks back at first."""
    return post.state == "closed" and post.updated_at < now - timedelta(days=100)


def _user(login: str) -> dict[str, str]:
    return {"login": login, "type": "Bot" if login.endswith("[bot]") else "User"}


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
