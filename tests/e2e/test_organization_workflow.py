"""investigate-org.yml, job by job as a runner does it, from a clean checkout against the stand-in.

Checkout, setup-python, cache, artifacts and the App's tokens are stand-ins (`service_steps.py`).
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from failure_investigator.model import Workflow
from tests.e2e.service_steps import KEY, SLUG, Service, clean_checkout, restore_with, setup_python
from tests.e2e.standin import Organization, StandIn
from tests.e2e.workflow_runner import Run, called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.standin import World

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "investigate-org.yml"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
JOB_TOKEN = "gh" + "s_" + "j" * 40
NO_TOKEN = [
    "  NODE_AUTH_TOKEN: ",
    "npm error code ENEEDAUTH",
    "npm error need auth This command requires you to be logged in",
]
CALLED = {"workflow_repository": "corp/failure-investigator", "workflow_sha": "ab" * 20}
FAIL = 5
"""Repositories that fail, all for want of the same credential."""


class Fleet:
    """An organisation beside the repository of its platform team, which calls the workflow."""

    def __init__(self, standin: StandIn, organization: Organization, place: Path, program: Path, library: Path) -> None:
        self.standin, self.organization, self.place = standin, organization, place
        self.service = Service(organization, program, CALLED, place / "service")
        self.action_uses = {"actions/setup-python": setup_python, "actions/cache": restore_with(library)}
        self.runs = 0

    @property
    def home(self) -> World:
        """The platform team's repository."""
        return self.organization.worlds["octo-org/platform"]

    def run(self, **inputs: Any) -> Run:
        """A run of the caller's workflow."""
        self.runs += 1
        given = {"app-client-id": "Iv1.1", "issue-repository": "octo-org/platform", **inputs}
        workflow, filled = called(WORKFLOW, given, {"app-private-key": KEY})
        github = {
            "token": JOB_TOKEN,
            "repository": "octo-org/platform",
            "repository_owner": "octo-org",
            "run_id": 7000 + self.runs,
        }
        caller = "octo-org/platform/.github/workflows/failure-investigator.yml@refs/heads/main"
        environ = {
            "HOME": str(self.place),
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.standin.api,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "octo-org/platform",
            "GITHUB_WORKFLOW_REF": caller,
            "GITHUB_RUN_ID": str(github["run_id"]),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            "FAILURE_INVESTIGATOR_NOW": self.organization.now.isoformat(),
            "FAILURE_INVESTIGATOR_WRITE_PAUSE": "0",
        }
        place = self.place / f"run-{self.runs}"
        uses = (self.service.uses, self.action_uses)
        return Run(workflow, place, *uses, environ, github, CALLED, filled, {"app-private-key": KEY})

    def requests(self) -> int:
        """How many requests were made so far."""
        return len(self.standin.asked())

    def by_job(self) -> dict[str, set[str]]:
        """Job and attempt → `METHOD path` of its requests, numbers as N."""
        found: dict[str, set[str]] = {}
        for entry in self.standin.journal:
            token = entry.authorization.rpartition(" ")[2]
            line = re.sub(r"\d+", "N", f"{entry.method} {entry.path}")
            if entry.origin == "api":
                found.setdefault(self.service.tokens.get(token, token), set()).add(line)
        return found


def repository(organization: Organization, name: str, conclusion: str) -> None:
    """A repository whose release ran three times."""
    world = organization.add(name)
    release = Workflow(100, "Release", ".github/workflows/release.yml")
    for hours in (5, 3, 1):
        run = world.add_run(release, NOW - timedelta(hours=hours), conclusion)
        world.add_job(run, "publish", NO_TOKEN if conclusion == "failure" else ["published"], conclusion)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean checkout, made once."""
    return clean_checkout(tmp_path_factory.mktemp("program") / "checkout")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled library, made once and shared as the Actions cache does it."""
    return tmp_path_factory.mktemp("library") / "library"


@contextmanager
def company(size: int, place: Path, program: Path, library: Path) -> Iterator[Fleet]:
    """So many repositories, of which five fail."""
    organization = Organization("octo-org", NOW)
    organization.add("platform")
    for number in range(size):
        repository(organization, f"service-{number:03d}", "failure" if number % (size // FAIL) == 0 else "success")
    organization.add_token(JOB_TOKEN, permissions={})
    with StandIn(organization) as standin:
        yield Fleet(standin, organization, place, program, library)


@pytest.fixture
def large(tmp_path: Path, program: Path, library: Path) -> Iterator[Fleet]:
    """200 repositories."""
    with company(200, tmp_path, program, library) as made:
        yield made


@pytest.fixture
def fleet(tmp_path: Path, program: Path, library: Path) -> Iterator[Fleet]:
    """As few as do."""
    with company(10, tmp_path, program, library) as made:
        yield made


def said(run: Run) -> str:
    """What went wrong, for a person."""
    return "\n".join(f"{name}: {job.result}\n{job.said[-1500:]}" for name, job in run.jobs.items())


def results(run: Run) -> dict[str, str]:
    """Job → result."""
    return {name: job.result for name, job in run.jobs.items()}


def blamed(fleet: Fleet) -> tuple[int, int]:
    """Number of the one issue, and how many repositories it links runs of."""
    [issue] = fleet.home.issues
    return issue["number"], len(set(re.findall(r"octo-org/service-\d+(?=/actions/runs)", issue["body"])))


def test_five_of_200_repositories_are_one_issue_within_the_budget(large: Fleet) -> None:
    """Each job did what its token may and no more, and the second sweep pays for what is new."""
    run = large.run()
    run.start()
    requests, asked = large.requests(), large.by_job()
    shards = [name for name in run.jobs if name.startswith("scan ")]

    assert dict.fromkeys(("plan", *shards, "report"), "success") == results(run), said(run)
    assert [{"repository": "octo-org/platform", "number": 1}] == json.loads(run.jobs["report"].outputs["created"])
    assert ((1, FAIL), f"{SLUG}[bot]") == (blamed(large), large.home.issues[0]["author"])
    assert (True, True) == (len(shards) > 1, requests <= 290), requests
    assert {CALLED["workflow_sha"]} == {commit for _, commit in large.service.checked_out}
    assert {f"{name}.1" for name in run.jobs} == set(asked)
    writes = {name: [line for line in lines if not line.startswith("GET ")] for name, lines in asked.items()}
    assert (["report.1"], []) == (
        [name for name, lines in writes.items() if lines],
        [line for line in asked["report.1"] if "/actions/" in line],
    )
    # When a secret was last set: an App that may know it tells more, and none has to.
    refused = {re.sub(r"\d+", "N", entry.path) for entry in large.standin.journal if entry.status == 403}
    assert {"/repos/octo-org/service-N/actions/secrets"} == refused

    again = large.run()
    again.start()
    assert ("[]", (1, FAIL)) == (again.jobs["report"].outputs["created"], blamed(large)), said(again)
    assert "201 of 201 listings were unchanged" in again.jobs["report"].summary
    assert 2 == len(large.service.kept)


def test_a_scan_that_dies_is_run_again_and_one_that_runs_twice_changes_nothing(fleet: Fleet) -> None:
    """The report of what is left comes first, and says what is missing; then the same issue has the rest."""
    run = fleet.run()
    run.start(dies=lambda job: job == "scan 1")
    failed, (number, some), first = run.failed(), blamed(fleet), run.jobs["report"].summary
    run.start(failed)
    second, whole = run.jobs["report"].summary, fleet.home.issues[0]["body"]

    assert (["scan 1"], 1, True) == (failed, number, 0 < some < FAIL), said(run)
    assert ({"success"}, (1, FAIL)) == (set(results(run).values()), blamed(fleet)), said(run)
    assert (True, False) == tuple("whose shard did not finish" in summary for summary in (first, second))

    run.start(["scan 0"])  # the button beside one job runs what needs it, too
    assert ("[]", "[]", whole) == (
        run.jobs["report"].outputs["created"],
        run.jobs["report"].outputs["updated"],
        fleet.home.issues[0]["body"],
    ), said(run)


def test_the_tokens_have_what_the_jobs_ask_for_and_no_more(fleet: Fleet) -> None:
    """Plan and scan can write nothing; the report sees no run, and only the repositories that it reads and writes."""
    run = fleet.run(repositories="service-000")
    run.start()
    known = fleet.organization.tokens
    tokens = {job: known[value] for value, job in fleet.service.tokens.items()}
    reads = {"metadata": "read", "actions": "read", "contents": "read"}
    expected = {
        "plan.1": ({**reads, "issues": "read"}, None),
        "scan 0.1": (reads, None),
        "report.1": ({"metadata": "read", "contents": "read", "issues": "write"}, frozenset({"platform"})),
    }

    assert expected == {job: (token.permissions, token.sees) for job, token in tokens.items()}, said(run)
    assert {"success"} == set(results(run).values()), said(run)


def test_where_nothing_failed_nothing_is_scanned(fleet: Fleet) -> None:
    """The report still says so, and keeps what was learnt."""
    run = fleet.run(repositories="service-001")
    run.start()

    assert {"plan": "success", "scan": "skipped", "report": "success"} == results(run), said(run)
    assert ("0", 1, []) == (run.jobs["report"].outputs["incident-count"], len(fleet.service.kept), fleet.home.issues)


def test_a_plan_that_fails_ends_it(fleet: Fleet) -> None:
    """Runs of a private repository would be told in a public one."""
    fleet.home.rename(visibility="public")
    run = fleet.run()
    run.start()

    assert {"plan": "failure", "scan": "skipped", "report": "skipped"} == results(run)
    assert "would stand in the runs of octo-org/platform (public)" in run.jobs["plan"].said
    assert [] == fleet.standin.writes()
