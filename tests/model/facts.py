"""What happened, as the world knows it: runs with what their jobs really failed of, and the logs that say so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha1
from typing import TYPE_CHECKING

from failure_investigator.diagnose.diagnosis import weigh
from failure_investigator.incidents.fingerprint import fingerprint
from failure_investigator.model import Job, JobLog, LogMember, Repository, Run, Workflow
from failure_investigator.reading import read_job
from failure_investigator.signatures.scanner import built_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.diagnose.case import Case
    from failure_investigator.signatures.scanner import Scanner

START = datetime(2026, 1, 5, tzinfo=UTC)
NAME = "octo-org/octo-app"
REPOSITORY = Repository(NAME, "public", "main")
WORKFLOWS = {
    number: Workflow(number, name, f".github/workflows/{name.lower()}.yml")
    for number, name in ((11, "Nightly"), (12, "Release"), (13, "Docs"), (14, "Triage"))
}
JOBS = ("build", "publish")
PLACES = ("default", "branch", "pull_request", "fork")
SAID = {
    "missing": "ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header",
    "invalid": "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: ***. "
    "You can find your API key at https://platform.openai.com/account/api-keys.', 'code': 'invalid_api_key'}}",
    "npm": "npm error code ENEEDAUTH\nnpm error need auth This command requires you to be logged in to it",
    "docker": "Error response from daemon: toomanyrequests: You have reached your pull rate limit.",
    "push": "remote: Permission to octo-org/octo-app.git denied to github-actions[bot].\n"
    "fatal: unable to access 'https://github.com/octo-org/octo-app/': The requested URL returned error: 403",
    "other": "AssertionError: expected 3, got 4",
}
"""Kind of failure → what its log says. `missing` and `invalid` are two causes of one matter, `docker` passes by itself,
`push` is a matter of each workflow by itself, `other` is no refusal."""
KINDS = tuple(SAID)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a run: all that is to be known about it."""

    run: Run
    jobs: tuple[Job, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    """Job → kind of its failure; `other` and logs that are gone included."""
    gone: bool = False
    """Whether its logs are."""


def sha_of(commit: int) -> str:
    """The commit with this place in the history: the order of names tells nothing."""
    return sha1(str(commit).encode(), usedforsecurity=False).hexdigest()


def log_of(kind: str) -> JobLog:
    """A job's log in which one step failed of this kind."""
    head = ["##[group]Run ./do", "./do", "shell: /usr/bin/bash -e {0}", "##[endgroup]"]
    lines = [*head, *SAID[kind].split("\n"), "##[error]Process completed with exit code 1."]
    return JobLog((LogMember("".join(f"2026-05-04T01:00:00.0000000Z {line}\n" for line in lines).encode()),))


def read_quickly(log: JobLog, job: Job, run: Run, scanner: Scanner) -> Case | None:
    """As `reading.read_job`, each text of a workflow once: what a log says does not change from run to run."""
    case = _read(log, run.workflow.id)
    return replace(case, run=run, url=job.url, job_name=job.name) if case else None


@cache
def _read(log: JobLog, workflow: int) -> Case | None:
    """What a log tells in a run of a workflow."""
    return read_job(log, *_example(workflow), built_in())


@cache
def matters() -> Mapping[str, str]:
    """Fingerprint → name of the matter, as the oracle calls it (`openai`, `npm`, `docker`, `push:11` …)."""
    found = {}
    for kind in KINDS:
        for workflow in WORKFLOWS:
            case = _read(log_of(kind), workflow)
            if case is not None:
                _, run = _example(workflow)
                found[fingerprint(weigh(case), run)] = matter_of(kind, workflow)
    return found


def matter_of(kind: str, workflow: int) -> str:
    """The matter that a failure of this kind belongs to; '' for one that is no refusal."""
    if kind == "other":
        return ""
    return f"push:{workflow}" if kind == "push" else {"missing": "openai", "invalid": "openai"}.get(kind, kind)


def _example(workflow: int) -> tuple[Job, Run]:
    run = make_run(1, workflow, "default", "failure", START, START + timedelta(minutes=5), 0)
    return Job(1, 1, 1, "publish", "failure", ""), run


def make_run(
    number: int, workflow: int, place: str, conclusion: str, started: datetime, ended: datetime, commit: int,
    created: datetime | None = None, attempt: int = 1,
) -> Run:  # fmt: skip
    """An attempt of a run in one of the `PLACES`."""
    branch = {"default": "main", "branch": "release/1"}.get(place, "patch-1")
    return Run(
        repository=NAME, id=number, attempt=attempt, number=number, workflow=WORKFLOWS[workflow], title="Run",
        event="push" if place in ("default", "branch") else "pull_request", branch=branch, head_sha=sha_of(commit),
        head_repository="mona/octo-app" if place == "fork" else NAME, actor="octocat", conclusion=conclusion,
        created_at=created or started, started_at=started, updated_at=ended,
        url=f"https://github.com/{NAME}/actions/runs/{number}",
    )  # fmt: skip
