"""Small makers of model values for unit tests: only what a test says differs from the ordinary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from failure_investigator.model import (
    Cause,
    Diagnosis,
    Evidence,
    Finding,
    Job,
    Marker,
    Place,
    Run,
    Streak,
    StreamKey,
    Workflow,
)

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
REPOSITORY = "octo-org/octo-app"
NIGHTLY = Workflow(7, "Nightly", ".github/workflows/nightly.yml")


def make_run(number: int = 1, conclusion: str = "failure", **changes: Any) -> Run:
    """Run `number` started `number` hours after midnight of 2026-05-04 and took ten minutes."""
    started = changes.pop("started_at", datetime(2026, 5, 4, tzinfo=UTC) + timedelta(hours=number))
    values: dict[str, Any] = {
        "repository": REPOSITORY,
        "id": 1000 + number,
        "attempt": 1,
        "number": number,
        "workflow": NIGHTLY,
        "title": "Nightly",
        "event": "schedule",
        "branch": "main",
        "head_sha": f"{number:040x}",
        "head_repository": changes.get("repository", REPOSITORY),
        "actor": "octocat",
        "conclusion": conclusion,
        "created_at": started,
        "started_at": started,
        "updated_at": started + timedelta(minutes=10),
        "url": f"https://github.com/{REPOSITORY}/actions/runs/{1000 + number}",
    }
    return Run(**{**values, **changes})


def make_job(run: Run, name: str = "publish", conclusion: str = "failure", **changes: Any) -> Job:
    """The job of a run; its id is ten times the run's."""
    number = changes.pop("id", run.id * 10)
    return Job(number, run.id, run.attempt, name, conclusion, f"{run.url}/job/{number}", **changes)


def make_diagnosis(cause: Cause = Cause.CREDENTIAL_MISSING, **changes: Any) -> Diagnosis:
    """OpenAI, 401, no credential."""
    values: dict[str, Any] = {
        "service": "openai",
        "status": 401,
        "cause": cause,
        "confidence": "certain",
        "signature": "openai/missing-bearer",
        "credential": "OPENAI_API_KEY",
        "host": "api.openai.com",
        "evidence": (Evidence("No API key reached OpenAI.", text="Missing bearer", place=Place(7)),),
        "remedy": ("See which variable the client reads.",),
        "do_not": ("Do not rotate the key.",),
    }
    return Diagnosis(**{**values, **changes})


def make_streak(findings: list[Finding], **changes: Any) -> Streak:
    """A streak of the nightly workflow on the default branch."""
    values: dict[str, Any] = {
        "stream": StreamKey(REPOSITORY, NIGHTLY.id, "default"),
        "workflow": NIGHTLY,
        "branch": "main",
        "findings": tuple(findings),
    }
    return Streak(**{**values, **changes})


def make_finding(number: int = 1, diagnosis: Diagnosis | None = None, **changes: Any) -> Finding:
    """A read finding of run `number`."""
    run = changes.pop("run", None) or make_run(number)
    job = make_job(run)
    return Finding(run, changes.pop("how", "read"), job, job.id, diagnosis or make_diagnosis())


def make_marker(fingerprint: str = "v1:credential:openai:OPENAI_API_KEY", **changes: Any) -> Marker:
    """The marker of an open issue."""
    return Marker(fingerprint, REPOSITORY, **changes)
