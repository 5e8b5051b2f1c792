"""What the API calls cost: requests per kind, bytes, free 304s, and whether the rate limit's reserve is reached.

One `Meter` belongs to one client; PyGithub's calls (`github_client`) and log downloads (`log_download`) report to it,
from several threads.
"""

from __future__ import annotations

import re
from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING

from failure_investigator.model import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

RESERVE = 0.20
"""Part of the rate limit that is left to others: GITHUB_TOKEN's limit is shared by all workflows of a repository."""

_KINDS = (
    ("logs", re.compile(r"/actions/(runs|jobs)/.*logs$")),
    ("jobs", re.compile(r"/actions/(runs/.*/)?jobs(/\d+)?$")),
    ("runs", re.compile(r"/actions/(workflows/[^/]+/)?runs(/|$)")),
    ("workflows", re.compile(r"/actions/workflows")),
    ("files", re.compile(r"^/repos/[^/]+/[^/]+/contents/")),
    ("labels", re.compile(r"^/repos/[^/]+/[^/]+/(issues/\d+/)?labels")),
    ("comments", re.compile(r"^/repos/[^/]+/[^/]+/issues/(\d+/)?comments")),
    ("issues", re.compile(r"^/repos/[^/]+/[^/]+/issues")),
    ("compare", re.compile(r"^/repos/[^/]+/[^/]+/compare/")),
    ("repository", re.compile(r"^/repos/[^/]+/[^/]+$")),
    ("organization", re.compile(r"^/(orgs|users)/")),
)


def kind_of(url: str) -> str:
    """The kind of an API request by its URL or path, as `Usage.requests` names it; "other" when it is none of them."""
    path = re.sub(r"^https?://[^/]+", "", url).partition("?")[0]
    path = re.sub(r"^/api/v3(?=/)", "", path).rstrip("/")
    return next((kind for kind, pattern in _KINDS if pattern.search(path)), "other")


class Meter:
    """Counts API requests; thread-safe.

    `reserve` is the part of the rate limit that must stay, 0 to 1. `budget` is how many requests may be used at all, those
    that cost nothing left out; None for as many as there are.
    """

    def __init__(self, reserve: float = RESERVE, *, budget: int | None = None) -> None:
        self._reserve, self._budget = reserve, budget
        self._lock = Lock()
        self._requests: Counter[str] = Counter()
        self._bytes = 0
        self._not_modified = 0
        self._spent = 0
        self._limit = 0
        self._remaining = 0
        self._stopped = ""

    def request(self, url: str, status: int, headers: Mapping[str, str], size: int = 0) -> None:
        """Counts one answered API request; `headers` with lower-case names, `size` in bytes of its body."""
        with self._lock:
            self._requests[kind_of(url)] += 1
            self._bytes += size
            self._not_modified += status == 304
            self._spent += status != 304 and not url.partition("?")[0].endswith("/rate_limit")
            limit, remaining = headers.get("x-ratelimit-limit", ""), headers.get("x-ratelimit-remaining", "")
            if limit.isdigit() and remaining.isdigit():
                self._limit, self._remaining = int(limit), int(remaining)

    def downloaded(self, size: int) -> None:
        """Counts bytes that came from elsewhere than the API, such as a log's second hop."""
        with self._lock:
            self._bytes += size

    def stop(self, reason: str) -> None:
        """Says that no further request should be made, e.g. because a secondary limit was hit."""
        with self._lock:
            self._stopped = self._stopped or reason

    def usage(self) -> Usage:
        """What was counted so far."""
        with self._lock:
            return Usage(dict(sorted(self._requests.items())), self._bytes, self._not_modified)

    def exhausted(self) -> str:
        """Why no further request should be made, else the empty string. A server without rate limits never is."""
        with self._lock:
            if self._stopped:
                return self._stopped
            if self._budget is not None and self._spent >= self._budget:
                return f"the {self._budget} requests of its share are used"
            if not self._limit or self._remaining >= self._limit * self._reserve:
                return ""
            return (
                f"{self._remaining} of {self._limit} requests are left in this hour, "
                f"and {self._reserve:.0%} stay reserved for other workflows"
            )
