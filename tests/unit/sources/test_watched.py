from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import failure_investigator
from failure_investigator.sources.snapshot import SnapshotSource
from failure_investigator.sources.watched import LISTING, READING, WatchedSource

SNAPSHOT = Path(failure_investigator.__file__).parent / "demo" / "snapshot"


def test_reading_is_told_run_by_run() -> None:
    """A run is begun with its jobs and read with its logs; the answers are those of the source behind."""
    plain, told = SnapshotSource(SNAPSHOT), []
    watched = WatchedSource(plain, lambda stage, done, total: told.append((stage, done, total)))
    repository = watched.repository("")
    until = plain.manifest.recorded_at
    runs = watched.runs(repository, until - timedelta(days=1), until).runs
    failed = [run for run in runs if run.failed][:2]
    logs = [watched.logs(run, jobs) for run, jobs in [(run, watched.jobs(run) or ()) for run in failed]]

    expected = [plain.logs(run, plain.jobs(run) or ()) for run in failed]
    assert expected == logs
    assert [(LISTING, 0, 0), (READING, 0, 1), (READING, 0, 2), (READING, 1, 2), (READING, 2, 2)] == told


def test_the_rest_is_the_source_s() -> None:
    """Files, usage and the budget are passed through."""
    plain = SnapshotSource(SNAPSHOT)
    watched = WatchedSource(plain, lambda *_: None)
    name = plain.repository("").name

    assert (plain.usage(), plain.exhausted(), None) == (watched.usage(), watched.exhausted(), watched.file(name, "no"))
