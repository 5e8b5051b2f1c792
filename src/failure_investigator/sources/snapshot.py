"""The recorded source: a directory in the format of `records.py`, read as if it were GitHub, without a token."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from failure_investigator.errors import ConfigError, IncompleteError, RefusedError, UsageError
from failure_investigator.model import JobLog, Listing, LogMember, Usage
from failure_investigator.sources.base import LONGEST_RUN, PAGE
from failure_investigator.sources.records import FORMAT, ComparisonRecord, JobRecord, Manifest, Moment, RunRecord, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from failure_investigator.model import Comparison, Job, Repository, Run, StreamKey

_RUN = TypeAdapter(RunRecord)
_JOBS = TypeAdapter(tuple[JobRecord, ...])
_COMPARISON = TypeAdapter(ComparisonRecord)
_SECRETS = TypeAdapter(dict[str, Moment])
_MANIFEST = TypeAdapter(Manifest)
_FORMAT = TypeAdapter(dict[str, object])


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
            )
        )

    def follow(self, stream: StreamKey, before: datetime, default_branch: str) -> Listing:
        """See `Source.follow`."""
        if stream.kind == "none":
            return Listing(())
        branch = {"branch": stream.branch, "default": default_branch}.get(stream.kind)
        older = [run for run in self._of(stream, branch) if run.started_at < before]
        note = f"{PAGE} of {len(older)} older runs were looked at" if len(older) > PAGE else ""
        return Listing(tuple(older[:PAGE]), not note, note)

    def since(self, stream: StreamKey, start: datetime, default_branch: str) -> Listing:
        """See `Source.since`."""
        branch = {"branch": stream.branch, "default": default_branch}.get(stream.kind)
        return Listing(tuple(run for run in self._of(stream, branch) if run.created_at >= start))

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
        """See `Source.scheduled`; a recording leaves the bot's own runs out, so there are few."""
        own = [run for run in self._runs if run.repository == repository and run.workflow.path == path]
        runs = [run for run in own if run.event == "schedule"]
        return Listing(tuple(runs[:PAGE]), len(runs) <= PAGE)

    def workflows(self, repository: str) -> Mapping[int, str]:
        """See `Source.workflows`; a recording keeps no states, so all that ran are active."""
        return {run.workflow.id: "active" for run in self._runs if run.repository == repository}

    def branch(self, repository: str, name: str) -> bool:
        """See `Source.branch`; a recording keeps no branches, so all that ran are there."""
        return any(run.branch == name for run in self._runs if run.repository == repository)

    def jobs(self, run: Run) -> tuple[Job, ...]:
        """See `Source.jobs`. A recording has those of every stream with a failure."""
        path = self._directory / "jobs" / f"{run.key}.json"
        if not path.is_file():
            if run.conclusion == "startup_failure":
                return ()
            if run.failed:
                raise ConfigError(f"{path}: the snapshot is broken", why="a failed run's jobs are missing")
            raise IncompleteError(f"The jobs of run {run.key} were not recorded in {self._directory}")
        return tuple(job.to_model() for job in load(_JOBS, path.read_bytes(), path))

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:  # noqa: ARG002 (the protocol's signature)
        """See `Source.logs`; a log that was not recorded is gone."""
        return {job.id: self._log(job.id) for job in jobs}

    def _log(self, job: int) -> JobLog:
        logs = self._directory / "logs"
        text, gone, steps = logs / f"{job}.log", logs / f"{job}.gone", logs / str(job)
        if text.is_file():
            return JobLog((LogMember(text.read_bytes()),))
        if steps.is_dir():
            files = sorted((int(path.stem), path) for path in steps.glob("*.log") if path.stem.isdigit())
            return JobLog(tuple(LogMember(path.read_bytes(), number) for number, path in files))
        return JobLog(gone=gone.read_text("utf-8").strip() if gone.is_file() else "not recorded")

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


def _manifest(directory: Path) -> Manifest:
    path = directory / "snapshot.json"
    if not path.is_file():
        raise UsageError(
            f"{directory} is no snapshot", why="it has no snapshot.json", do="Write one: failure-investigator snapshot"
        )
    text = path.read_bytes()
    told = load(_FORMAT, text, path).get("format")
    if told != FORMAT:
        raise ConfigError(f"{path}:1: unknown format {told!r}", do=f"This version reads {FORMAT}")
    return load(_MANIFEST, text, path)


def _runs(path: Path) -> tuple[Run, ...]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        raise ConfigError(f"{path}: the snapshot is broken", why="the file is missing") from None
    records = [load(_RUN, line, path, number) for number, line in enumerate(lines, 1) if line.strip()]
    runs = [record.to_model() for record in records]
    return tuple(sorted(runs, key=lambda run: (run.started_at, run.id), reverse=True))
