"""The endpoints: (method, path) → answer. Strict: permissions, limits and refusals as GitHub has them."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.e2e.standin import history, issues, organization, payloads
from tests.e2e.standin.answers import Answer, Refused, Request, page
from tests.e2e.standin.zips import run_zip

if TYPE_CHECKING:
    from failure_investigator.model import Repository, Run
    from tests.e2e.standin.world import World

CAP = 1000
_ROLES = ("admin", "maintain", "push", "triage", "pull")


def answer(request: Request) -> Answer:
    """The answer to a request; raises `Refused`."""
    base = f"/repos/{request.world.repository.name}"
    other = request.world.others.get(request.path.removeprefix("/repos/"))
    if other is not None:
        return _repository(request, other)
    if not request.path.startswith("/repos/"):
        return _outside(request)
    if not (request.path == base or request.path.startswith(f"{base}/")):
        raise Refused(404, "Not Found")
    inside = request.path.removeprefix(base)
    for method, pattern, permission, route in (*ROUTES, *history.ROUTES, *issues.ROUTES):
        match = re.fullmatch(pattern, inside)
        if match and method == request.method:
            need(request, *permission)
            made: Answer = route(request, *match.groups())
            return made
    raise Refused(404, "Not Found")


def _outside(request: Request) -> Answer:
    """What is no repository's."""
    if request.path == "/user":
        if not request.token.user:
            raise Refused(403, "Resource not accessible by integration")
        return Answer(body=payloads.user(request.token.login))
    if request.path == "/graphql":
        return _graphql(request)
    if request.path == "/rate_limit":
        return history.rate_limit(request)
    if request.path == "/search/issues":
        return issues.search(request)
    if request.organization is None:
        raise Refused(404, "Not Found")
    return organization.answer(request, request.organization)


def _graphql(request: Request) -> Answer:
    """The one query that is asked: who the token is. Refused, GraphQL says so with 200."""
    if request.method != "POST" or request.body.get("query") != "query{viewer{login}}":
        raise Refused(400, "Problems parsing JSON")
    if not request.token.viewer:
        told = {"type": "FORBIDDEN", "path": ["viewer"], "message": "Resource not accessible by integration"}
        return Answer(body={"data": None, "errors": [told]})
    return Answer(body={"data": {"viewer": {"login": request.token.login}}})


def _repository(request: Request, repository: Repository) -> Answer:
    """A repository, with what GitHub tells of a user's role and of a classic token's scopes."""
    token = request.token
    role = {"permissions": dict.fromkeys(_ROLES, False) | token.role} if token.role else {}
    headers = {"X-OAuth-Scopes": token.scopes} if token.scopes is not None else {}
    world = request.world
    own = repository is world.repository
    more = {"archived": world.archived, "disabled": world.disabled, "topics": list(world.topics)} if own else {}
    return Answer(body={**payloads.full_repository(repository, **more), **role}, headers=headers)


def need(request: Request, name: str, access: str) -> None:
    """Raises 403 as GitHub does for a token without a permission."""
    has = request.token.permissions.get(name, "")
    if has != "write" and has != access:
        headers = {"X-Accepted-GitHub-Permissions": f"{name}={access}"}
        raise Refused(403, "Resource not accessible by integration", headers)


def _runs(request: Request, workflow: str = "") -> Answer:
    query, runs = request.query, [*request.world.runs]
    if workflow:
        _existing(request, workflow)
        runs = [run for run in runs if workflow in (str(run.workflow.id), run.workflow.path.rpartition("/")[2])]
    if query.get("status") not in (None, "completed"):
        runs = [run for run in runs if run.conclusion == query["status"]]
    latest = {run.id: run for run in sorted(runs, key=lambda run: run.attempt)}  # a listing shows no older attempts
    runs = list(latest.values())
    runs = [run for run in runs if _created(run, query.get("created", "")) and run.created_at <= request.world.now]
    for name, value in (("branch", "branch"), ("event", "event"), ("actor", "actor"), ("head_sha", "head_sha")):
        if name in query:
            runs = [run for run in runs if getattr(run, value) == query[name]]
    runs.sort(key=lambda run: (run.created_at, run.id), reverse=True)
    filtered = {"status", "created", "branch", "event", "actor"} & set(query)
    part, headers = page(request, runs, CAP if filtered else 0)
    body = {"total_count": len(runs), "workflow_runs": [payloads.run(run, request.world) for run in part]}
    return Answer(body=body, headers=headers)


def _existing(request: Request, workflow: str) -> None:
    """Raises 404 for a workflow that was deleted."""
    known = {str(run.workflow.id): run.workflow.path for run in request.world.runs}
    if request.world.states.get(known.get(workflow, "")) == "deleted":
        raise Refused(404, "Not Found")


def _created(run: Run, wanted: str) -> bool:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)

    if ".." in wanted:
        first, _, last = wanted.partition("..")
        return moment(first) <= run.created_at <= moment(last)
    match = re.match(r"(>=|<=|>|<)(.*)", wanted)
    if not match:
        return True
    limit = moment(match[2])
    return {">=": run.created_at >= limit, "<=": run.created_at <= limit, ">": run.created_at > limit}.get(
        match[1], run.created_at < limit
    )


def _find_run(request: Request, number: str) -> Run:
    found = [run for run in request.world.runs if run.id == int(number)]
    if not found:
        raise Refused(404, "Not Found")
    return max(found, key=lambda run: run.attempt)


def _run(request: Request, number: str, attempt: str = "") -> Answer:
    run = _find_run(request, number)
    if attempt and int(attempt) != run.attempt:
        run = next((one for one in request.world.runs if one.key == f"{number}.{attempt}"), run)
    if attempt and int(attempt) != run.attempt:
        raise Refused(404, "Not Found")
    return Answer(body=payloads.run(run, request.world))


def _jobs(request: Request, number: str, attempt: str = "") -> Answer:
    run = _find_run(request, number)
    jobs = request.world.jobs.get(f"{number}.{attempt or run.attempt}", [])
    part, headers = page(request, jobs)
    return Answer(body={"total_count": len(jobs), "jobs": [payloads.job(job, run) for job in part]}, headers=headers)


def _job_log(request: Request, number: str) -> Answer:
    if int(number) in request.world.gone:
        raise Refused(410, "Gone")
    if int(number) not in request.world.logs:
        raise Refused(404, "Not Found")
    return Answer(302, b"", {"Location": f"{request.blobs}/logs/{number}.txt?sig=1"})


def _run_log(request: Request, number: str, attempt: str = "") -> Answer:
    run = _find_run(request, number)
    key = f"{number}.{attempt or run.attempt}"
    jobs = request.world.jobs.get(key, [])
    if any(job.id in request.world.gone for job in jobs):
        raise Refused(410, "Gone")
    if not any(job.id in request.world.logs for job in jobs):
        raise Refused(404, "Not Found")
    return Answer(302, b"", {"Location": f"{request.blobs}/zips/{key}.zip?sig=1"})


def _contents(request: Request, path: str) -> Answer:
    ref = request.query.get("ref", "HEAD")
    text = request.world.files.get((ref, unquote(path)))
    inside = f"{unquote(path)}/"
    names = {name.removeprefix(inside) for at, name in request.world.files if at == ref and name.startswith(inside)}
    if names:
        return Answer(body=[payloads.entry(inside, name, request.world.repository) for name in sorted(names)])
    if text is None:
        raise Refused(404, "Not Found")
    if "raw" in request.accept:
        return Answer(body=text, headers={"Content-Type": "application/vnd.github.raw+json; charset=utf-8"})
    return Answer(body={"type": "file", "encoding": "base64", "content": base64.b64encode(text.encode()).decode()})


def _workflows(request: Request) -> Answer:
    states = request.world.states
    every = {run.workflow.id: run.workflow for run in request.world.runs}
    known = {number: one for number, one in every.items() if states.get(one.path) != "deleted"}
    part, headers = page(request, list(known.values()))
    found = [
        {**payloads.workflow(one, request.world.repository), "state": states.get(one.path, "active")} for one in part
    ]
    return Answer(body={"total_count": len(known), "workflows": found}, headers=headers)


def _secrets(request: Request) -> Answer:
    """Names and times; what GITHUB_TOKEN is never allowed to see."""
    known = sorted(request.world.secrets.items())
    part, headers = page(request, known)
    found = [{"name": name, "created_at": payloads.stamp(at), "updated_at": payloads.stamp(at)} for name, at in part]
    return Answer(body={"total_count": len(known), "secrets": found}, headers=headers)


def _shared_secrets(_: Request) -> Answer:
    return Answer(body={"total_count": 0, "secrets": []})


def blob(world: World, path: str) -> bytes | None:
    """A file of the second origin: a job's text or a run's zip."""
    text = re.fullmatch(r"/logs/(\d+)\.txt", path)
    if text:
        return world.logs.get(int(text[1]))
    zipped = re.fullmatch(r"/zips/(\d+\.\d+)\.zip", path)
    if zipped is None:
        return None
    return world.zips.get(zipped[1]) or run_zip(world.jobs.get(zipped[1], []), world.logs)


_READ = ("actions", "read")
ROUTES: tuple[tuple[str, str, tuple[str, str], Any], ...] = (
    ("GET", "", ("metadata", "read"), lambda r: _repository(r, r.world.repository)),
    ("GET", r"/actions/runs", _READ, _runs),
    ("GET", r"/actions/workflows", _READ, _workflows),
    ("GET", r"/actions/workflows/([^/]+)/runs", _READ, _runs),
    ("GET", r"/actions/runs/(\d+)", _READ, _run),
    ("GET", r"/actions/runs/(\d+)/attempts/(\d+)", _READ, _run),
    ("GET", r"/actions/runs/(\d+)/jobs", _READ, _jobs),
    ("GET", r"/actions/runs/(\d+)/attempts/(\d+)/jobs", _READ, _jobs),
    ("GET", r"/actions/jobs/(\d+)/logs", _READ, _job_log),
    ("GET", r"/actions/runs/(\d+)/logs", _READ, _run_log),
    ("GET", r"/actions/runs/(\d+)/attempts/(\d+)/logs", _READ, _run_log),
    ("GET", r"/contents/(.+)", ("contents", "read"), _contents),
    ("GET", r"/actions/secrets", ("secrets", "read"), _secrets),
    ("GET", r"/actions/organization-secrets", ("secrets", "read"), _shared_secrets),
)
