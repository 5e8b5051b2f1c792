"""Labels and the history of an issue, and what every request about issues begins with."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from tests.e2e.standin import payloads
from tests.e2e.standin.answers import Answer, Refused, Request, page

_WRITE = ("issues", "write")
_READ = ("issues", "read")


def enabled(request: Request) -> None:
    """Raises 410 where the repository takes no issues."""
    if not request.world.repository.has_issues:
        raise Refused(410, "Issues has been disabled in this repository.")


def find(request: Request, number: str) -> dict[str, Any]:
    """The issue; raises 404."""
    enabled(request)
    issue = next((one for one in request.world.issues if one["number"] == int(number)), None)
    if issue is None and int(number) in request.world.deleted:
        raise Refused(410, "This issue was deleted")
    if issue is None:
        raise Refused(404, "Not Found")
    return issue


def happened(request: Request, issue: dict[str, Any], event: str, **more: Any) -> None:
    """Write an event into the issue's history."""
    stamp = payloads.stamp(request.world.now)
    request.world.events.setdefault(issue["number"], []).append(
        {"event": event, "actor": request.token.login, "created_at": stamp, **more}
    )


def _events(request: Request, number: str) -> Answer:
    issue = find(request, number)
    part, headers = page(request, request.world.events.get(issue["number"], []))
    return Answer(body=[payloads.event(one, request.world) for one in part], headers=headers)


def _listed(request: Request) -> Answer:
    part, headers = page(request, list(request.world.labels.values()))
    return Answer(body=[payloads.label(one, request.world.repository) for one in part], headers=headers)


def _get(request: Request, quoted: str) -> Answer:
    name = unquote(quoted)
    if name not in request.world.labels:
        raise Refused(404, "Not Found")
    return Answer(body=payloads.label(request.world.labels[name], request.world.repository))


def _make(request: Request) -> Answer:
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


def _of_issue(request: Request, issue: dict[str, Any]) -> Answer:
    world = request.world
    return Answer(body=[payloads.label(world.labels[name], world.repository) for name in issue["labels"]])


def _add(request: Request, number: str) -> Answer:
    issue = find(request, number)
    for name in request.body["labels"]:
        request.world.labels.setdefault(name, {"name": name, "color": "ededed", "description": None})
        if name not in issue["labels"]:
            issue["labels"] = [*issue["labels"], name]
            happened(request, issue, "labeled", label=name)
    return _of_issue(request, issue)


def _remove(request: Request, number: str, quoted: str) -> Answer:
    issue, name = find(request, number), unquote(quoted)
    if name not in issue["labels"]:
        raise Refused(404, "Label does not exist")
    issue["labels"] = [one for one in issue["labels"] if one != name]
    happened(request, issue, "unlabeled", label=name)
    return _of_issue(request, issue)


ROUTES: tuple[tuple[str, str, tuple[str, str], Any], ...] = (
    ("GET", r"/labels", _READ, _listed),
    ("POST", r"/labels", _WRITE, _make),
    ("GET", r"/labels/([^/]+)", _READ, _get),
    ("GET", r"/issues/(\d+)/labels", _READ, lambda r, n: _of_issue(r, find(r, n))),
    ("POST", r"/issues/(\d+)/labels", _WRITE, _add),
    ("DELETE", r"/issues/(\d+)/labels/([^/]+)", _WRITE, _remove),
    ("GET", r"/issues/(\d+)/events", _READ, _events),
    ("GET", r"/issues/(\d+)/timeline", _READ, _events),
)
