"""Which repositories an organisation has, and which of them a sweep is about.

https://docs.github.com/en/rest/repos/repos#list-organization-repositories and, for the token of an App's installation,
https://docs.github.com/en/rest/apps/installations#list-repositories-accessible-to-the-app-installation.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeVar

from github.Requester import Requester

from failure_investigator.errors import IncompleteError, RefusedError
from failure_investigator.sources.base import PAGE
from failure_investigator.sources.github_errors import explain_errors
from failure_investigator.sources.payloads import InstallationPage, RepositoriesPage, RepositoryPayload, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.model import Repository, Visibility

_Page = TypeVar("_Page", bound=RepositoriesPage)

PAGES = 1000
"""Pages of a listing, 100,000 repositories. More are no answer but a mistake."""
_INSTALLATION = "ghs_"
"""How tokens of installations begin, GITHUB_TOKEN's too."""


@dataclass(frozen=True, slots=True)
class RepositoryFilter:
    """Which repositories are swept; an empty part lets all through. Globs are on `name` or `owner/name`, in any case."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """One of these."""
    visibilities: tuple[Visibility, ...] = ()

    def reason(self, payload: RepositoryPayload) -> str:
        """Why a repository is left out, in a word; the empty string when it is not."""
        if payload.archived:
            return "archived"
        if payload.disabled:
            return "disabled"
        named = not self.include or _matches(payload.full_name, self.include)
        if not named or _matches(payload.full_name, self.exclude):
            return "name"
        if self.topics and not {one.lower() for one in self.topics} & set(payload.topics):
            return "topic"
        if self.visibilities and payload.to_model().visibility not in self.visibilities:
            return "visibility"
        return ""


@dataclass(frozen=True, slots=True)
class Repositories:
    """What an organisation has: those to sweep, by name, and how many were left out for which reason."""

    repositories: tuple[Repository, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What the token may not see, for the summary."""


class OrganizationLister:
    """Lists repositories by a requester of PyGithub. `token` only tells its kind, by its beginning."""

    def __init__(self, requester: Requester, token: str, *, pages: int = PAGES) -> None:
        self._requester, self._installation, self._pages = requester, token.startswith(_INSTALLATION), pages

    def repositories(self, login: str, wanted: RepositoryFilter | None = None) -> Repositories:
        """The repositories of an organisation or a user that `wanted` lets through.

        Raises `RefusedError` when none may be seen, `IncompleteError` when not all could be listed: never "none" instead.
        """
        payloads, notes = self._listed(login)
        unique = {one.full_name.lower(): one for one in payloads if _owner(one.full_name) == login.lower()}
        if payloads and not unique:
            owners = ", ".join(sorted({_owner(one.full_name) for one in payloads})[:3])
            raise RefusedError(
                f"The token sees no repository of {login}",
                why=f"it is an installation's of {owners}",
                do=f"Use a token of an App that is installed on {login}, or a personal one",
            )
        left_out: Counter[str] = Counter()
        kept = []
        for _, payload in sorted(unique.items()):
            reason = (wanted or RepositoryFilter()).reason(payload)
            left_out[reason] += bool(reason)
            kept += [] if reason else [payload.to_model()]
        return Repositories(tuple(kept), {name: count for name, count in sorted(left_out.items()) if count}, notes)

    def _listed(self, login: str) -> tuple[list[RepositoryPayload], tuple[str, ...]]:
        if self._installation:
            found = self._installed(login)
            if found is not None:
                return found
        query = {"type": "all", "sort": "full_name"}
        try:
            return self._all(f"/orgs/{login}/repos", query, login), ()
        except RefusedError as error:
            if _status(error) != 404:
                raise
        own = self._all(f"/users/{login}/repos", {"type": "owner", "sort": "full_name"}, login)
        return own, (f"{login} is a user: its public repositories alone are listed",)

    def _installed(self, login: str) -> tuple[list[RepositoryPayload], tuple[str, ...]] | None:
        """What the installation may see; None when the question is refused, as to tokens that only look like one."""
        try:
            pages = self._pages_of("/installation/repositories", {}, login, InstallationPage)
        except RefusedError as error:
            if _status(error) not in {403, 404}:
                raise
            return None
        found = [one for page in pages for one in page.repositories]
        total = max(page.total_count for page in pages)
        if len(found) < total:
            raise _incomplete(login, f"{len(found)} of {total} came")
        selected = any(page.repository_selection == "selected" for page in pages)
        note = f"The installation sees selected repositories only ({total}), not all of {login}" if selected else ""
        return found, (note,) if note else ()

    def _all(self, path: str, query: Mapping[str, str], login: str) -> list[RepositoryPayload]:
        return [one for page in self._pages_of(path, query, login, RepositoriesPage) for one in page.repositories]

    def _pages_of(self, path: str, query: Mapping[str, str], login: str, kind: type[_Page]) -> Sequence[_Page]:
        found: list[_Page] = []
        for number in range(1, self._pages + 1):
            page, more = self._page(path, {**query, "per_page": PAGE, "page": number}, login, kind)
            found.append(page)
            if not more:
                return found
        raise _incomplete(login, f"there are more than {self._pages * PAGE}")

    def _page(self, path: str, query: Mapping[str, Any], login: str, kind: type[_Page]) -> tuple[_Page, bool]:
        """One page, and whether there are further ones: the header says so, for a page may be short."""
        doing = f"list the repositories of {login}"
        if query["page"] == 1:
            query = {name: value for name, value in query.items() if name != "page"}
        with explain_errors(doing, repository=login):
            status, headers, text = self._requester.requestJson("GET", path, dict(query))
            if status >= 400:
                raise Requester.createException(status, headers, json.loads(text or "{}"))
            data = json.loads(text)
        low = {str(name).lower(): str(value) for name, value in headers.items()}
        if "partial-results" in low.get("x-github-sso", ""):
            raise _incomplete(login, "the token is not authorized for its single sign-on")
        page = parse(kind, {"repositories": data} if isinstance(data, list) else data, doing)
        return page, 'rel="next"' in low.get("link", "")


def _matches(full_name: str, globs: Sequence[str]) -> bool:
    full = full_name.lower()
    names = (full, full.partition("/")[2])
    return any(fnmatchcase(name, glob.lower()) for glob in globs for name in names)


def _owner(full_name: str) -> str:
    return full_name.partition("/")[0].lower()


def _status(error: RefusedError) -> int:
    return int(getattr(error.__cause__, "status", 0))


def _incomplete(login: str, why: str) -> IncompleteError:
    return IncompleteError(f"Could not list all repositories of {login}", why=why, do="Nothing was concluded from it")
