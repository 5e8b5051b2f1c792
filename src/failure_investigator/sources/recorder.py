"""Writes a snapshot (format in `records.py`) of what any source tells about a repository, redacted."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from failure_investigator.errors import UsageError
from failure_investigator.incidents.streams import streams
from failure_investigator.sources.records import FORMAT, dump
from failure_investigator.sources.run_listing import newest_first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from failure_investigator.model import Job, JobLog, Repository, Run, Stream
    from failure_investigator.sources.base import Source

CONFIG_FILE = ".github/failure-investigator.yml"
_OURS = ("snapshot.json", "runs.jsonl", "secrets.json", "jobs", "logs", "files", "compare")


@dataclass
class Recorded:
    """How much a snapshot holds; `notes` say what is missing in it."""

    runs: int = 0
    failed: int = 0
    logs: int = 0
    gone: int = 0
    files: int = 0
    notes: list[str] = field(default_factory=list)


def write_snapshot(
    source: Source,
    repository: Repository,
    since: datetime,
    until: datetime,
    directory: Path,
    redact: Callable[[str], str],
    *,
    long_lived: Sequence[str] = (),
    config_files: Sequence[str] = (CONFIG_FILE,),
) -> Recorded:
    """Records the window and what a sweep of it would follow further back; `until` counts as the time of recording.

    Runs of streams without a failure are listed only. Of a stream with one, all jobs are recorded, the failed jobs'
    logs, those of the last good run before, and the workflow files of the failed runs. An older snapshot in `directory`
    is replaced when the new one is complete. Raises `UsageError` when something else is there.
    """
    _check_free(directory)
    recorded = Recorded()
    found = _listed(source, repository, since, until, long_lived, recorded)
    with tempfile.TemporaryDirectory(dir=_parent(directory)) as place:
        writer = _Writer(source, Path(place), redact, recorded)
        manifest = {"format": FORMAT, "recorded_at": until, "since": since, "until": until, "repository": repository}
        writer.text("snapshot.json", writer.json(manifest, indent=2))
        every = newest_first(run for stream in found for run in stream.runs)
        writer.text("runs.jsonl", "".join(writer.json(run) for run in every))
        recorded.runs, recorded.failed = len(every), sum(run.failed for run in every)
        for path in config_files:
            writer.file(repository.name, path, "")
        for stream in found:
            writer.stream(stream)
        writer.secrets(repository.name)
        _replace(directory, Path(place))
    return recorded


def _check_free(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is a file", do="Name a directory for the snapshot")
    if directory.is_dir() and any(directory.iterdir()) and not (directory / "snapshot.json").is_file():
        raise UsageError(f"{directory} is not empty and no snapshot", do="Name another directory")


def _parent(directory: Path) -> Path:
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{directory} cannot be made", why=str(error)) from error
    return directory.parent


def _replace(directory: Path, new: Path) -> None:
    """Puts the new snapshot where an old one may be, leaving files alone that are no part of one."""
    directory.mkdir(exist_ok=True)
    for name in _OURS:
        old = directory / name
        shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
        if (new / name).exists():
            shutil.move(new / name, old)


def _listed(
    source: Source,
    repository: Repository,
    since: datetime,
    until: datetime,
    long_lived: Sequence[str],
    recorded: Recorded,
) -> list[Stream]:
    """The streams of the window, those with a failure followed back as a sweep does."""
    listing = source.runs(repository, since, until)
    recorded.notes += [listing.note] if listing.note else []
    runs = list(listing.runs)
    for key, stream in streams(runs, repository.default_branch, long_lived).items():
        if key.kind == "none" or not any(run.failed for run in stream.runs) or _has_good_before(stream.runs):
            continue
        if reason := source.exhausted():
            recorded.notes.append(f"stream {key} was not followed further back: {reason}")
            continue
        older = source.follow(key, stream.runs[-1].started_at, repository.default_branch)
        recorded.notes += [f"stream {key}: {older.note}"] if older.note else []
        runs += older.runs
    return list(streams(runs, repository.default_branch, long_lived).values())


def _has_good_before(runs: Sequence[Run]) -> bool:
    """Whether a success is older than every failure of these runs (newest first)."""
    oldest = next(run for run in reversed(runs) if run.failed or run.conclusion == "success")
    return not oldest.failed


class _Writer:
    """Writes redacted files under `place` and counts them; stops asking when the source is exhausted."""

    def __init__(self, source: Source, place: Path, redact: Callable[[str], str], recorded: Recorded) -> None:
        self._source, self._place, self._redact, self._recorded = source, place, redact, recorded
        self._asked: set[tuple[str, str]] = set()

    def json(self, value: Any, indent: int | None = None) -> str:
        """`value` as one JSON text with every string redacted by itself, so that the text stays JSON."""
        return dump(self._redacted(json.loads(dump(value))), indent=indent) + "\n"

    def _redacted(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, list):
            return [self._redacted(one) for one in value]
        return {key: self._redacted(one) for key, one in value.items()} if isinstance(value, dict) else value

    def text(self, path: str, text: str) -> None:
        """Writes one file; `surrogateescape` carries bytes that are no UTF-8."""
        place = self._place / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8", "surrogateescape"))

    def stream(self, stream: Stream) -> None:
        """The jobs of a stream with a failure, the logs of its failed jobs and of the last good run before one."""
        if not any(run.failed for run in stream.runs):
            return
        names: set[str] = set()
        compared = False
        first_bad = stream.runs[0]
        for run in stream.runs:
            if reason := self._source.exhausted():
                self._recorded.notes.append(f"stream {stream.key} from run {run.key} on was not recorded: {reason}")
                return
            jobs = self._jobs(run)
            failed = [job for job in jobs if job.failed]
            if run.failed:
                names.update(job.name for job in failed)
                first_bad = first_bad if compared else run
                self._logs(run, failed)
                self._workflow_files(run)
            elif names and not compared and run.conclusion == "success":
                compared = True
                self._logs(run, [job for job in jobs if job.name in names])
                self._workflow_files(run)
                self._between(run, first_bad)

    def secrets(self, repository: str) -> None:
        """The names of secrets and when each was set, if the token may see them and something failed."""
        names = self._source.secrets(repository) if self._recorded.failed and not self._source.exhausted() else None
        if names is not None:
            self.text("secrets.json", self.json(dict(names), indent=1))

    def _between(self, good: Run, bad: Run) -> None:
        """The commits between two runs."""
        if good.head_sha == bad.head_sha or self._source.exhausted():
            return
        found = self._source.compare(bad.repository, good.head_sha, bad.head_sha)
        if found is not None:
            self.text(f"compare/{good.head_sha}...{bad.head_sha}.json", self.json(found, indent=1))

    def _jobs(self, run: Run) -> tuple[Job, ...]:
        jobs = self._source.jobs(run)
        self.text(f"jobs/{run.key}.json", self.json(list(jobs), indent=1))
        return jobs

    def _logs(self, run: Run, jobs: Iterable[Job]) -> None:
        for job, log in self._source.logs(run, list(jobs)).items():
            self._log(job, log)

    def _log(self, job: int, log: JobLog) -> None:
        if log.gone:
            self._recorded.gone += 1
            self.text(f"logs/{job}.gone", self._redact(log.gone) + "\n")
            return
        self._recorded.logs += 1
        if log.truncated:
            self._recorded.notes.append(f"the log of job {job} is cut at the byte limit")
        for member in log.members:
            path = f"logs/{job}.log" if member.step is None else f"logs/{job}/{member.step}.log"
            self.text(path, self._redact(member.data.decode("utf-8", "surrogateescape")))

    def _workflow_files(self, run: Run) -> None:
        # Workflows that GitHub makes itself have a path such as dynamic/pages/… and no file.
        if run.workflow.path.startswith(".github/"):
            self.file(run.repository, run.workflow.path, run.head_sha)
            self.file(run.repository, run.workflow.path, "")

    def file(self, repository: str, path: str, ref: str) -> None:
        """Records one file if it exists; the path comes from outside and must stay inside."""
        inside = PurePosixPath(ref or "HEAD") / path
        if (path, ref) in self._asked or ".." in inside.parts or inside.is_absolute() or self._source.exhausted():
            return
        self._asked.add((path, ref))
        text = self._source.file(repository, path, ref)
        if text is not None:
            self._recorded.files += 1
            self.text(f"files/{inside}", self._redact(text))
