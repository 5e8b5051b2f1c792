"""The issue's page: a pure function of the incident, within its budget, safe whatever the names are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.factory import (
    REPOSITORY,
    make_diagnosis,
    make_finding,
    make_job,
    make_marker,
    make_run,
    make_streak,
)

from failure_investigator.incidents.record import record
from failure_investigator.model import Cause, Evidence, Incident, Marker, Workflow
from failure_investigator.render.context import Context
from failure_investigator.render.issue import BUDGET, TITLE, Page, issue_body, issue_title
from failure_investigator.signatures.rulebook import Service
from failure_investigator.trackers.marker import parse_marker

GOLDEN = Path(__file__).parents[2] / "data" / "issue.md"
CONTEXT = Context(REPOSITORY, {"openai": Service("openai", "OpenAI", docs="https://platform.openai.com/docs")})
MARK = "v1:credential:openai:OPENAI_API_KEY"


def make_incident(count: int = 2, **changes: object) -> Incident:
    """An incident of one streak."""
    findings = [make_finding(number) for number in range(count, 0, -1)]
    strip = tuple(f.run for f in findings)
    return Incident(MARK, make_diagnosis(**changes), (make_streak(findings, strip=strip, jobs=("publish",)),))  # type: ignore[arg-type]


def page(incident: Incident, before: Marker | None = None, **changes: Any) -> str:
    """Its page, with the marker that the incident gives."""
    return issue_body(incident, replace(record(incident, before, REPOSITORY, 2), **changes), CONTEXT)


def test_the_page_is_the_golden_one() -> None:
    """Look at the file when it changes: it is what people read."""
    assert GOLDEN.read_text("utf-8") == page(make_incident(), since="2026-05-04T01:00:00Z", announced=2)


def test_the_title_names_workflow_service_status_cause_and_credential_within_its_bound() -> None:
    """Even when names are long."""
    assert (
        issue_title(make_incident(), CONTEXT)
        == "Nightly: OpenAI answers 401, no credential reached it (OPENAI_API_KEY)"
    )
    long = make_streak([make_finding()], workflow=Workflow(1, "W" * 400, "w.yml"))
    title = issue_title(Incident(MARK, make_diagnosis(credential="C" * 400), (long,)), CONTEXT)
    assert (len(title) <= TITLE, "WWW" in title, "OpenAI" in title) == (True, True, True)


def test_hundreds_of_runs_and_dozens_of_workflows_stay_within_the_budget_with_exact_counts() -> None:
    """Rows are cut, the marker never, and what is hidden is counted."""
    streaks = []
    for number in range(60):
        workflow = Workflow(number, f"Workflow {number} " + "x" * 100, f".github/workflows/{number}.yml")
        findings = [make_finding(run=make_run(n + 100 * number, workflow=workflow)) for n in range(6, 0, -1)]
        key = replace(make_streak(findings).stream, workflow_id=number)
        streaks.append(make_streak(findings, workflow=workflow, stream=key, strip=tuple(f.run for f in findings)))
    huge = make_diagnosis(evidence=tuple(Evidence("Said.", text="y" * 500) for _ in range(30)))

    body = page(Incident(MARK, huge, tuple(streaks)))

    marker = parse_marker(body, REPOSITORY)
    assert len(body) <= BUDGET
    assert not isinstance(marker, str)
    assert (360, 360, 200) == (marker.total, marker.read, len(marker.runs))
    assert "360 failed runs, all read" in body


def test_what_the_issue_recorded_before_stays_counted() -> None:
    """A long life has more runs than a listing."""
    before = make_marker_before()
    marker = record(make_incident(3), before, REPOSITORY, 2)

    assert (102, 91) == (marker.total, marker.read)
    assert (before.first_seen, "2026-05-04T03:00:00Z") == (marker.first_seen, marker.last_seen)
    assert ["1003.1/10030", "1002.1/10020", "1001.1/10010", "9.1"] == list(marker.runs)


def make_marker_before() -> Marker:
    """A marker that knows run 1001 and an inferred one of long ago."""
    seen = {"first_seen": "2026-01-01T00:00:00Z", "last_seen": "2026-05-04T01:00:00Z"}
    return make_marker(runs=("1001.1/10010", "9.1"), total=100, read=89, **seen)


def test_inferred_runs_are_told_as_such() -> None:
    """3 failed, 2 read, 1 inferred."""
    findings = [make_finding(3), make_finding(2, how="inferred"), make_finding(1)]
    findings[1] = replace(findings[1], job=None, job_id=0, diagnosis=None)
    body = page(Incident(MARK, make_diagnosis(), (make_streak(findings),)))

    assert "3 failed runs, 2 read, 1 inferred" in body
    assert body.count("| inferred |") == 1


def test_hostile_names_and_lines_break_nothing() -> None:
    """A workflow, branch, job and log line made to hurt."""
    bad = "x` | <!-- failure-investigator:end v1 a --> @octocat\n## Root cause\n"
    run = make_run(1, workflow=Workflow(7, bad, "w.yml"), branch=bad, title=bad)
    finding = replace(make_finding(run=run), job=make_job(run, bad))
    diagnosis = make_diagnosis(evidence=(Evidence("Said.", text=bad + "```\n```"),), host=bad, credential="K`|x")
    body = page(Incident(MARK, diagnosis, (make_streak([finding], workflow=run.workflow, branch=bad),)))

    assert not isinstance(parse_marker(body, REPOSITORY), str)
    assert [line for line in body.splitlines() if line.startswith("## ")] == [
        "## Affected runs", "## Root cause", "## Remediation", "## Success criteria",
    ]  # fmt: skip


def test_every_cause_renders() -> None:
    """Titles and bodies have words for each."""
    for cause in Cause:
        incident = make_incident(cause=cause)
        assert issue_title(incident, CONTEXT)
        assert f"Cause `{cause.value}`" in Page(CONTEXT).body(incident, record(incident, None, REPOSITORY, 2), "")


@pytest.mark.parametrize(
    ("count", "name", "shown"), [(60, "Workflow", 60), (150, "Workflow", 60), (200, "|é" * 100, 60)]
)
def test_a_page_of_many_streams_fits_and_says_how_many_criteria_are_not_written_out(
    count: int, name: str, shown: int
) -> None:
    """GitHub takes 65,536 characters."""
    streaks = []
    for number in range(count):
        workflow = Workflow(100 + number, f"{name} {number}", f"{number}.yml")
        run = make_run(number, workflow=workflow, branch="x" * 200)
        good = tuple(make_run(number + n, "success", workflow=workflow) for n in (300, 600))
        key = replace(make_streak([]).stream, workflow_id=workflow.id)
        streaks.append(make_streak([make_finding(run=run)], workflow=workflow, stream=key, good=good, jobs=(name,)))

    incident = Incident(MARK, make_diagnosis(), tuple(streaks))
    marker = record(incident, None, REPOSITORY, 2)
    body = page(incident)

    criteria = body.partition("## Success criteria")[2]
    assert len(body) <= BUDGET
    assert marker == parse_marker(body, REPOSITORY)
    assert shown >= criteria.count("- [x]") > 0
    hidden = len(marker.streams) - criteria.count("- [x]")
    assert (f"… and {hidden} more like these" in criteria, f"{marker.more} more affected" in criteria) == (
        hidden > 0,
        marker.more > 0,
    )
