"""What the live source is asked about a repository besides runs: the commits between two, and the names of secrets.

https://docs.github.com/en/rest/commits/commits#compare-two-commits and
https://docs.github.com/en/rest/actions/secrets#list-repository-secrets (`secrets: read`, which GITHUB_TOKEN cannot have).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pydantic import AwareDatetime  # noqa: TC002 - pydantic reads it at run time

from failure_investigator.errors import RefusedError
from failure_investigator.model import Comparison
from failure_investigator.sources.base import PAGE
from failure_investigator.sources.payloads import Payload, parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SUBJECT = 200
"""Characters kept of a commit's subject."""
SECRETS = 5
"""Pages of secrets that are read; a repository has 100 at most, an organisation 1,000."""


class Get(Protocol):
    """The decoded JSON of a GET of the live source."""

    def __call__(self, path: str, query: dict[str, Any], doing: str, permission: str) -> Any:
        """Raises errors of ours only."""


class _Message(Payload):
    message: str = ""


class _Commit(Payload):
    sha: str
    commit: _Message


class _File(Payload):
    filename: str


class _Comparison(Payload):
    status: str
    total_commits: int = 0
    commits: tuple[_Commit, ...] = ()
    files: tuple[_File, ...] = ()


class _Secret(Payload):
    name: str
    updated_at: AwareDatetime


class _Secrets(Payload):
    total_count: int
    secrets: tuple[_Secret, ...]


class RepositoryContext:
    """See `Source.compare` and `Source.secrets`; each question is asked once."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._compared: dict[tuple[str, str, str], Comparison | None] = {}
        self._secrets: dict[str, Mapping[str, datetime]] = {}
        self._refused = False

    def compare(self, repository: str, base: str, head: str) -> Comparison | None:
        """See `Source.compare`."""
        key = (repository, base, head)
        if key not in self._compared:
            self._compared[key] = self._compare(*key)
        return self._compared[key]

    def secrets(self, repository: str) -> Mapping[str, datetime] | None:
        """See `Source.secrets`. The organisation's come with the repository's where the token may see both."""
        if self._refused:
            return None
        if repository not in self._secrets:
            try:
                own = self._names(f"/repos/{repository}/actions/secrets", repository)
                shared = self._names(f"/repos/{repository}/actions/organization-secrets", repository)
            except RefusedError:
                self._refused = True
                return None
            self._secrets[repository] = {**shared, **own}
        return self._secrets[repository]

    def _compare(self, repository: str, base: str, head: str) -> Comparison | None:
        doing = f"compare two commits of {repository}"
        try:
            answer = self._get(f"/repos/{repository}/compare/{base}...{head}", {}, doing, "contents: read")
        except RefusedError:
            return None
        found = parse(_Comparison, answer, doing)
        commits = tuple((one.sha, one.commit.message.partition("\n")[0][:SUBJECT]) for one in found.commits)
        return Comparison(found.status, commits, found.total_commits, tuple(file.filename for file in found.files))

    def _names(self, path: str, repository: str) -> dict[str, datetime]:
        doing = f"list the names of the secrets of {repository}"
        found: dict[str, datetime] = {}
        for number in range(1, SECRETS + 1):
            query = {"per_page": PAGE, **({"page": number} if number > 1 else {})}
            page = parse(_Secrets, self._get(path, query, doing, "secrets: read"), doing)
            found |= {secret.name: secret.updated_at for secret in page.secrets}
            if len(found) >= page.total_count or not page.secrets:
                break
        return found
