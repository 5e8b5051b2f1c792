"""All traffic of a sweep against GitHub's own description of its API.

The description is the npm package `@octokit/openapi`, fetched at test time into a cache folder and never committed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.e2e.conftest import SNAPSHOT, TOKEN, Program
from tests.e2e.standin import Organization, StandIn, World
from tests.e2e.standin.world import Token

if TYPE_CHECKING:
    from tests.e2e.standin.server import Entry

pytestmark = pytest.mark.contract
PACKAGE = "@octokit/openapi@23"
HOST = "https://api.github.com"


def description() -> dict[str, Any]:
    """The OpenAPI document, from the cache or from npm."""
    folder = Path(os.environ.get("FAILURE_INVESTIGATOR_TEST_CACHE") or Path(tempfile.gettempdir()) / "octokit-openapi")
    folder.mkdir(parents=True, exist_ok=True)
    found = folder / "api.github.com.json"
    if not found.exists():
        done = subprocess.run(
            ["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True, text=True
        )
        with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as archive:
            member = archive.extractfile("package/generated/api.github.com.json")
            assert member is not None
            found.write_bytes(member.read())
    document: dict[str, Any] = json.loads(found.read_text("utf-8"))
    return document


def used(document: dict[str, Any], journal: list[Entry]) -> dict[str, Any]:
    """The document with only the paths that the traffic touched: the whole takes minutes to build."""
    paths = {
        template: item
        for template, item in document["paths"].items()
        if any(re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), entry.path) for entry in journal)
    }
    # `created` takes ranges (`A..B`), as its own text says; only its format says a single time.
    document["components"]["parameters"]["created"]["schema"].pop("format", None)
    # `state_reason` is nullable there, and `null` is what new issues have, but its list of values leaves it out.
    document["components"]["schemas"]["issue"]["properties"]["state_reason"]["enum"].append(None)
    contents = "/repos/{owner}/{repo}/contents/{path}"
    return {**document, "paths": {key: item for key, item in paths.items() if key != contents}}


class AsRequest:
    """A journal entry as openapi-core wants a request."""

    content_type = "application/json"

    def __init__(self, entry: Entry) -> None:
        self.host_url, self.path, self.method = HOST, entry.path, entry.method.lower()
        self.path_pattern = None
        self.body = json.dumps(entry.body).encode() if entry.body else None
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(entry.query), header=Headers({"Content-Type": self.content_type})
        )


class AsResponse:
    """A journal entry as openapi-core wants a response."""

    content_type = "application/json"

    def __init__(self, entry: Entry) -> None:
        self.status_code = entry.status
        self.data = json.dumps(entry.answer).encode()
        self.headers = Headers(entry.headers)


@pytest.fixture(scope="module")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """A first sweep, a second one, and one after a fifth failure."""
    world = World.from_snapshot(SNAPSHOT)
    world.add_token(TOKEN)
    with StandIn(world) as standin:
        program = Program(tmp_path_factory.mktemp("contract"), standin)
        assert [program().code, program().code] == [0, 0]
        last = max((run for run in world.runs if run.workflow.name == "AI Moderator"), key=lambda run: run.started_at)
        run = world.add_run(last.workflow, last.started_at + timedelta(hours=1), event="issues")
        said = "unexpected status 401 Unauthorized: Missing bearer or basic authentication in header"
        world.add_job(run, "moderate", ["  OPENAI_API_KEY: ***", said])
        world.now += timedelta(hours=2)
        assert program().code == 0
        return [entry for entry in standin.journal if entry.origin == "api"]


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """Endpoints that no sweep above asks for: the stand-in's answers have GitHub's form there too."""
    world = World.from_snapshot(SNAPSHOT)
    world.add_token(TOKEN, permissions={**Token().permissions, "secrets": "read"})
    world.secrets = {"OPENAI_API_KEY": world.now}
    world.ancestry = ["a" * 40, "b" * 40]
    world.file_issue("octocat", "An issue", "its body")
    with StandIn(world) as standin:
        for method, path, body in LATER:
            _ask(standin, method, path, body)
        return [entry for entry in standin.journal if entry.origin == "api"]


@pytest.fixture(scope="module")
def many() -> list[Entry]:
    """An organisation's endpoints, and a user's."""
    entries = []
    for kind, paths in (("Organization", ORGANIZATION), ("User", ("/users/octo-org/repos",))):
        organization = Organization("octo-org", World.from_snapshot(SNAPSHOT).now, kind)
        organization.add("one", visibility="public", topics=("ci",))
        organization.add_token(TOKEN)
        with StandIn(organization) as standin:
            for path in paths:
                _ask(standin, "GET", path, None)
            entries += [entry for entry in standin.journal if entry.origin == "api"]
    return entries


ORGANIZATION = (
    "/orgs/octo-org",
    "/orgs/octo-org/repos?per_page=100&type=all&sort=full_name&page=1",
    "/installation/repositories?per_page=100",
    "/repos/octo-org/one/actions/runs?status=completed&per_page=100",
)
LATER: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/rate_limit", None),
    ("GET", "/search/issues?q=issue", None),
    ("GET", "{repo}/actions/workflows", None),
    ("GET", "{repo}/actions/workflows/812/runs", None),
    ("GET", "{repo}/actions/runs/24579781734", None),
    ("GET", "{repo}/actions/runs/24579781734/attempts/1", None),
    ("GET", "{repo}/actions/runs/24579781734/jobs", None),
    ("GET", f"{{repo}}/commits/{'a' * 40}", None),
    ("GET", f"{{repo}}/compare/{'a' * 40}...{'b' * 40}", None),
    ("GET", "{repo}/branches/main", None),
    ("GET", "{repo}/branches/gone", None),
    ("GET", "{repo}/actions/secrets", None),
    ("GET", "{repo}/actions/organization-secrets", None),
    ("GET", "{repo}/labels", None),
    ("POST", "{repo}/labels", {"name": "one", "color": "ededed"}),
    ("GET", "{repo}/labels/one", None),
    ("POST", "{repo}/issues/1/labels", {"labels": ["one"]}),
    ("GET", "{repo}/issues/1/labels", None),
    ("POST", "{repo}/issues/1/comments", {"body": "a comment"}),
    ("GET", "{repo}/issues/1/comments", None),
    ("PATCH", "{repo}/issues/1", {"state": "closed", "state_reason": "not_planned"}),
    ("PATCH", "{repo}/issues/1", {"state": "open"}),
    ("GET", "{repo}/issues/1/events", None),
    ("GET", "{repo}/issues/1/timeline", None),
    ("DELETE", "{repo}/issues/1/labels/one", None),
    ("GET", "{repo}/issues/1", None),
    ("GET", "{repo}/issues/99", None),
)


def _ask(standin: StandIn, method: str, path: str, body: Any) -> None:
    address = standin.api + path.format(repo=f"/repos/{standin.world.repository.name}")
    data = json.dumps(body).encode() if body is not None else None
    request = Request(address, data, {"Authorization": f"Bearer {TOKEN}"}, method=method)  # noqa: S310 - loopback
    with suppress(HTTPError), urlopen(request) as answer:  # noqa: S310 - loopback
        answer.read()


def check(entries: list[Entry]) -> int:
    """Validate requests and answers; how many. Redirects to logs and raw files have no JSON to compare."""
    openapi = OpenAPI.from_dict(used(description(), entries), config=Config(spec_validator_cls=None))
    checked = 0
    for entry in entries:
        if "/contents/" in entry.path:
            continue
        openapi.validate_request(AsRequest(entry))
        checked += 1
        if entry.status == 403 and entry.path.endswith("/actions/secrets"):
            continue  # GITHUB_TOKEN is refused there; the description lists no refusal
        if isinstance(entry.answer, (dict, list)):
            openapi.validate_response(AsRequest(entry), AsResponse(entry))
    return checked


def test_all_requests_and_answers_of_sweeps_fit_githubs_description(traffic: list[Entry]) -> None:
    """Ours and the stand-in's both."""
    assert check(traffic) >= 20


def test_the_answers_that_later_stages_will_need_fit_it_too(later: list[Entry]) -> None:
    """Labels, comments, the history of an issue, commits and comparisons, search."""
    assert len(LATER) == check(later)
    assert [404, 404] == [entry.status for entry in later if entry.status >= 400]


def test_an_organizations_answers_fit_it_too(many: list[Entry]) -> None:
    """Its repositories, listed for an installation, a person and a user's own page; the runs of one of them."""
    assert ([200] * 5, 5) == ([entry.status for entry in many], check(many))
