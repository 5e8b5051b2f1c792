"""Issues, labels and comments of the stand-in."""

from __future__ import annotations

from typing import Any

from tests.e2e.standin import payloads
from tests.e2e.standin.answers import Answer, Refused, Request, page

_FIELDS = {"title", "body", "labels", "state", "state_reason", "assignees", "milestone"}
_WRITE = ("issues", "write")
_READ = ("issues", "read")


def _enabled(request: Request) -> None:
    if not request.world.repository.has_issues:
        raise Refused(410, "Issues has been disabled in this repository.")


def _find(request: Request, number: str) -> dict[str, Any]:
    _enabled(request)
    issue = next((one for one in request.world.issues if one["number"] == int(number)), None)
    if issue is None:
        raise Refused(404, "Not Found")
    return issue


def _check(body: dict[str, Any]) -> None:
    if len(body.get("body") or "") > 65536:
        raise Refused(422, "Validation Failed", errors=[{"code": "custom", "message": "body is too long"}])
    if len(body.get("title") or "") > 256 or set(body) - _FIELDS:
        raise Refused(422, "Validation Failed")


def _listed(request: Request) -> Answer:
    _enabled(request)
    query = request.query
    found = [one for one in request.world.issues if query.get("state", "open") in ("all", one["state"])]
    if "creator" in query:
        found = [one for one in found if one["author"].lower() == query["creator"].lower()]
    if "since" in query:
        found = [one for one in found if one["updated_at"] >= query["since"]]
    key = {"updated": "updated_at", "created": "created_at"}[query.get("sort", "created")]
    found.sort(key=lambda one: (one[key], one["number"]), reverse=query.get("direction", "desc") == "desc")
    part, headers = page(request, found)
    return Answer(body=[payloads.issue(one, request.world) for one in part], headers=headers)


def _create(request: Request) -> Answer:
    _enabled(request)
    _check(request.body)
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
    issue = _find(request, number)
    _check(request.body)
    stamp = payloads.stamp(request.world.now)
    if request.body.get("state") == "closed" and issue["state"] == "open":
        issue.update(closed_at=stamp, state_reason="completed")
    if request.body.get("state") == "open" and issue["state"] == "closed":
        issue.update(closed_at=None, state_reason="reopened")
    issue.update(request.body, updated_at=stamp)
    return Answer(body=payloads.issue(issue, request.world))


def _comment(request: Request, number: str) -> Answer:
    issue = _find(request, number)
    comments = request.world.comments.setdefault(issue["number"], [])
    stamp = payloads.stamp(request.world.now)
    made = {
        "id": 7000 + len(comments),
        "body": request.body["body"],
        "author": request.token.login,
        "created_at": stamp,
    }
    comments.append(made)
    return Answer(201, payloads.comment(made, issue["number"], request.world.repository))


def _labels(request: Request) -> Answer:
    return Answer(body=[payloads.label(one, request.world.repository) for one in request.world.labels.values()])


def _make_label(request: Request) -> Answer:
    name = request.body["name"]
    if name in request.world.labels:
        errors = [{"resource": "Label", "code": "already_exists", "field": "name"}]
        raise Refused(422, "Validation Failed", errors=errors)
    made = {
        "name": name,
        "color": request.body.get("color", "ededed"),
        "description": request.body.get("description"),
    }
    request.world.labels[name] = made
    return Answer(201, payloads.label(made, request.world.repository))


ROUTES: tuple[tuple[str, str, tuple[str, str], Any], ...] = (
    ("GET", r"/issues", _READ, _listed),
    ("POST", r"/issues", _WRITE, _create),
    ("GET", r"/issues/(\d+)", _READ, lambda r, n: Answer(body=payloads.issue(_find(r, n), r.world))),
    ("PATCH", r"/issues/(\d+)", _WRITE, _patch),
    ("POST", r"/issues/(\d+)/comments", _WRITE, _comment),
    ("GET", r"/labels", _READ, _labels),
    ("POST", r"/labels", _WRITE, _make_label),
)
