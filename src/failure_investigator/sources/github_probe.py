"""GETs whose refusals are answers too: what `doctor` asks with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from github import GithubException

from failure_investigator.sources.github_client import connect
from failure_investigator.sources.github_errors import error_message, explain_errors

if TYPE_CHECKING:
    from collections.abc import Mapping


class Answer(NamedTuple):
    """What GitHub said."""

    status: int
    headers: Mapping[str, str]
    """With lower-case names."""
    data: Any
    """The decoded JSON; {} for none."""

    @property
    def message(self) -> str:
        """The status and GitHub's own words."""
        said = self.data.get("message", "") if isinstance(self.data, dict) else ""
        return f"{self.status} {' '.join(str(said).split())[:200]}".strip()


class GitHubProbe:
    """Asks with one token. Raises errors of ours for what is no answer: the network, a server that keeps failing."""

    def __init__(self, token: str, api_url: str) -> None:
        self._client = connect(token, api_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        """The answer to a GET, whatever its status."""
        with explain_errors(f"read {path}"):
            try:
                status, headers, text = self._client.requester.requestJson("GET", path, dict(query or {}))
            except GithubException as refused:  # its retries raise some refusals themselves
                return Answer(refused.status, _lower(refused.headers or {}), {"message": error_message(refused)})
            data = json.loads(text) if text else {}
        return Answer(status, _lower(headers), data)


def _lower(headers: Mapping[str, Any]) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}
