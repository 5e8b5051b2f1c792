"""investigate-org.yml, job by job as a runner does it, from a clean checkout against the stand-in.

Checkout, setup-python, cache, artifacts and the App's tokens are stand-ins (`service_steps.py`).
"""

from __future__ import annotations

import json
import re
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
NO_TOKEN = ["  NODE_AUTH_TOKEN: ", "npm error code ENEEDAUTH", "npm error need auth This command requires you to be logged in"]
CALLED = {"workflow_repository": "corp/failure-investigator", "workflow_sha": "ab" * 20}
FAIL = 5
"""Repositories of 200 that fail, all for want of the same credential."""


class Fleet:
    """An organisation of 200 repositories beside the one of its platform team, which calls the workflow."""

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


@pytest.fixture
def fleet(tmp_path: Path, program: Path, library: Path) -> Iterator[Fleet]:
    """200 repositories, of which five fail."""
    organization = Organization("octo-org", NOW)
    organization.add("platform")
    for number in range(200):
        repository(organization, f"service-{number:03d}", "failure" if number % 40 == 0 else "success")
    organization.add_token(JOB_TOKEN, permissions={})
    with StandIn(organization) as standin:
        yield Fleet(standin, organization, tmp_path, program, library)


def said(run: Run) -> str:
    """What went wrong, for a person."""
    return "\n".join(f"{name}: {job.result}\n{job.said[-1500:]}" for name, job in run.jobs.items())


def results(run: Run) -> dict[str, str]:
    """Job → result."""
    return {name: job.result for name, job in run.jobs.items()}


def test_five_of_200_repositories_are_one_issue_within_the_budget(fleet: Fleet) -> None:
    """Each job's token did what its job asks for, nothing was refused, and the second sweep pays for what is new."""
    run = fleet.run()
    run.start()
    first = fleet.requests()
    created = json.loads(run.jobs["report"].outputs["created"])
    asked = {name: paths for name, paths in fleet.by_job().items()}

    shards = [name for name in run.jobs if name.startswith("scan ")]
    assert {name: "success" for name in ("plan", *shards, "report")} == results(run), said(run)
    assert [{"repository": "octo-org/platform", "number": 1}] == created
    [issue] = fleet.home.issues
    assert (f"{SLUG}[bot]", FAIL) == (issue["author"], len(set(re.findall(r"octo-org/service-\d+(?=/actions/runs)", issue["body"]))))
    assert len(shards) >= 2
    assert first <= 290
    assert {f"{name}.1" for name in ("plan", *shards, "report")} == set(asked)
    refused = {re.sub(r"\d+", "N", entry.path) for entry in fleet.standin.journal if entry.status == 403}
    assert {"/repos/octo-org/service-N/actions/secrets"} == refused  # when a secret was last set: an App may be let know
    assert {"POST", "PATCH"} & {line.split()[0] for line in asked["report.1"]}
    assert [] == [line for name, lines in asked.items() if name != "report.1" for line in lines if not line.startswith("GET")]
    assert [] == [line for line in asked["report.1"] if "/actions/" in line]
    assert {CALLED["workflow_sha"]} == {sha for _, sha in fleet.service.checked_out}

    again = fleet.run()
    again.start()
    assert ("[]", 1) == (again.jobs["report"].outputs["created"], len(fleet.home.issues))
    assert "200 of 201 listings were unchanged" in again.jobs["report"].summary + again.jobs["plan"].said
    assert 2 == len(fleet.service.kept)


def test_the_tokens_have_what_the_jobs_ask_for_and_no_more(fleet: Fleet) -> None:
    """Plan and scan can write nothing, the report sees no run, and its token no repository that it does not write to."""
    run = fleet.run(repositories="service-0*")
    run.start()
    tokens = {fleet.service.tokens[value]: token for value, token in fleet.organization.tokens.items() if value != JOB_TOKEN}

    reads = {"metadata": "read", "actions": "read", "contents": "read"}
    assert {**reads, "issues": "read"} == tokens["plan.1"].permissions, said(run)
    assert [reads] * 2 == [tokens[f"scan {number}.1"].permissions for number in range(2)]
    assert {"metadata": "read", "contents": "read", "issues": "write"} == tokens["report.1"].permissions
    assert (None, frozenset({"platform"})) == (tokens["plan.1"].sees, tokens["report.1"].sees)


def test_a_scan_that_dies_and_is_run_again_files_nothing_twice(fleet: Fleet) -> None:
    """The report of what is left comes first, and says what is missing; then the same issue has the rest."""
    run = fleet.run()
    run.start(dies=lambda job: job == "scan 1")
    before = [dict(issue) for issue in fleet.home.issues]
    lost = run.jobs["report"].summary
    failed = run.failed()
    run.start(failed)

    assert (["scan 1"], 1, True) == (failed, len(before), "whose shard did not finish" in lost), said(run)
    assert ({"success"}, "success") == (set(results(run).values()), run.jobs["scan 1"].result), said(run)
    [issue] = fleet.home.issues
    assert (1, FAIL) == (issue["number"], len(set(re.findall(r"octo-org/service-\d+(?=/actions/runs)", issue["body"]))))
    assert "whose shard did not finish" not in run.jobs["report"].summary


def test_a_scan_that_runs_twice_changes_nothing(fleet: Fleet) -> None:
    """The button beside one job runs it and the report again."""
    run = fleet.run()
    run.start()
    [before] = [dict(issue) for issue in fleet.home.issues]
    run.start(["scan 0"])
    [after] = fleet.home.issues

    assert ({"success"}, before["body"]) == (set(results(run).values()), after["body"]), said(run)
    assert "[]" == run.jobs["report"].outputs["created"]


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
