"""Sample pages of every kind that a repository may have a template for: they show what is wrong with one before it counts.

They are made as the real ones are, from values in which all that may be anybody's text is a probe.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from failure_investigator.incidents.record import record
from failure_investigator.model import (
    Alternative,
    Applied,
    Cause,
    Change,
    Diagnosis,
    Evidence,
    Finding,
    Incident,
    Job,
    Place,
    Run,
    Streak,
    StreamKey,
    Workflow,
)
from failure_investigator.render.context import Context
from failure_investigator.render.issue import issue_body
from failure_investigator.render.markdown import render, using
from failure_investigator.render.report import Report
from failure_investigator.render.summary import render_summary
from failure_investigator.render.templates import COMMENT, ISSUE, MAX_TEXT, PROBE, SUMMARY, Templates
from failure_investigator.signatures.rulebook import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAME = "octo-org/octo-app"
_URL = f"https://github.com/{_NAME}/actions/runs"
_START = datetime(2026, 5, 4, 6, tzinfo=UTC)
_WORKFLOW = Workflow(7, PROBE.format("name of a workflow"), ".github/workflows/nightly.yml")
_SERVICE = Service("example", "Example", docs="https://docs.example.com", status_page="https://status.example.com")
_CONTEXT = Context(_NAME, {_SERVICE.id: _SERVICE})


def problem(template: str, text: str) -> str:
    """Why a template cannot be used, in one line; '' when its sample pages are right."""
    if len(text) > MAX_TEXT:
        return f"it is longer than {MAX_TEXT // 1024} KiB"
    found: list[str] = []
    with using(Templates({template: text}, lambda _, said: found.append(said))):
        for sample in SAMPLES[template]:
            sample()
    return found[0] if found else ""


def _run(number: int, conclusion: str) -> Run:
    started = _START + timedelta(hours=number)
    branch, title = PROBE.format("name of a branch"), PROBE.format("title of a run")
    ended = started + timedelta(minutes=3)
    return Run(
        _NAME, number, 1, number, _WORKFLOW, title, "push", branch, f"{number:040x}", _NAME, "octocat", conclusion,
        started, started, ended, f"{_URL}/{number}",
    )  # fmt: skip


def _finding(number: int, diagnosis: Diagnosis) -> Finding:
    run = _run(number, "failure")
    job = Job(number * 10, run.id, 1, PROBE.format("name of a job"), "failure", f"{run.url}/job/{number * 10}")
    return Finding(run, "read", job, job.id, diagnosis, "v1:credential:example:KEY")


def _streak(diagnosis: Diagnosis, *numbers: int, before: Run | None = None, after: tuple[Run, ...] = ()) -> Streak:
    findings = tuple(_finding(number, diagnosis) for number in numbers)
    strip = (*after, *(finding.run for finding in findings), *((before,) if before else ()))
    key = StreamKey(_NAME, _WORKFLOW.id, "default")
    names = (PROBE.format("name of a job"),)
    return Streak(key, _WORKFLOW, PROBE.format("name of a branch"), findings, strip, before, after, jobs=names)


def _full() -> Incident:
    """All there is to tell."""
    line = Evidence("The line says it.", text=PROBE.format("line of a log"), place=Place(7, 2, 3), url=f"{_URL}/1")
    diagnosis = Diagnosis(
        "example", 401, Cause.CREDENTIAL_MISSING, "certain", "example/no-key", PROBE.format("name of a credential"),
        evidence=(line, Evidence("A fact without a line.")),
        patch=PROBE.format("line of a workflow"),
        against=(line,),
        alternatives=(
            Alternative("credential_invalid", "The wording is another.", excluded=True),
            Alternative(PROBE.format("name of a credential"), "It is read too.", excluded=False),
        ),
        secondary=(line,),
        remedy=("Set it.",),
        do_not=("Rotate it.",),
        retries=2,
    )  # fmt: skip
    streak = _streak(diagnosis, 4, 3, 2, before=_run(1, "success"), after=(_run(5, "success"),))
    return Incident("v1:credential:example:KEY", diagnosis, (streak,), ("v1:credential:example:OLD",))


def _scant() -> Incident:
    """As little as an incident can have: a service that nobody knows, one run, nothing around it."""
    host = PROBE.format("name of a host")
    diagnosis = Diagnosis(host, 403, Cause.UNCLASSIFIED, "possible", "http/refused", host=host)
    return Incident("v1:unclassified:host:403:nightly", diagnosis, (_streak(diagnosis, 2),))


def _issue(incident: Incident) -> str:
    return issue_body(incident, record(incident, None, _NAME, _CONTEXT.close_after), _CONTEXT)


def _comment(details: tuple[str, ...]) -> str:
    return render(COMMENT, {"message": "The cause is another one now.", "details": details})


def _report(*incidents: Incident) -> Report:
    reason = PROBE.format("reason of a decision")
    applied = tuple(
        Applied(
            Change("create", _NAME, reason, incident.fingerprint), number, f"https://github.com/{_NAME}/issues/{number}"
        )
        for number, incident in enumerate(incidents, 12)
    )
    notes = (PROBE.format("text of a note"),) if incidents else ()
    return Report(
        _START, _START, _START - timedelta(days=1), (_NAME,), incidents=incidents, applied=applied, notes=notes
    )


SAMPLES: Mapping[str, tuple[Callable[[], str], ...]] = {
    ISSUE: (lambda: _issue(_full()), lambda: _issue(_scant())),
    COMMENT: (
        lambda: _comment((f"**Nightly** on `main`: [12]({_URL}/12)",)),
        lambda: _comment(()),
    ),
    SUMMARY: (lambda: render_summary(_report(_full(), _scant())), lambda: render_summary(_report())),
}
"""Template → makers of pages with much and with little on them."""
