"""The recorded source: a directory in the format of `records.py`, read as if it were GitHub, without a token."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter

from failure_investigator.errors import ConfigError, RefusedError, UsageError
from failure_investigator.model import JobLog, Listing, LogMember, Usage
from failure_investigator.sources.base import LONGEST_RUN, PAGE
from failure_investigator.sources.records import (
    READ,
    ComparisonRecord,
    IssueRecord,
    JobRecord,
    Manifest,
    Moment,
    RunRecord,
    load,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from failure_investigator.model import Comparison, Issue, Job, Repository, Run, StreamKey

_RUN = TypeAdapter(RunRecord)
_JOBS = TypeAdapter(tuple[JobRecord, ...])
_COMPARISON = TypeAdapter(ComparisonRecord)
_SECRETS = TypeAdapter(dict[str, Moment])
_REACH = TypeAdapter(dict[str, Moment | None])
_STATES = TypeAdapter(dict[int, str])
_BRANCHES = TypeAdapter(dict[str, bool])
_SCHEDULED = TypeAdapter(dict[str, tuple[RunRecord, ...]])
_ISSUE = TypeAdapter(IssueRecord)
_MANIFEST = TypeAdapter(Manifest)
_FORMAT = TypeAdapter(dict[str, object])

T = TypeVar("T")
NOT_RECORDED = "not recorded"
"""What is said of a log that the recording does not hold."""


class SnapshotSource:
    """See `Source`. The manifest and the runs are read at once, everything else when it is asked for.

    Raises `UsageError` when `directory` is no snapshot, `ConfigError` naming file and line when it is broken.
    """

    def __init__(self, directory: Path, *, longest_run: timedelta = LONGEST_RUN) -> None:
        self._directory = directory
        self._longest_run = longest_run
        self.manifest = _manifest(directory)
        """What was recorded: `since` and `until` are the recorded window, `recorded_at` the time of recording."""
        self._runs = _runs(directory / "runs.jsonl")
        self._reach = self._optional(_REACH, "streams.json") or {}
        self._states = self._optional(_STATES, "workflows.json")
        self._branches = self._optional(_BRANCHES, "branches.json") or {}

    def _optional(self, adapter: TypeAdapter[T], name: str) -> T | None:
        """What a file of the snapshot holds; None where it was not recorded."""
        path = self._directory / name
        return load(adapter, path.read_bytes(), path) if path.is_file() else None

    def issues(self) -> tuple[Issue, ...] | None:
        """The bot's own issues as they were; None in a recording that could not see them, or of the first version."""
        path = self._directory / "issues.jsonl"
        if not path.is_file():
            return None
        lines = path.read_bytes().splitlines()
        return tuple(load(_ISSUE, line, path, number).to_model() for number, line in enumerate(lines, 1) if line)

    @property
    def every_run(self) -> tuple[Run, ...]:
        """All recorded runs, newest first."""
        return self._runs

    def repository(self, name: str) -> Repository:
        """See `Source.repository`; only the recorded one is known, and an empty name means that one."""
        recorded = self.manifest.repository_model()
        if name and name.lower() != recorded.name.lower():
            raise RefusedError(f"The snapshot {self._directory} holds {recorded.name}, not {name}")
        return recorded

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `Source.runs`."""
        start = since - self._longest_run
        return Listing(
            tuple(
                run
                for run in self._runs
                if run.repository == repository.name and start <= run.created_at <= until and run.updated_at >= since
            ),
            not self.manifest.listing,
            self.manifest.listing,
        )

    def follow(self, stream: StreamKey, before: datetime, default_branch: str) -> Listing:
        """See `Source.follow`."""
        if stream.kind == "none":
            return Listing(())
        branch = {"branch": stream.branch, "default": default_branch}.get(stream.kind)
        older = [run for run in self._of(stream, branch) if run.started_at < before]
        note = f"{PAGE} of {len(older)} older runs were looked at" if len(older) > PAGE else ""
        return Listing(tuple(older[:PAGE]), not note, note)

    def since(self, stream: StreamKey, start: datetime, default_branch: str) -> Listing | None:
        """See `Source.since`; complete where the recording reaches back so far."""
        known = self._reach.get(str(stream), self.manifest.since)
        if known is None or (self._states is not None and stream.workflow_id not in self._states):
            return None
        branch = {"branch": stream.branch, "default": default_branch}.get(stream.kind)
        short = "" if start >= known else f"the recording reaches back to {known:%Y-%m-%d %H:%M}"
        note = self.manifest.listing or short
        return Listing(tuple(run for run in self._of(stream, branch) if run.created_at >= start), not note, note)

    def _of(self, stream: StreamKey, branch: str | None) -> list[Run]:
        """The runs of a stream's workflow, on a branch or any."""
        return [
            run
            for run in self._runs
            if run.workflow.id == stream.workflow_id
            and run.repository == stream.repository
            and branch in {None, run.branch}
        ]

    def scheduled(self, repository: str, path: str) -> Listing:
        """See `Source.scheduled`; where they were not recorded there are few, for the bot's own runs are left out."""
        recorded = (self._optional(_SCHEDULED, "scheduled.json") or {}).get(path)
        if recorded is not None and repository == self.manifest.repository.name:
            return Listing(tuple(record.to_model() for record in recorded))
        own = [run for run in self._runs if run.repository == repository and run.workflow.path == path]
        runs = [run for run in own if run.event == "schedule"]
        return Listing(tuple(runs[:PAGE]), len(runs) <= PAGE)

    def workflows(self, repository: str) -> Mapping[int, str] | None:
        """See `Source.workflows`."""
        return self._states if repository == self.manifest.repository.name else None

    def branch(self, repository: str, name: str) -> bool:
        """See `Source.branch`; of one that was not asked for nobody knows that it is gone."""
        return repository != self.manifest.repository.name or self._branches.get(name, True)

    def jobs(self, run: Run) -> tuple[Job, ...] | None:
        """See `Source.jobs`. A recording has those of every stream with a failure, unless it was cut short."""
        path = self._directory / "jobs" / f"{run.key}.json"
        if path.is_file():
            return tuple(job.to_model() for job in load(_JOBS, path.read_bytes(), path))
        return () if run.conclusion == "startup_failure" else None

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:  # noqa: ARG002 (the protocol's signature)
        """See `Source.logs`; a log that was not recorded is gone."""
        return {job.id: read_log(self._directory, job.id) for job in jobs}

    def file(self, repository: str, path: str, ref: str = "") -> str | None:
        """See `Source.file`; a file that was not recorded does not exist."""
        inside = PurePosixPath(ref or "HEAD") / path.lstrip("/")
        place = self._directory / "files" / inside
        if ".." in inside.parts or repository != self.manifest.repository.name or not place.is_file():
            return None
        return place.read_text("utf-8")

    def folder(self, repository: str, path: str) -> tuple[str, ...]:
        """See `Source.folder`."""
        inside = PurePosixPath("HEAD") / path.lstrip("/")
        place = self._directory / "files" / inside
        if ".." in inside.parts or repository != self.manifest.repository.name or not place.is_dir():
            return ()
        return tuple(sorted(found.name for found in place.iterdir() if found.is_file()))

    def compare(self, repository: str, base: str, head: str) -> Comparison | None:
        """See `Source.compare`; what was not recorded is not known."""
        path = self._directory / "compare" / f"{base}...{head}.json"
        if repository != self.manifest.repository.name or not path.is_file():
            return None
        return load(_COMPARISON, path.read_bytes(), path).to_model()

    def secrets(self, repository: str) -> Mapping[str, datetime] | None:
        """See `Source.secrets`; names and times, where the recording's token was allowed to see them."""
        path = self._directory / "secrets.json"
        if repository != self.manifest.repository.name or not path.is_file():
            return None
        return load(_SECRETS, path.read_bytes(), path)

    def usage(self) -> Usage:
        """See `Source.usage`: nothing was asked of anybody."""
        return Usage()

    def exhausted(self) -> str:
        """See `Source.exhausted`: files have no limit."""
        return ""


def read_log(directory: Path, job: int) -> JobLog:
    """A job's log as a snapshot in this directory holds it."""
    logs = directory / "logs"
    text, gone, steps = logs / f"{job}.log", logs / f"{job}.gone", logs / str(job)
    if text.is_file():
        return JobLog((LogMember(text.read_bytes()),))
    if steps.is_dir():
        files = sorted((int(path.stem), path) for path in steps.glob("*.log") if path.stem.isdigit())
        return JobLog(tuple(LogMember(path.read_bytes(), number) for number, path in files))
    return JobLog(gone=gone.read_text("utf-8").strip() if gone.is_file() else NOT_RECORDED)


def _manifest(directory: Path) -> Manifest:
    path = directory / "snapshot.json"
    if not path.is_file():
        raise UsageError(
            f"{directory} is no snapshot", why="it has no snapshot.json", do="Write one: failure-investigator snapshot"
        )
    text = path.read_bytes()
    told = load(_FORMAT, text, path).get("format")
    if told not in READ:
        raise ConfigError(f"{path}:1: unknown format {told!r}", do=f"This version reads {' and '.join(READ)}")
    return load(_MANIFEST, text, path)


def _runs(path: Path) -> tuple[Run, ...]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        raise ConfigError(f"{path}: the snapshot is broken", why="the file is missing") from None
    records = [load(_RUN, line, path, number) for number, line in enumerate(lines, 1) if line.strip()]
    runs = [record.to_model() for record in records]
    return tuple(sorted(runs, key=lambda run: (run.started_at, run.id), reverse=True))
