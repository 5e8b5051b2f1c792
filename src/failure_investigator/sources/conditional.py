"""GETs that ask "unless it is still what I have": an unchanged answer is a 304, which is free of the rate limit.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate

GitHub's tags belong to a token (its support said so: https://github.com/eclipse-csi/otterdog/issues/201), and a workflow's
token lives an hour. But a tag is the SHA-256 of the headers Accept and Authorization and the body, as was found out at
https://github.com/bored-engineer/github-conditional-http-transport. That rule is not documented, so it is used only where the
server's own tag for an answer was just that: then the tag for the present token is made from the stored answer. Where the
rule does not hold (or not any more), the server's tag is sent as it was, and at worst the answer comes whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from github.Requester import Requester

from failure_investigator.state import StoredAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.state import StateFile

ACCEPT = "application/vnd.github+json"
_MADE = '"*"'
"""Stands in a stored tag for what is made anew for each token: nothing that came of a token is stored."""


@dataclass(frozen=True, slots=True)
class HitRate:
    """How conditional requests fared; printed, for nobody should have to assume it."""

    asked: int = 0
    """Requests for something that can be unchanged."""
    known: int = 0
    """Those of them for which an answer was stored."""
    unchanged: int = 0
    """Those that were answered 304."""

    def __str__(self) -> str:
        """For the summary."""
        if not self.asked:
            return "no conditional request"
        share = f"{self.unchanged / self.asked:.0%}"
        return f"{self.unchanged} of {self.asked} listings were unchanged (304, {share}); {self.known} were known"


class ConditionalGet:
    """GETs of a requester, answered from `state` when the server says to the present token that nothing changed."""

    def __init__(self, requester: Requester, state: StateFile) -> None:
        self._requester, self._state = requester, state
        auth = requester.auth
        self._authorization = f"{auth.token_type} {auth.token}" if auth is not None else ""
        self._lock = Lock()
        self._rate = HitRate()

    def __call__(self, path: str, query: Mapping[str, Any]) -> Any:
        """The decoded JSON. Raises PyGithub's errors; a stored answer is never a substitute for one that failed."""
        key = self._key(path, query)
        stored = self._state.answer(key)
        sent = {"Accept": ACCEPT, **({"If-None-Match": self._tag(stored)} if stored else {})}
        status, headers, text = self._requester.requestJson("GET", path, dict(query), sent)
        if status >= 400:
            raise Requester.createException(status, headers, json.loads(text or "{}"))
        unchanged = status == 304 and stored is not None
        self._count(known=stored is not None, unchanged=unchanged)
        if stored is not None and unchanged:
            self._state.answer_holds(key)
            return json.loads(stored.text)
        data = json.loads(text)
        tag = {str(name).lower(): str(value) for name, value in headers.items()}.get("etag", "")
        if status == 200 and tag:
            self._state.keep_answer(key, StoredAnswer(self._without_token(tag, text), text))
        return data

    def rate(self) -> HitRate:
        """What was asked so far."""
        with self._lock:
            return self._rate

    def _count(self, *, known: bool, unchanged: bool) -> None:
        with self._lock:
            old = self._rate
            self._rate = HitRate(old.asked + 1, old.known + known, old.unchanged + unchanged)

    def _key(self, path: str, query: Mapping[str, Any]) -> str:
        told = "&".join(f"{name}={query[name]}" for name in sorted(query))
        return f"{ACCEPT} {self._requester.base_url}{path}?{told}"

    def _tag(self, stored: StoredAnswer) -> str:
        """The tag to send: the server's own, or the one that it would give to the present token."""
        return stored.tag.replace(_MADE, f'"{self._made(stored.text)}"')

    def _without_token(self, tag: str, text: str) -> str:
        """A tag to store: with its value left out where the value can be made again."""
        value = re.fullmatch(r'(?:W/)?"([^"]*)"', tag)
        if value and value[1] == self._made(text):
            return tag.replace(f'"{value[1]}"', _MADE)
        return tag

    def _made(self, text: str) -> str:
        head = f"{ACCEPT}:{self._authorization}:" if self._authorization else f"{ACCEPT}:"
        return hashlib.sha256(f"{head}{text}".encode("utf-8", "surrogatepass")).hexdigest()
