"""Writes a snapshot (format in `records.py`) of what any source tells about a repository, redacted.

First the sweeps of now are made, with the recording in between, so that what they ask is there to the letter and comes
first where the budget is short; then the rest of each failing stream, for other settings and other times.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from failure_investigator.errors import UsageError
from failure_investigator.incidents.streaks import CHECKED
from failure_investigator.incidents.streams import streams
from failure_investigator.sources.recording import Recorded, RecordingSource
from failure_investigator.sources.records import FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from failure_investigator.model import Issue, Repository, Run, Stream
    from failure_investigator.sources.base import Source

__all__ = ["CONFIG_FILE", "Recorded", "write_snapshot"]

CONFIG_FILE = ".github/failure-investigator.yml"
_OURS = (
    "snapshot.json", "runs.jsonl", "streams.json", "workflows.json", "branches.json", "scheduled.json", "issues.jsonl",
    "secrets.json", "jobs", "logs", "files", "compare",
)  # fmt: skip


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
    issues: Sequence[Issue] | None = None,
    sweep: Callable[[Source], None] = lambda _: None,
    notes: Sequence[str] = (),
) -> Recorded:
    """Records the window and what a sweep of it would follow further back; `until` counts as the time of recording.

    Runs of streams without a failure are listed only. Of a stream with one the failed runs are recorded with jobs and logs,
    each good run before a failure, the first green ones after it, and the workflow files. `sweep` sweeps the source that it
    is given; what it asks is recorded, too. `issues` are the bot's own, None where they could not be seen; `notes` say what
    is missing already. An older snapshot in `directory` is replaced when the new one is complete. Raises `UsageError` when
    something else is there.
    """
    _check_free(directory)
    recorded = Recorded(notes=[*notes])
    manifest = {"format": FORMAT, "recorded_at": until, "since": since, "until": until, "repository": repository}
    with tempfile.TemporaryDirectory(dir=_parent(directory)) as place:
        recording = RecordingSource(source, Path(place), redact, recorded)
        listing = recording.runs(repository, since, until)
        recorded.notes += [listing.note] if listing.note else []
        if issues is not None:
            recording.issues(issues)
        for path in config_files:
            if not recording.exhausted():
                recording.file(repository.name, path)
        if not recording.exhausted():
            recording.workflows(repository.name)
        sweep(recording)
        for stream in _followed(recording, repository, listing.runs, long_lived, recorded):
            _stream(recording, stream, recorded)
        if any(run.failed for run in listing.runs) and not recording.exhausted():
            recording.secrets(repository.name)
        recording.finish(manifest)
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


def _followed(
    source: Source, repository: Repository, listed: Sequence[Run], long_lived: Sequence[str], recorded: Recorded
) -> list[Stream]:
    """The streams of the window with a failure, followed back to the success before it."""
    runs = list(listed)
    failing = []
    for key, stream in streams(runs, repository.default_branch, long_lived).items():
        if not any(run.failed for run in stream.runs):
            continue
        failing.append(key)
        if key.kind == "none" or _has_good_before(stream.runs):
            continue
        if reason := source.exhausted():
            recorded.notes.append(f"stream {key} was not followed further back: {reason}")
            continue
        older = source.follow(key, stream.runs[-1].started_at, repository.default_branch)
        recorded.notes += [f"stream {key}: {older.note}"] if older.note else []
        runs += older.runs
    found = streams(runs, repository.default_branch, long_lived)
    return [found[key] for key in failing]


def _has_good_before(runs: Sequence[Run]) -> bool:
    """Whether a success is older than every failure of these runs (newest first)."""
    oldest = next(run for run in reversed(runs) if run.failed or run.conclusion == "success")
    return not oldest.failed


def _stream(source: Source, stream: Stream, recorded: Recorded) -> None:
    """The failed jobs of a stream with their logs, of each good run before failures what it is compared in, and the jobs of
    the first green runs after them, which may prove a cure."""
    refused: set[str] = set()
    proving = _first_after_failures(stream.runs)
    first_bad = stream.runs[0]
    for run in stream.runs:
        if not run.failed and (run.conclusion != "success" or not (refused or run.key in proving)):
            continue
        if reason := source.exhausted():
            recorded.notes.append(f"stream {stream.key} from run {run.key} on was not recorded: {reason}")
            return
        jobs = source.jobs(run) or ()
        if run.failed:
            failed = [job for job in jobs if job.failed]
            refused.update(job.name for job in failed)
            first_bad = run
            source.logs(run, failed)
            _workflow_files(source, run)
        elif refused:
            same = [job for job in jobs if job.name in refused and job.conclusion == "success"]
            if same:
                source.logs(run, same)
                _workflow_files(source, run)
                _between(source, run, first_bad)
                refused -= {job.name for job in same}


def _first_after_failures(runs: Sequence[Run]) -> set[str]:
    """Keys of the green runs that a sweep of some day would look at first."""
    found: set[str] = set()
    left = 0
    for run in reversed(runs):
        if run.failed:
            left = CHECKED
        elif run.conclusion == "success" and left:
            left -= 1
            found.add(run.key)
    return found


def _between(source: Source, good: Run, bad: Run) -> None:
    """The commits between two runs."""
    if good.head_sha != bad.head_sha and not source.exhausted():
        source.compare(bad.repository, good.head_sha, bad.head_sha)


def _workflow_files(source: Source, run: Run) -> None:
    # Workflows that GitHub makes itself have a path such as dynamic/pages/… and no file.
    if run.workflow.path.startswith(".github/") and not source.exhausted():
        source.file(run.repository, run.workflow.path, run.head_sha)
        source.file(run.repository, run.workflow.path)
