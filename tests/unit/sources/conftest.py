"""A small hub that answers PyGithub and httpx from a table, without a socket, and keeps a journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from github.Requester import Requester

from failure_investigator.sources.github import GitHubSource

API = "http://api.test"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TOKEN = "gh" + "s_" + "t" * 36


@dataclass
class Asked:
    """One request as the hub saw it."""

    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Answer:
    """What the hub says: a body of bytes or anything that JSON can hold."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Rule = Answer | list[Answer] | Callable[[Asked], Answer]


class Hub:
    """Answers by path: one answer for ever, a list used up one by one (the last one stays), or a function."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self.journal: list[Asked] = []
        self.slept: list[float] = []

    def answer(self, url: str, headers: dict[str, str]) -> Answer:
        parts = urlsplit(url)
        asked = Asked(
            parts.netloc, parts.path, dict(parse_qsl(parts.query)), {k.lower(): v for k, v in headers.items()}
        )
        self.journal.append(asked)
        rule = self.rules.get(asked.path, Answer({"message": "Not Found"}, 404))
        if isinstance(rule, list):
            return rule.pop(0) if len(rule) > 1 else rule[0]
        return rule(asked) if callable(rule) else rule

    def paths(self) -> list[str]:
        """Paths in the order in which they were asked for."""
        return [asked.path for asked in self.journal]

    def httpx(self, request: httpx.Request) -> httpx.Response:
        answer = self.answer(str(request.url), dict(request.headers))
        return httpx.Response(answer.status, headers=answer.headers, content=answer.content)

    def source(self, **options: Any) -> GitHubSource:
        """A GitHub source that knows nothing but this hub."""
        defaults: dict[str, Any] = {
            "clock": lambda: NOW,
            "sleep": self.slept.append,
            "transport": httpx.MockTransport(self.httpx),
        }
        return GitHubSource(TOKEN, API, **(defaults | options))


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub in the place of PyGithub's connections (its own hook for tests) and of httpx's transport."""
    it = Hub()

    class Connection:
        def __init__(self, host: str, *_: Any, **__: Any) -> None:
            self.host = host

        def request(self, _verb: str, url: str, _body: Any, headers: dict[str, str], *_: Any) -> None:
            self.answered = it.answer(f"http://{self.host}{url}", headers)

        def getresponse(self) -> Any:
            return self

        @property
        def status(self) -> int:
            return self.answered.status

        def getheaders(self) -> Any:
            return self.answered.headers.items()

        def read(self) -> str:
            return self.answered.content.decode()

        def close(self) -> None:
            """Nothing is open."""

    Requester.injectConnectionClasses(Connection, Connection)  # type: ignore[arg-type]
    yield it
    Requester.resetConnectionClasses()


def run_json(number: int, **changes: Any) -> dict[str, Any]:
    """A run as the API tells it: the `number`-th nightly run of workflow 7 on main, failed."""
    started = f"2026-05-{number:02}T06:00:00Z"
    plain = {
        "id": 1000 + number,
        "run_number": number,
        "run_attempt": 1,
        "workflow_id": 7,
        "name": "Nightly",
        "display_title": "Fix the docs",
        "path": ".github/workflows/nightly.yml@refs/heads/main",
        "event": "push",
        "head_branch": "main",
        "head_sha": "c0ffee",
        "head_repository": {"full_name": "octo/app"},
        "actor": {"login": "mona"},
        "triggering_actor": {"login": "hubot"},
        "conclusion": "failure",
        "created_at": started,
        "run_started_at": started,
        "updated_at": f"2026-05-{number:02}T06:10:00Z",
        "html_url": f"https://github.test/octo/app/actions/runs/{1000 + number}",
    }
    return plain | changes


def runs_page(*runs: dict[str, Any], total: int | None = None) -> Answer:
    """A page of runs, newest first as given."""
    return Answer({"total_count": len(runs) if total is None else total, "workflow_runs": list(runs)})


def job_json(number: int, name: str = "build", **changes: Any) -> dict[str, Any]:
    """A failed job of run 1003 as the API tells it, with a failed third step."""
    steps = [
        {"number": 1, "name": "Set up job", "conclusion": "success"},
        {"number": 2, "name": "Run actions/checkout@v4", "conclusion": "success"},
        {"number": 3, "name": "Publish", "conclusion": "failure"},
    ]
    plain = {
        "id": number,
        "run_id": 1003,
        "run_attempt": 1,
        "name": name,
        "conclusion": "failure",
        "html_url": f"https://github.test/octo/app/actions/runs/1003/job/{number}",
        "started_at": "2026-05-03T06:00:05Z",
        "completed_at": "2026-05-03T06:09:55Z",
        "steps": steps,
    }
    return plain | changes
