"""Recording a snapshot: what goes in, what is redacted, what is never overwritten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from failure_investigator.errors import UsageError
from failure_investigator.redact import redact
from failure_investigator.sources.recorder import Recorded, write_snapshot
from failure_investigator.sources.snapshot import SnapshotSource
from tests.unit.sources.test_snapshot import DAY, NOON, REPOSITORY, run_line, write

if TYPE_CHECKING:
    from pathlib import Path

    from failure_investigator.sources.base import Source

SECRET = "gh" + "p_" + "a" * 36
WORKFLOW = ".github/workflows/n.yml"


def job_line(number: int, run: int, conclusion: str = "failure", name: str = "build") -> dict[str, object]:
    """A job of a run."""
    return {"id": number, "run_id": run, "attempt": 1, "name": name, "conclusion": conclusion, "url": "u"}


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """Two failed nights after a good one and an older failure, and a workflow that only succeeds."""
    quiet = {"id": 8, "name": "CI", "path": ".github/workflows/ci.yml"}
    runs = [
        run_line(3, title=f"leaks {SECRET}"),
        run_line(3, id=80, workflow=quiet, conclusion="success"),
        run_line(2),
        run_line(1, conclusion="success"),
    ]
    files = {
        "jobs/3.1.json": json.dumps([job_line(31, 3), job_line(32, 3, "success", "lint")]),
        "jobs/2.1.json": json.dumps([job_line(21, 2)]),
        "jobs/1.1.json": json.dumps([job_line(11, 1, "success"), job_line(12, 1, "success", "lint")]),
        "logs/31.log": f"sent {SECRET}\n",
        "logs/32.log": "a good job's log",
        "logs/21.gone": "410 Gone",
        "logs/11.log": "good",
        "logs/12.log": "good too",
        f"files/c0ffee/{WORKFLOW}": "on: push",
        f"files/HEAD/{WORKFLOW}": "on: schedule",
        "files/HEAD/.github/failure-investigator.yml": "lookback: 24h",
    }
    (tmp_path / "original").mkdir()
    return write(tmp_path / "original", *runs, files=files)


def record(original: Path, target: Path, days: int = 1) -> Recorded:
    """The original recorded again, as the command does it."""
    return write_snapshot(SnapshotSource(original), REPOSITORY, NOON - days * DAY, NOON, target, redact)


def files_of(directory: Path) -> set[str]:
    """All files by their path inside."""
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


def test_what_a_sweep_reads_is_recorded(original: Path, tmp_path: Path) -> None:
    """A failing stream comes with its jobs, logs, last good run and files, a quiet one as runs only."""
    told = record(original, tmp_path / "new")
    expected = {
        "snapshot.json",
        "runs.jsonl",
        "streams.json",
        "branches.json",
        "jobs/3.1.json",
        "jobs/2.1.json",
        "jobs/1.1.json",
        "logs/31.log",
        "logs/21.gone",
        "logs/11.log",
        f"files/c0ffee/{WORKFLOW}",
        f"files/HEAD/{WORKFLOW}",
        "files/HEAD/.github/failure-investigator.yml",
    }
    assert expected == files_of(tmp_path / "new")
    assert Recorded(runs=4, failed=2, logs=2, gone=1, files=3) == told


def test_runs_of_the_copy_are_the_runs(original: Path, tmp_path: Path) -> None:
    """A recording tells the same runs, those before the window included, and the window it was made for."""
    record(original, tmp_path / "new")
    old, new = SnapshotSource(original), SnapshotSource(tmp_path / "new")
    ids = [[run.id for run in source.runs(REPOSITORY, NOON - 9 * DAY, NOON).runs] for source in (old, new)]
    assert (ids[0], NOON - DAY, NOON) == (ids[1], new.manifest.since, new.manifest.recorded_at)


def test_secrets_do_not_get_in(original: Path, tmp_path: Path) -> None:
    """Neither a log nor a run's title carries a credential into the snapshot."""
    record(original, tmp_path / "new")
    texts = [path.read_text() for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert not any(SECRET in text for text in texts)
    assert (tmp_path / "new/logs/31.log").read_text() == "sent ghp_***\n"


def test_bytes_that_are_no_text_survive(original: Path, tmp_path: Path) -> None:
    """A log's bytes that are no UTF-8 are the same in the recording."""
    (original / "logs/31.log").write_bytes(b"\xff\xfe caf\xe9 \xc3\xa9\r\n")
    record(original, tmp_path / "new")
    assert (tmp_path / "new/logs/31.log").read_bytes() == b"\xff\xfe caf\xe9 \xc3\xa9\r\n"


def test_steps_files_stay_apart(original: Path, tmp_path: Path) -> None:
    """A log that came as single steps' files is recorded as such."""
    (original / "logs/31.log").unlink()
    (original / "logs/31").mkdir()
    (original / "logs/31/1.log").write_text("runner")
    (original / "logs/31/3.log").write_text("refused")
    record(original, tmp_path / "new")
    assert {"1.log", "3.log"} == files_of(tmp_path / "new/logs/31")


def test_older_snapshot_is_replaced_and_nothing_else(original: Path, tmp_path: Path) -> None:
    """A new recording leaves nothing of the old one behind, but a person's own file stays."""
    target = tmp_path / "new"
    record(original, target)
    (target / "NOTES.md").write_text("mine")
    (target / "logs/99.log").write_text("stale")
    record(original, target)
    assert ((target / "NOTES.md").exists(), (target / "logs/99.log").exists()) == (True, False)


def test_other_directory_is_not_touched(original: Path, tmp_path: Path) -> None:
    """A directory that holds anything but a snapshot is refused."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home/thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty and no snapshot"):
        record(original, tmp_path / "home")
    assert {"thesis.txt"} == files_of(tmp_path / "home")


def test_file_is_no_place(original: Path, tmp_path: Path) -> None:
    """A file cannot become a snapshot."""
    (tmp_path / "new").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        record(original, tmp_path / "new")


def test_failed_recording_leaves_the_old_one(original: Path, tmp_path: Path) -> None:
    """When the source fails half way, the older snapshot is whole."""
    target = tmp_path / "new"
    record(original, target)
    before = files_of(target)
    (original / "jobs/2.1.json").write_text("[{]")
    with pytest.raises(UsageError, match=r"2\.1\.json:1: the snapshot is broken"):
        record(original, target)
    assert (before, {"original", "new"}) == (files_of(target), {path.name for path in tmp_path.iterdir()})


class Tired(SnapshotSource):
    """A source whose budget is used up after some questions."""

    left = 3

    def exhausted(self) -> str:
        self.left -= 1
        return "the reserve is reached" if self.left < 0 else ""


def test_used_up_budget_is_told(original: Path, tmp_path: Path) -> None:
    """A recording that had to stop says what is missing."""
    told = write_snapshot(Tired(original), REPOSITORY, NOON - DAY, NOON, tmp_path / "new", redact)
    assert any("was not recorded: the reserve is reached" in note for note in told.notes)


def test_each_good_run_before_failures_is_recorded(tmp_path: Path) -> None:
    """A replay of an earlier day compares with another one than a sweep of today; one that skipped the job is none."""
    ends = {6: "failure", 5: "success", 4: "failure", 3: "success", 2: "success", 1: "success"}
    jobs = {number: "skipped" if number == 3 else end for number, end in ends.items()}
    files = {
        f"jobs/{number}.1.json": json.dumps([job_line(number * 10, number, end)]) for number, end in jobs.items()
    } | {f"logs/{number}0.log": "text" for number in ends}
    days = {f"2026-05-03T0{number}:00:00Z": number for number in ends}
    runs = [
        run_line(3, id=number, conclusion=ends[number], created_at=start, started_at=start, updated_at=start)
        for start, number in days.items()
    ]
    (tmp_path / "original").mkdir()
    record(write(tmp_path / "original", *runs, files=files), tmp_path / "new")

    logs = {path for path in files_of(tmp_path / "new") if path.startswith("logs/")}
    assert {"logs/60.log", "logs/50.log", "logs/40.log", "logs/20.log"} == logs


def test_what_a_sweep_asks_is_there_to_the_letter(original: Path, tmp_path: Path) -> None:
    """Also what the rest of the recording would have left out, and each once."""
    asked: list[str] = []

    class Counted(SnapshotSource):
        def file(self, repository: str, path: str, ref: str = "") -> str | None:
            asked.append(path)
            return super().file(repository, path, ref)

    def sweep(source: Source) -> None:
        for _ in range(2):
            source.file("octo/app", ".github/workflows/other.yml", "c0ffee")
            source.branch("octo/app", "gone")

    (original / "files/c0ffee/.github/workflows/other.yml").write_text("on: push")
    (original / "branches.json").write_text('{"gone": false}')
    write_snapshot(Counted(original), REPOSITORY, NOON - DAY, NOON, tmp_path / "new", redact, sweep=sweep)
    new = SnapshotSource(tmp_path / "new")

    assert 1 == asked.count(".github/workflows/other.yml")
    assert ("on: push", False) == (
        new.file("octo/app", ".github/workflows/other.yml", "c0ffee"),
        new.branch("octo/app", "gone"),
    )
