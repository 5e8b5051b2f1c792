"""Commits, comparisons and the rate limit of the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.e2e.standin import payloads
from tests.e2e.standin.answers import Answer, Refused, Request

if TYPE_CHECKING:
    from tests.e2e.standin.world import World

_RESET = 1999999999


def rate_limit(request: Request) -> Answer:
    """What is left; asking for it is free."""
    token = request.token
    if not token.limit:
        raise Refused(404, "Rate limiting is not enabled.")
    left = {"limit": token.limit, "remaining": max(0, token.limit - token.used), "reset": _RESET, "used": token.used}
    search = {"limit": 30, "remaining": 30, "reset": _RESET, "used": 0}
    return Answer(body={"resources": {"core": left, "search": search}, "rate": left})


def _known(world: World, ref: str) -> str:
    """The full SHA of a ref that the world has a run or an ancestor of."""
    shas = [*world.ancestry, *(run.head_sha for run in world.runs)]
    if ref == world.repository.default_branch and shas:
        return shas[-1]
    found = next((sha for sha in shas if len(ref) >= 7 and sha.startswith(ref)), None)
    if found is None:
        raise Refused(404, "Not Found")
    return found


def _branch(request: Request, quoted: str) -> Answer:
    world, name = request.world, unquote(quoted)
    heads = {run.branch: run.head_sha for run in world.runs}
    if name not in (heads if world.branches is None else world.branches):
        raise Refused(404, "Branch not found")
    commit = _payload(world, heads.get(name, "0" * 40))
    return Answer(body=payloads.branch(name, commit, world.repository))


def _commit(request: Request, ref: str) -> Answer:
    return Answer(body=_payload(request.world, _known(request.world, ref)))


def _compare(request: Request, base: str, head: str) -> Answer:
    """Where `head` stands in the line of history, seen from `base`; commits outside of it have diverged."""
    world = request.world
    first, last = _known(world, base), _known(world, head)
    url = f"{payloads.API}/repos/{world.repository.name}/compare/{base}...{head}"
    page = f"{world.repository.url}/compare/{base}...{head}"
    line = world.ancestry
    steps = line.index(last) - line.index(first) if first in line and last in line else None
    status = "identical" if first == last else "diverged" if steps is None else "ahead" if steps > 0 else "behind"
    ahead, behind = max(0, steps or 0), max(0, -(steps or 0))
    body = {
        "url": url, "html_url": page, "permalink_url": page, "diff_url": f"{page}.diff", "patch_url": f"{page}.patch",
        "base_commit": _payload(world, first), "merge_base_commit": _payload(world, last if behind else first),
        "status": status, "ahead_by": ahead, "behind_by": behind, "total_commits": ahead, "files": [],
        "commits": [_payload(world, sha) for sha in line[line.index(first) + 1 : line.index(last) + 1]] if ahead else [],
    }  # fmt: skip
    return Answer(body=body)


def _payload(world: World, sha: str) -> dict[str, Any]:
    """A `commit`."""
    url = f"{payloads.API}/repos/{world.repository.name}"
    person = {"name": "Octo Cat", "email": "octocat@example.com", "date": payloads.stamp(world.now)}
    parents = [
        {"sha": world.ancestry[at - 1], "url": f"{url}/commits/{world.ancestry[at - 1]}"} for at in _above(world, sha)
    ]
    return {
        "url": f"{url}/commits/{sha}", "sha": sha, "node_id": "C_1", "html_url": f"{world.repository.url}/commit/{sha}",
        "comments_url": f"{url}/commits/{sha}/comments", "author": payloads.user("octocat"),
        "committer": payloads.user("octocat"), "parents": parents,
        "commit": {"url": f"{url}/git/commits/{sha}", "author": person, "committer": person, "message": "Tidy",
                   "comment_count": 0, "tree": {"sha": sha, "url": f"{url}/git/trees/{sha}"}},
    }  # fmt: skip


def _above(world: World, sha: str) -> list[int]:
    """The place of a commit in the line, if another stands before it."""
    return [world.ancestry.index(sha)] if sha in world.ancestry[1:] else []


_READ = ("contents", "read")
ROUTES: tuple[tuple[str, str, tuple[str, str], Any], ...] = (
    ("GET", r"/branches/(.+)", _READ, _branch),
    ("GET", r"/commits/([^/]+)", _READ, _commit),
    ("GET", r"/compare/([^/]+?)\.\.\.([^/]+)", _READ, _compare),
)
