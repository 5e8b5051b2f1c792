"""Issues, labels and comments of the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.e2e.standin import payloads

if TYPE_CHECKING:
    from tests.e2e.standin.routes import Request

_FIELDS = {"title", "body", "labels", "state", "state_reason", "assignees", "milestone"}
_WRITE = ("issues", "write")
_READ = ("issues", "read")


def issue_routes(answer: Any, refused: Any) -> tuple[Any, ...]:
    """The routes; `answer` and `refused` are the router's types."""

    def enabled(request: Request) -> None:
        if not request.world.repository.has_issues:
            raise refused(410, "Issues has been disabled in this repository.")

    def find(request: Request, number: str) -> dict[str, Any]:
        enabled(request)
        issue = next((one for one in request.world.issues if one["number"] == int(number)), None)
        if issue is None:
            raise refused(404, "Not Found")
        return issue

    def check(body: dict[str, Any]) -> None:
        if len(body.get("body") or "") > 65536:
            raise refused(422, "Validation Failed", errors=[{"code": "custom", "message": "body is too long"}])
        if len(body.get("title") or "") > 256 or set(body) - _FIELDS:
            raise refused(422, "Validation Failed")

    def listed(request: Request) -> Any:
        from tests.e2e.standin.routes import page

        enabled(request)
        query = request.query
        found = [one for one in request.world.issues if query.get("state", "open") in ("all", one["state"])]
        if "creator" in query:
            found = [one for one in found if one["author"].lower() == query["creator"].lower()]
        if "since" in query:
            found = [one for one in found if one["updated_at"] >= query["since"]]
        key = {"updated": "updated_at", "created": "created_at"}[query.get("sort", "created")]
        found.sort(key=lambda one: (one[key], one["number"]), reverse=query.get("direction", "desc") == "desc")
        part, headers = page(request, found)
        return answer(body=[payloads.issue(one, request.world) for one in part], headers=headers)

    def create(request: Request) -> Any:
        enabled(request)
        check(request.body)
        world = request.world
        for name in request.body.get("labels", []):
            world.labels.setdefault(name, {"name": name, "color": "ededed", "description": None})
        issue = world.file_issue(
            request.token.login, request.body["title"], request.body.get("body", ""), labels=request.body.get("labels", [])
        )
        return answer(201, payloads.issue(issue, world))

    def patch(request: Request, number: str) -> Any:
        issue = find(request, number)
        check(request.body)
        stamp = payloads.stamp(request.world.now)
        if request.body.get("state") == "closed" and issue["state"] == "open":
            issue.update(closed_at=stamp, state_reason="completed")
        if request.body.get("state") == "open" and issue["state"] == "closed":
            issue.update(closed_at=None, state_reason="reopened")
        issue.update(request.body, updated_at=stamp)
        return answer(body=payloads.issue(issue, request.world))

    def comment(request: Request, number: str) -> Any:
        issue = find(request, number)
        comments = request.world.comments.setdefault(issue["number"], [])
        stamp = payloads.stamp(request.world.now)
        made = {"id": 7000 + len(comments), "body": request.body["body"], "author": request.token.login, "created_at": stamp}
        comments.append(made)
        return answer(201, payloads.comment(made, issue["number"], request.world.repository))

    def labels(request: Request) -> Any:
        return answer(body=[payloads.label(one, request.world.repository) for one in request.world.labels.values()])

    def make_label(request: Request) -> Any:
        name = request.body["name"]
        if name in request.world.labels:
            errors = [{"resource": "Label", "code": "already_exists", "field": "name"}]
            raise refused(422, "Validation Failed", errors=errors)
        made = {"name": name, "color": request.body.get("color", "ededed"), "description": request.body.get("description")}
        request.world.labels[name] = made
        return answer(201, payloads.label(made, request.world.repository))

    return (
        ("GET", r"/issues", _READ, listed),
        ("POST", r"/issues", _WRITE, create),
        ("GET", r"/issues/(\d+)", _READ, lambda r, n: answer(body=payloads.issue(find(r, n), r.world))),
        ("PATCH", r"/issues/(\d+)", _WRITE, patch),
        ("POST", r"/issues/(\d+)/comments", _WRITE, comment),
        ("GET", r"/labels", _READ, labels),
        ("POST", r"/labels", _WRITE, make_label),
    )
