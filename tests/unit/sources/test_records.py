"""A snapshot's records: the same fields as the model, the same values after a round trip."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from failure_investigator.errors import ConfigError
from failure_investigator.model import Job, Repository, Run, Step, Workflow
from failure_investigator.sources.records import (
    JobRecord,
    Record,
    RepositoryRecord,
    RunRecord,
    StepRecord,
    WorkflowRecord,
    dump,
    load,
)

START = datetime(2026, 5, 3, 6, tzinfo=UTC)
RUN = Run(
    "octo/app", 3, 1, 3, Workflow(7, "Nightly", ".github/workflows/n.yml"), "Fix „docs“", "push", "main", "c0ffee",
    "octo/app", "mona", "failure", START, START, START + timedelta(minutes=5, microseconds=20), "u",
)  # fmt: skip
JOB = Job(5, 3, 1, "build", "failure", "u", START, None, (Step(1, "Set up job", "success", START, START),))


@pytest.mark.parametrize(
    ("record", "model"),
    [
        (RunRecord, Run),
        (JobRecord, Job),
        (StepRecord, Step),
        (WorkflowRecord, Workflow),
        (RepositoryRecord, Repository),
    ],
)
def test_record_has_the_fields_of_the_model(record: type[Record], model: type) -> None:
    """A record and its type of the model have the same fields in the same order."""
    assert [field.name for field in dataclasses.fields(model)] == list(record.model_fields)


def test_run_comes_back_as_it_was() -> None:
    """A run is the same after writing and reading."""
    assert load(TypeAdapter(RunRecord), dump(RUN), Path("runs.jsonl")).to_model() == RUN


def test_job_comes_back_as_it_was() -> None:
    """A job with its steps is the same after writing and reading."""
    assert load(TypeAdapter(JobRecord), dump(JOB), Path("j.json")).to_model() == JOB


def test_times_are_written_in_utc() -> None:
    """A time of any zone is written with Z."""
    east = START.astimezone(timezone(timedelta(hours=2)))
    assert json.loads(dump({"at": east})) == {"at": "2026-05-03T06:00:00Z"}


def test_other_values_have_no_place() -> None:
    """A value that a snapshot cannot hold is a mistake of ours and said so."""
    with pytest.raises(TypeError, match="set has no place in a snapshot"):
        dump({1})


def test_unknown_key_names_file_and_line() -> None:
    """A key that nobody reads would be lost silently, so it is an error with its place."""
    text = json.dumps(json.loads(dump(RUN)) | {"colour": "red"})
    with pytest.raises(ConfigError, match=r"^runs\.jsonl:4: the snapshot is broken: colour: Extra inputs"):
        load(TypeAdapter(RunRecord), text, Path("runs.jsonl"), 4)
