"""What each endpoint of GitHub's REST API needs, looked up by request or by the page that an answer names.

The facts stand in `endpoints.tsv`, made by scripts/endpoint_permissions.py from GitHub's documentation; `BESIDES` has the
few that the documentation keeps elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from failure_investigator.permissions.entries import Entry, Need, parse_accepted

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS = "https://docs.github.com/rest/"
BESIDES = """\
POST /repos/{owner}/{repo}/releases/{release_id}/assets contents=write releases/assets#upload-a-release-asset
GET /repos/{owner}/{repo}/projects repository_projects=read projects-classic/projects#list-repository-projects
POST /repos/{owner}/{repo}/projects repository_projects=write projects-classic/projects#create-a-repository-project
GET /orgs/{org}/packages/{path} packages=read packages/packages
DELETE /orgs/{org}/packages/{path} packages=write packages/packages
POST /orgs/{org}/packages/{path} packages=write packages/packages
GET /users/{username}/packages/{path} packages=read packages/packages
DELETE /users/{username}/packages/{path} packages=write packages/packages
POST /users/{username}/packages/{path} packages=write packages/packages
"""
"""Not in the table's document: uploads go to another host, classic projects are gone there, and packages are granted by
https://docs.github.com/packages/learn-github-packages/about-permissions-for-github-packages."""
ONLY_USERS = "Only a user's own token is taken there: GITHUB_TOKEN and Apps' installation tokens are refused."
_LONG = {"{path}", "{ref}", "{dir}", "{basehead}", "{tag}", "{branch}"}
"""Parameters whose value may hold slashes, at the end of a path."""
_VALUES = {"{enablement}": ("enable_all", "disable_all")}
"""Parameters that take a few words only: without them `/orgs/{org}/{security_product}/{enablement}` fits too much."""
_API_HOST = re.compile(r"(?:api|uploads)\.github\.com|(?:api|uploads)\.[a-z0-9-]+\.ghe\.com")
_GHES = re.compile(r"^/api/(?:v3|uploads)(?=/)")
_REGISTRY = re.compile(r"(?:[a-z]+\.)?ghcr\.io|(?:npm|maven|nuget|rubygems|docker|containers)\.pkg\.github\.com")
_PAGE = re.compile(
    r"docs\.github\.com/(?:[a-z]{2}/)?(?:enterprise-[a-z]+@[^/]+/)?rest/(?:reference/)?([a-z/-]+)#([a-z0-9-]+)"
)
_WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One line of the table; `segments` are its path, `{name}` for a parameter."""

    method: str
    segments: tuple[str, ...]
    need: Need
    page: str

    def matches(self, segments: Sequence[str]) -> bool:
        """Whether a request's path is this endpoint's: each parameter takes one segment, a `_LONG` last one the rest."""
        own = self.segments
        if len(own) != len(segments) and not (own[-1] in _LONG and len(segments) > len(own)):
            return False
        return all(
            given in _VALUES.get(part, (given,)) if part[0] == "{" else part == given
            for part, given in zip(own, segments, strict=False)
        )

    @property
    def rank(self) -> tuple[int, ...]:
        """The lower, the more specific: words before parameters, from the left."""
        return tuple(part[0] == "{" for part in self.segments)


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """The whole table with what stands besides it."""
    text = files("failure_investigator.permissions").joinpath("endpoints.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and line[0] != "#"]
    more = [line.split(" ") for line in BESIDES.splitlines()]
    rows += [[method, path, sets, "yes", page] for method, path, sets, page in more]
    return tuple(_endpoint(*row) for row in rows)


def _endpoint(method: str, path: str, sets: str, works: str, page: str) -> Endpoint:
    read = parse_accepted(sets)
    assert read is not None, path  # noqa: S101 - a table of ours that cannot be read is our bug
    installation = works == "yes"
    note = "" if installation else ONLY_USERS
    if any(entry.name == "workflows" for one in read.sets for entry in one):
        note = "A change of a file below .github/workflows needs `workflows: write` too, which no `permissions:` key grants."
    return Endpoint(method, _segments(path), Need(read.sets, DOCS + page, installation, note), page)


def _segments(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)


def needed(method: str | None, url_or_path: str) -> Need | None:
    """What a request needs: a URL of github.com, GHE.com or an Enterprise Server, a path, or a path template of the
    documentation. None where the documentation names no permission, and for other hosts.

    The most specific template wins (`/releases/latest` before `/releases/{release_id}`). With no method it is the least
    that every documented method of the path needs, or None if they have nothing in common: read of the contents for a
    path where GET reads and PUT writes them. So it may be too little, and is never too much.
    """
    method = (method or "").strip().upper()
    method = "GET" if method == "HEAD" else method
    host, path = _split(url_or_path)
    if _REGISTRY.fullmatch(host):
        return _registry(method)
    if host in ("models.github.ai", "models.inference.ai.azure.com"):
        return Need(((Entry("models", "read"),),), "https://docs.github.com/github-models")
    if host and not _API_HOST.fullmatch(host) and not _GHES.match(path):
        return None
    segments = _segments(_GHES.sub("", path))
    fitting = _fitting(segments)
    if method:
        fitting = [endpoint for endpoint in fitting if endpoint.method == method]
        return _of_file(fitting[0].need, path) if fitting else _of_users(segments)
    return _least([each.need for each in fitting if each.rank == fitting[0].rank]) or _of_users(segments)


def _fitting(segments: Sequence[str]) -> list[Endpoint]:
    """Most specific first; a last parameter that takes several segments comes after all that need not."""
    found = [endpoint for endpoint in endpoints() if endpoint.matches(segments)]
    return sorted(found, key=lambda endpoint: (len(endpoint.segments) != len(segments), endpoint.rank))


def _of_file(need: Need, path: str) -> Need:
    """A request that names a workflow file needs the sets with `workflows`, and no others are enough."""
    sets = tuple(one for one in need.sets if any(entry.name == "workflows" for entry in one))
    return replace(need, sets=sets) if sets and "/.github/workflows/" in path else need


def _split(url: str) -> tuple[str, str]:
    """(host or '', path) of a URL or a path; the query, a fragment and a bad port count for nothing."""
    url = url.strip().strip("\"'`<>")
    if "://" not in url:
        return "", "/" + re.split(r"[?#]", url, maxsplit=1)[0].lstrip("/").removeprefix("api/v3/")
    try:
        parts = urlsplit(url)
        return (parts.hostname or "-").lower(), parts.path
    except ValueError:
        return "-", ""


def _registry(method: str) -> Need:
    """GitHub Packages: reading is `packages: read`; without a method too, as writing includes it."""
    entry = Entry("packages", "write" if method in _WRITES else "read")
    page = "https://docs.github.com/packages/learn-github-packages/about-permissions-for-github-packages"
    return Need(((entry,),), page)


def _least(needs: Sequence[Need]) -> Need | None:
    """The need that is met wherever any of them is met."""
    for need in needs:
        if all(_implies(other, need) for other in needs):
            return need
    return None


def _implies(stronger: Need, need: Need) -> bool:
    """Whether each set of one holds a whole set of the other."""
    return all(
        any(all(any(held.covers(entry) for held in one) for entry in least) for least in need.sets)
        for one in stronger.sets
    )


def _of_users(segments: Sequence[str]) -> Need | None:
    """`GET /user` and all below `/user` that needs no permission is still a user's
    (https://docs.github.com/rest/users/users#get-the-authenticated-user)."""
    if segments[:1] == ("user",):
        return Need((), DOCS + "users/users#get-the-authenticated-user", installation=False, note=ONLY_USERS)
    return None


def needed_for_documentation(url: str) -> Need | None:
    """What the endpoint needs that a refusal names as its `documentation_url`
    (`https://docs.github.com/rest/issues/comments#create-an-issue-comment`; also in a longer line).

    Chapters have moved (`rest/reference/repos#create-a-release`): then the fragment decides, if one endpoint only has it.
    """
    match = _PAGE.search(url)
    if match is None:
        return None
    page = f"{match[1].strip('/')}#{match[2]}"
    exact = [endpoint.need for endpoint in endpoints() if endpoint.page == page]
    alike = exact or [endpoint.need for endpoint in endpoints() if endpoint.page.endswith(f"#{match[2]}")]
    return alike[0] if len(set(alike)) == 1 else None
