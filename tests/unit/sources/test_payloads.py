"""GitHub's answers at the border."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from failure_investigator.errors import IncompleteError
from failure_investigator.model import Job, Step
from failure_investigator.sources.payloads import JobPayload, RepositoryPayload, RunPayload, RunsPage, parse
from tests.unit.sources.conftest import run_json


def test_job_is_taken_with_its_steps() -> None:
    """Steps keep number, name and times; what a queued step lacks is None, and times come in UTC."""
    told = {
        "id": 5,
        "run_id": 3,
        "name": "build",
        "conclusion": "failure",
        "started_at": "2026-05-03T08:00:00+02:00",
        "steps": [{"number": 1, "name": "Set up job", "conclusion": None}],
    }
    started = datetime(2026, 5, 3, 6, tzinfo=UTC)
    expected = Job(5, 3, 2, "build", "failure", "", started, None, (Step(1, "Set up job", ""),))
    assert expected == JobPayload.model_validate(told).to_model(attempt=2)


@pytest.mark.parametrize(("private", "visibility"), [(True, "private"), (False, "public")])
def test_server_without_visibility_tells_private(*, private: bool, visibility: str) -> None:
    """An old Enterprise Server tells only whether a repository is private."""
    told = {"full_name": "octo/app", "default_branch": "main", "private": private}
    assert visibility == RepositoryPayload.model_validate(told).to_model().visibility


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        (".github/workflows/ci.yml", ".github/workflows/ci.yml"),
        (".github/workflows/ci.yml@refs/heads/main", ".github/workflows/ci.yml"),
        ("dynamic/pages/pages-build-deployment", "dynamic/pages/pages-build-deployment"),
    ],
)
def test_path_loses_its_ref(path: str, plain: str) -> None:
    """The workflow's path is the same with and without `@ref`."""
    assert plain == RunPayload.model_validate(run_json(1, path=path)).plain_path


@pytest.mark.parametrize(("count", "number"), [(17, 17), ("2,500+", 2500)])
def test_rough_count_is_a_number(count: object, number: int) -> None:
    """A count that GitHub gives as "2,500+" is read as the least that it can be."""
    assert number == RunsPage.model_validate({"total_count": count, "workflow_runs": []}).total_count


def test_wrong_answer_names_the_field() -> None:
    """An answer that is not as documented names the field and the address to check."""
    with pytest.raises(IncompleteError) as caught:
        parse(RunPayload, run_json(1, workflow_id="CI"), "list runs")
    assert "workflow_id: Input should be a valid integer" in caught.value.why
    assert caught.value.do == "Check GITHUB_API_URL"


def test_time_without_zone_is_wrong() -> None:
    """A time without a zone would be a guess."""
    with pytest.raises(IncompleteError, match="created_at"):
        parse(RunPayload, run_json(1, created_at="2026-05-01T06:00:00"), "list runs")
