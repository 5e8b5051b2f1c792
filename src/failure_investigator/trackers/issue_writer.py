"""Single writes to issues: serial, at least a pause apart, patient once with a secondary limit, safe after a lost reply.

GitHub allows about 80 content writes a minute and tells its secondary limits only by refusing
(https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from github import GithubException

from failure_investigator.errors import IncompleteError, InvestigatorError, UnreachableError
from failure_investigator.sources.github_errors import error_message, explain_errors, is_limit

if TYPE_CHECKING:
    from collections.abc import Callable

    from failure_investigator.model import Change

    Request = Callable[[str, str, dict[str, Any] | None], Any]

LONGEST_WAIT = 60
"""Seconds of Retry-After that are waited out, once per write."""
COLOUR = "b60205"
DESCRIPTION = "Why workflow runs are refused, kept by failure-investigator"


class Deferred(Exception):  # noqa: N818 - it is a decision, not an error
    """All further writes are left to the next sweep, for the reason given."""


class IssueWriter:
    """Writes through `request(verb, path, payload)`, which raises PyGithub's exceptions for refusals."""

    def __init__(self, request: Request, repository: str, *, pause: float, sleep: Callable[[float], None]) -> None:
        self._request = request
        self._repository = repository
        self._base = f"/repos/{repository}/issues"
        self._pause = pause
        self._sleep = sleep
        self._wrote = False
        self._labels: dict[str, bool] = {}

    def create(self, change: Change, find: Callable[[str], dict[str, Any] | None]) -> dict[str, Any]:
        """Create an issue. After a lost or 5xx reply `find` looks for it by fingerprint before it is tried once more."""
        labels = [label for label in change.labels if self._label(label)]
        payload = {"title": change.title, "body": change.body, "labels": labels}
        try:
            return dict(self._write("POST", self._base, payload, "create an issue"))
        except (UnreachableError, IncompleteError):
            found = find(change.fingerprint)
            return found if found is not None else dict(self._write("POST", self._base, payload, "create an issue"))

    def comment(self, change: Change, number: int, has: Callable[[int, str], bool]) -> dict[str, Any]:
        """Comment, once a key: `has(number, key)` tells whether an earlier sweep or a lost reply left it there."""
        if change.key and has(number, change.key):
            return {}
        path, payload = f"{self._base}/{number}/comments", {"body": change.body}
        try:
            return dict(self._write("POST", path, payload, f"comment on issue #{number}"))
        except (UnreachableError, IncompleteError):
            if not change.key or has(number, change.key):
                return {}
            return dict(self._write("POST", path, payload, f"comment on issue #{number}"))

    def change(self, change: Change, number: int) -> dict[str, Any]:
        """Update, close or reopen."""
        payload: dict[str, Any] = {}
        if change.title:
            payload["title"] = change.title
        if change.body:
            payload["body"] = change.body
        if change.verb in ("close", "reopen"):
            payload["state"] = "closed" if change.verb == "close" else "open"
            payload["state_reason"] = change.state_reason or ("completed" if change.verb == "close" else "reopened")
        return dict(self._write("PATCH", f"{self._base}/{number}", payload, f"update issue #{number}"))

    def _label(self, name: str) -> bool:
        """Whether a label is there; made once with colour and description. A missing label never stops a create."""
        if name not in self._labels:
            payload = {"name": name, "color": COLOUR, "description": DESCRIPTION}
            try:
                self._paced("POST", f"/repos/{self._repository}/labels", payload)
                self._labels[name] = True
            except GithubException as error:
                self._labels[name] = error.status == 422 and "already_exists" in str(error.data)
            except InvestigatorError:
                self._labels[name] = False
        return self._labels[name]

    def _write(self, verb: str, path: str, payload: dict[str, Any], doing: str) -> Any:
        """One write; a short secondary limit is waited out once, a longer or second one ends all writing."""
        for attempt in (1, 2):
            try:
                return self._paced(verb, path, payload)
            except GithubException as error:
                self._after(error, doing, attempt)
        raise Deferred("GitHub's secondary rate limit")

    def _after(self, error: GithubException, doing: str, attempt: int) -> None:
        """Return when the write may be tried again; raises what ends it."""
        headers = {str(key).lower(): str(value) for key, value in (error.headers or {}).items()}
        if is_limit(error.status, error_message(error), headers):
            wait = headers.get("retry-after", "")
            if attempt == 1 and re.fullmatch(r"\d{1,4}", wait) and int(wait) <= LONGEST_WAIT:
                self._sleep(int(wait))
                return
            raise Deferred(f"GitHub's secondary rate limit{f' (Retry-After {wait} s)' if wait else ''}")
        with explain_errors(f"{doing} in {self._repository}", permission="issues: write", repository=self._repository):
            raise error

    def _paced(self, verb: str, path: str, payload: dict[str, Any]) -> Any:
        if self._wrote and self._pause:
            self._sleep(self._pause)
        self._wrote = True
        return self._request(verb, path, payload)
