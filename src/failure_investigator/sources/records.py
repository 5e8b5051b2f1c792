"""A snapshot's records, validated: what stands in `snapshot.json`, `runs.jsonl` and `jobs/*.json`.

The directory, format `failure-investigator-snapshot/2`:

    snapshot.json                format, recorded_at, since, until, repository; what is missing: listing, notes
    runs.jsonl                   one run a line, newest first
    streams.json                 stream -> since when its runs are all there; null where its workflow is gone
    workflows.json               state of every workflow by its id
    branches.json                whether branches that were asked for exist
    scheduled.json               the runs that the schedule of the bot's own workflow started
    issues.jsonl                 the bot's own issues at the time of the recording, one a line
    jobs/<run>.<attempt>.json    the jobs of that attempt, with their steps
    logs/<job>.log               the job's text, or logs/<job>.gone with the reason why there is none
    logs/<job>/<step>.log        exact files of single steps, where the recording had those instead
    files/<sha>/<path>           files at a commit; files/HEAD/<path> on the default branch
    compare/<sha>...<sha>.json   the commits between a good and a bad run
    secrets.json                 names of secrets and when each was last set, where that may be known

Of these, version 1 had neither what is missing nor `streams.json` to `issues.jsonl`; it is read as one that does not know.
A run without a file in `jobs` is one whose jobs nobody recorded.

Keys are the fields of `model.py`'s types, times ISO 8601 in UTC.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError

from failure_investigator.errors import ConfigError
from failure_investigator.model import Comparison, Issue, Job, Repository, Run, Step, Visibility, Workflow
from failure_investigator.trackers.marker import parse_marker

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "failure-investigator-snapshot/2"
READ = ("failure-investigator-snapshot/1", FORMAT)
"""Formats that this version reads."""

T = TypeVar("T")


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Record(BaseModel):
    """A record of a snapshot; an unknown key is an error, for it would be lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RepositoryRecord(Record):
    """`model.Repository`."""

    name: str
    visibility: Visibility
    default_branch: str
    has_issues: bool = True
    url: str = ""


class WorkflowRecord(Record):
    """`model.Workflow`."""

    id: int
    name: str
    path: str


class ComparisonRecord(Record):
    """`model.Comparison`."""

    status: str
    commits: tuple[tuple[str, str], ...] = ()
    total: int = 0
    files: tuple[str, ...] = ()

    def to_model(self) -> Comparison:
        """The plain type."""
        return Comparison(self.status, self.commits, self.total, self.files)


class RunRecord(Record):
    """`model.Run`."""

    repository: str
    id: int
    attempt: int
    number: int
    workflow: WorkflowRecord
    title: str
    event: str
    branch: str
    head_sha: str
    head_repository: str
    actor: str
    conclusion: str
    created_at: Moment
    started_at: Moment
    updated_at: Moment
    url: str

    def to_model(self) -> Run:
        """The run."""
        return Run(**{**dict(self), "workflow": Workflow(**dict(self.workflow))})


class StepRecord(Record):
    """`model.Step`."""

    number: int
    name: str
    conclusion: str
    started_at: Moment | None = None
    completed_at: Moment | None = None


class JobRecord(Record):
    """`model.Job`."""

    id: int
    run_id: int
    attempt: int
    name: str
    conclusion: str
    url: str
    started_at: Moment | None = None
    completed_at: Moment | None = None
    steps: tuple[StepRecord, ...] = ()

    def to_model(self) -> Job:
        """The job."""
        return Job(**{**dict(self), "steps": tuple(Step(**dict(step)) for step in self.steps)})


class IssueRecord(Record):
    """`model.Issue` without its marker, which is read from the body again."""

    repository: str
    number: int
    title: str
    body: str
    state: Literal["open", "closed"]
    state_reason: str = ""
    author: str = ""
    labels: tuple[str, ...] = ()
    closed_at: Moment | None = None
    closed_by: str = ""
    closed_by_bot: bool = False
    reopened_at: Moment | None = None
    url: str = ""

    def to_model(self) -> Issue:
        """The issue, with its marker if it validates."""
        marker = parse_marker(self.body, self.repository)
        return Issue(**dict(self), marker=None if isinstance(marker, str) else marker)


class Manifest(Record):
    """`snapshot.json`."""

    format: str
    recorded_at: Moment
    since: Moment
    until: Moment
    repository: RepositoryRecord
    listing: str = ""
    """Why the listing of the window is not whole; '' when it is."""
    notes: tuple[str, ...] = ()
    """What else was not recorded, and why."""

    def repository_model(self) -> Repository:
        """The recorded repository."""
        return Repository(**dict(self.repository))


def load(adapter: TypeAdapter[T], text: str | bytes, path: Path, line: int = 1) -> T:
    """`text` as this kind of record. Raises `ConfigError` naming file, line and key."""
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"{path}:{line}: the snapshot is broken", why=f"{where}: {first['msg']}" if where else first["msg"]
        ) from error


def dump(record: Any, *, indent: int | None = None) -> str:
    """A value of `model.py`, or a list or dictionary of such, as JSON: same value, same text."""
    return json.dumps(record, default=_plain, ensure_ascii=False, indent=indent)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no place in a snapshot")
