"""Issues, labels and comments of the stand-in."""

from __future__ import annotations

from typing import Any

from tests.e2e.standin import labels, payloads
from tests.e2e.standin.answers import Answer, Refused, Request, page
from tests.e2e.standin.labels import enabled, find, happened

_FIELDS = {"title", "body", "labels", "state", "state_reason", "assignees", "milestone"}
_WRITE = ("issues", "write")
_READ = ("issues", "read")


def _check(body: dict[str, Any]) -> None:
    if len(body.get("body") or "") > 65536:
        raise Refused(422, "Validation Failed", errors=[{"code": "custom", "message": "body is too long"}])
    if len(body.get("title") or "") > 256 or set(body) - _FIELDS:
        raise Refused(422, "Validation Failed")


def _listed(request: Request) -> Answer:
    enabled(request)
    query = request.query
    shown = [one for one in request.world.issues if one["number"] not in request.world.unlisted]
    found = [one for one in shown if query.get("state", "open") in ("all", one["state"])]
    if "creator" in query:
        found = [one for one in found if one["author"].lower() == query["creator"].lower()]
    if query.get("labels"):
        found = [one for one in found if set(query["labels"].split(",")) <= set(one["labels"])]
    if "since" in query:
        found = [one for one in found if one["updated_at"] >= query["since"]]
    key = {"updated": "updated_at", "created": "created_at"}[query.get("sort", "created")]
    found.sort(key=lambda one: (one[key], one["number"]), reverse=query.get("direction", "desc") == "desc")
    part, headers = page(request, found)
    # A list leaves `closed_by` out; only the issue by its number tells it.
    listed = [payloads.issue({**one, "closed_by": None}, request.world) for one in part]
    return Answer(body=[{name: one[name] for name in one if name != "closed_by"} for one in listed], headers=headers)


def _create(request: Request) -> Answer:
    enabled(request)
    _check(request.body)
    if not request.body.get("title"):
        raise Refused(
            422, "Validation Failed", errors=[{"resource": "Issue", "code": "missing_field", "field": "title"}]
        )
    world = request.world
    for name in request.body.get("labels", []):
        world.labels.setdefault(name, {"name": name, "color": "ededed", "description": None})
    issue = world.file_issue(
        request.token.login,
        request.body["title"],
        request.body.get("body", ""),
        labels=request.body.get("labels", []),
    )
    return Answer(201, payloads.issue(issue, world))


def _patch(request: Request, number: str) -> Answer:
    issue = find(request, number)
    _check(request.body)
    stamp = payloads.stamp(request.world.now)
    if request.body.get("state") == "closed" and issue["state"] == "open":
        issue.update(closed_at=stamp, state_reason="completed", closed_by=request.token.login)
        happened(request, issue, "closed")
    if request.body.get("state") == "open" and issue["state"] == "closed":
        issue.update(closed_at=None, state_reason="reopened", closed_by=None)
        happened(request, issue, "reopened")
    issue.update(request.body, updated_at=stamp)
    return Answer(body=payloads.issue(issue, request.world))


def _comment(request: Request, number: str) -> Answer:
    issue = find(request, number)
    _check({"body": request.body["body"]})
    comments = request.world.comments.setdefault(issue["number"], [])
    stamp = payloads.stamp(request.world.now)
    made = {
        "id": 7000 + len(comments),
        "body": request.body["body"],
        "author": request.token.login,
        "created_at": stamp,
    }
    comments.append(made)
    issue["updated_at"] = stamp
    return Answer(201, payloads.comment(made, issue["number"], request.world.repository))


def _comments(request: Request, number: str) -> Answer:
    issue = find(request, number)
    part, headers = page(request, request.world.comments.get(issue["number"], []))
    found = [payloads.comment(one, issue["number"], request.world.repository) for one in part]
    return Answer(body=found, headers=headers)


def search(request: Request) -> Answer:
    """The search index: late by `search_lag`, which is why nobody should find their own issues by it."""
    world = request.world
    indexed = payloads.stamp(world.now - world.search_lag) or ""
    words = [word for word in request.query.get("q", "").split() if ":" not in word]
    found = [
        one
        for one in world.issues
        if one["created_at"] <= indexed and all(word in f"{one['title']} {one['body']}" for word in words)
    ]
    part, headers = page(request, found, 1000)
    items = [payloads.issue(one, world) | {"score": 1.0} for one in part]
    body = {"total_count": len(found), "incomplete_results": False, "search_type": "lexical", "items": items}
    return Answer(body=body, headers=headers)


ROUTES: tuple[tuple[str, str, tuple[str, str], Any], ...] = (
    ("GET", r"/issues", _READ, _listed),
    ("POST", r"/issues", _WRITE, _create),
    ("GET", r"/issues/(\d+)", _READ, lambda r, n: Answer(body=payloads.issue(find(r, n), r.world))),
    ("PATCH", r"/issues/(\d+)", _WRITE, _patch),
    ("GET", r"/issues/(\d+)/comments", _READ, _comments),
    ("POST", r"/issues/(\d+)/comments", _WRITE, _comment),
    *labels.ROUTES,
)
