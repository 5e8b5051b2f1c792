"""A snapshot's records, validated: what stands in `snapshot.json`, `runs.jsonl` and `jobs/*.json`.

The directory, format `failure-investigator-snapshot/1`:

    snapshot.json                format, recorded_at, since, until, repository
    runs.jsonl                   one run a line, newest first
    jobs/<run>.<attempt>.json    the jobs of that attempt, with their steps
    logs/<job>.log               the job's text, or logs/<job>.gone with the reason why there is none
    logs/<job>/<step>.log        exact files of single steps, where the recording had those instead
    files/<sha>/<path>           files at a commit; files/HEAD/<path> on the default branch
    compare/<sha>...<sha>.json   the commits between a good and a bad run
    secrets.json                 names of secrets and when each was last set, where that may be known

Keys are the fields of `model.py`'s types, times ISO 8601 in UTC.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError

from failure_investigator.errors import ConfigError
from failure_investigator.model import Comparison, Job, Repository, Run, Step, Visibility, Workflow

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "failure-investigator-snapshot/1"

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


class Manifest(Record):
    """`snapshot.json`."""

    format: str
    recorded_at: Moment
    since: Moment
    until: Moment
    repository: RepositoryRecord

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
