"""Issues on GitHub: found by listing the bot's own, written one at a time, politely.

Never the search index (it lags by minutes) and no label filter (it can be served from the same index); see docs/field-notes.md.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from github import GithubException, UnknownObjectException

from failure_investigator.errors import IncompleteError, TargetError, UnknownError
from failure_investigator.model import Applied
from failure_investigator.render.comment import key_of
from failure_investigator.sources.github_client import connect
from failure_investigator.sources.github_errors import explain_errors
from failure_investigator.sources.meter import Meter
from failure_investigator.trackers.author import TokenOwner, author_of, wrong_author
from failure_investigator.trackers.base import REMEMBERED_DAYS, Memory
from failure_investigator.trackers.issue_payload import issue_of, reopened_by_others
from failure_investigator.trackers.issue_writer import Deferred, IssueWriter
from failure_investigator.trackers.marker import handed_over, parse_marker

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from failure_investigator.model import Change, Issue, Usage
    from failure_investigator.trackers.author import Author
    from failure_investigator.trackers.issue_writer import Request

PAGE = 100
PAGES = 20
"""A listing longer than this is cut short, which is an error: "not seen" is not "not there"."""
MOST_CREATES = 10


class GitHubIssues:
    """The tracker of a repository.

    `job_token` and `bot_login` tell who the bot is; see `author.author_of`. `reading` says that nothing will be written.
    `request` takes the place of the API: verb, path and payload in, decoded JSON out, PyGithub's exceptions for refusals.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        repository: str,
        *,
        job_token: str = "",
        bot_login: str = "",
        reading: bool = False,
        pause: float = 1.0,
        most_creates: int = MOST_CREATES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        request: Request | None = None,
    ) -> None:
        self.repository = repository
        self._needs = "issues: read" if reading else "issues: write"
        self._meter = Meter()
        self._client = connect(token, api_url, meter=self._meter, seconds_between_writes=0, sleep=sleep)
        self._send = request or self._over_http
        asker = TokenOwner(self._request, self._client.requester.graphql_url, sleep)
        self._identify = partial(author_of, token, job_token, bot_login, asker)
        self._author: Author | None = None
        self._clock = clock
        self._writer = IssueWriter(self._request, repository, pause=pause, sleep=sleep)
        self._most_creates = most_creates

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()

    def observe(self, known: Sequence[int] = ()) -> Memory:
        """See `Tracker.observe`: all open ones, the closed ones newest updated first until 100 days back."""
        since = self._clock() - timedelta(days=REMEMBERED_DAYS)
        issues = [*self._list("open", None), *self._list("closed", since)]
        seen = {issue.number for issue in issues}
        issues += self._missing([number for number in known if number not in seen])
        marked, rejected, handed = [], [], []
        for issue in issues:
            marker = parse_marker(issue.body, self.repository)
            if not isinstance(marker, str):
                again = issue.state == "open" and issue.state_reason == "reopened"
                marked.append(replace(self._reopened(issue) if again else issue, marker=marker))
            elif theirs := handed_over(issue.body):
                handed.append((issue.number, theirs))
            elif marker:
                rejected.append(f"#{issue.number}: {marker}")
        return Memory(tuple(marked), tuple(rejected), tuple(handed))

    def _missing(self, numbers: Sequence[int]) -> list[Issue]:
        """Known issues that no listing showed: closed long ago, or gone. An open one means that the listing was not whole."""
        found = [issue for number in numbers if (issue := self._one(number)) is not None]
        for issue in found:
            if issue.state == "open" and issue.author.lower() == self._login().lower():
                raise IncompleteError(
                    f"The listing of {self.repository} does not show the open issue #{issue.number}",
                    why="what else it left out is not known, so nothing may be concluded from it",
                    do="Run again later.",
                )
        return [issue for issue in found if issue.author.lower() == self._login().lower()]

    def details(self, issue: Issue) -> Issue:
        """See `Tracker.details`; GitHub's lists leave `closed_by` out."""
        found = self._one(issue.number)
        if found is None:
            return issue
        return replace(found, marker=issue.marker, body=issue.body, reopened_at=issue.reopened_at)

    def recall(self, names: Collection[str]) -> tuple[Issue, ...]:
        """See `Tracker.recall`; what a person closed for good is respected, however long ago it was."""
        found = ((issue, parse_marker(issue.body, self.repository)) for issue in self._list("closed", None))
        marked = (replace(issue, marker=marker) for issue, marker in found if not isinstance(marker, str))
        return tuple(issue for issue in marked if issue.marker and not issue.marker.names.isdisjoint(names))

    def opened(self) -> tuple[Issue, ...]:
        """See `Tracker.opened`."""
        found = ((issue, parse_marker(issue.body, self.repository)) for issue in self._list("open", None))
        return tuple(replace(issue, marker=marker) for issue, marker in found if not isinstance(marker, str))

    def apply(self, changes: Sequence[Change]) -> Iterator[Applied]:
        """See `Tracker.apply`. What is left undone is told in `deferred`; creates beyond the cap wait for the next sweep."""
        creates, stopped = 0, ""
        for change in changes:
            if change.verb == "none":
                yield Applied(change, change.number)
                continue
            creates += change.verb == "create"
            capped = change.verb == "create" and creates > self._most_creates
            if stopped or capped:
                yield Applied(change, change.number, deferred=stopped or f"at most {self._most_creates} issues a sweep")
                continue
            try:
                done = self._apply(change)
            except Deferred as reason:
                stopped = str(reason)
                done = Applied(change, change.number, deferred=stopped)
            yield done

    def usage(self) -> Usage:
        """See `Tracker.usage`."""
        return self._meter.usage()

    def _apply(self, change: Change) -> Applied:
        if change.verb == "create":
            data = self._writer.create(change, self._find_open)
            if "user" in data and not self._is_mine(data):
                raise wrong_author(data["number"], self.repository, data["user"]["login"], self._login())
            return Applied(change, int(data["number"]), str(data.get("html_url", "")))
        number = change.number or 0
        if change.verb == "comment":
            written = self._writer.comment(change, number, self._has_comment)
            return Applied(change, number, str(written.get("html_url", "")))
        data = self._writer.change(change, number)
        return Applied(change, number, str(data.get("html_url", "")))

    def _find_open(self, fingerprint: str) -> dict[str, Any] | None:
        """The open issue with a fingerprint, if a create whose reply was lost did file it."""
        for issue in sorted(self.opened(), key=lambda issue: issue.number):
            if issue.marker is not None and issue.marker.fingerprint == fingerprint:
                return {"number": issue.number, "html_url": issue.url}
        return None

    def _has_comment(self, number: int, key: str) -> bool:
        """Whether a comment with a key stands there already, of a sweep that was cut off before what it told."""
        path = f"/repos/{self.repository}/issues/{number}/comments"
        for page in range(1, PAGES + 1):
            items = self._read(path, {"per_page": PAGE} | ({"page": page} if page > 1 else {}))
            if any(self._is_mine(item) and key_of(str(item.get("body") or "")) == key for item in items):
                return True
            if len(items) < PAGE:
                return False
        raise IncompleteError(f"Issue #{number} of {self.repository} has more than {PAGES * PAGE} comments")

    def _is_mine(self, item: dict[str, Any]) -> bool:
        return str((item.get("user") or {}).get("login", "")).lower() == self._login().lower()

    def _reopened(self, issue: Issue) -> Issue:
        """The issue with the time at which somebody else opened it again, if anybody did; see `Issue.reopened_at`.

        One that went while it was looked at is as it was.
        """
        try:
            events = list(self._events(issue.number))
        except UnknownError:
            return issue
        return replace(issue, reopened_at=reopened_by_others(events, self._login()))

    def _events(self, number: int) -> Iterator[dict[str, Any]]:
        for page in range(1, PAGES + 1):
            query = {"per_page": PAGE} | ({"page": page} if page > 1 else {})
            items = self._read(f"/repos/{self.repository}/issues/{number}/events", query)
            yield from items
            if len(items) < PAGE:
                return

    def _list(self, state: str, since: datetime | None) -> list[Issue]:
        """The bot's issues in one state, newest updated first. Raises `IncompleteError` when there are too many pages."""
        found: list[Issue] = []
        query: dict[str, Any] = {
            "creator": self._login(), "state": state, "sort": "updated", "direction": "desc", "per_page": PAGE,
        }  # fmt: skip
        if since is not None:
            query["since"] = f"{since:%Y-%m-%dT%H:%M:%SZ}"
        for page in range(1, PAGES + 1):
            items = self._read(f"/repos/{self.repository}/issues", query | ({"page": page} if page > 1 else {}))
            found += [issue_of(self.repository, item) for item in items if "pull_request" not in item]
            if len(items) < PAGE:
                return [issue for issue in found if issue.author.lower() == self._login().lower()]
        raise IncompleteError(
            f"The bot has more than {PAGES * PAGE} {state} issues in {self.repository}",
            why="the listing was cut short, so nothing may be concluded from it",
            do="Close or delete old ones.",
        )

    def _one(self, number: int) -> Issue | None:
        """An issue by number; None when it was deleted or moved away (404, 410)."""
        try:
            return issue_of(self.repository, self._request("GET", f"/repos/{self.repository}/issues/{number}", None))
        except GithubException as error:
            if error.status in (404, 410):
                return None
            with explain_errors(f"read issue #{number}", permission=self._needs, repository=self.repository):
                raise

    def author(self) -> Author:
        """Who the bot is; asked for once."""
        if self._author is None:
            self._author = self._identify()
        return self._author

    def _login(self) -> str:
        return self.author().login

    def _read(self, path: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            data = self._request("GET", path, query)
        except UnknownObjectException as error:
            with explain_errors(
                f"list the issues of {self.repository}", permission=self._needs, repository=self.repository
            ):
                raise error from None
        except GithubException as error:
            if error.status == 410:
                raise issues_disabled(self.repository) from None
            with explain_errors(
                f"list the issues of {self.repository}", permission=self._needs, repository=self.repository
            ):
                raise
        return list(data)

    def _request(self, verb: str, path: str, payload: dict[str, Any] | None) -> Any:
        """One request; network errors are told as ours, refusals stay PyGithub's for the caller to judge."""
        try:
            return self._send(verb, path, payload)
        except GithubException:
            raise
        except Exception:
            with explain_errors(f"reach the issues of {self.repository}", repository=self.repository):
                raise

    def _over_http(self, verb: str, path: str, payload: dict[str, Any] | None) -> Any:
        if verb == "GET":
            return self._client.requester.requestJsonAndCheck(verb, path, parameters=payload)[1]
        return self._client.requester.requestJsonAndCheck(verb, path, input=payload)[1]


def issues_disabled(repository: str) -> TargetError:
    """The error for a repository that takes no issues."""
    return TargetError(
        f"Issues are disabled in {repository}",
        do="Enable them in its settings (Features), or name another repository with issue-repository.",
    )
