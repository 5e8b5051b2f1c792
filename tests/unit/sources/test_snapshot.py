"""The recorded source: the same answers as the live one, from a directory."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from failure_investigator.errors import ConfigError, RefusedError, UsageError
from failure_investigator.model import JobLog, Listing, LogMember, Repository, Run, StreamKey, Usage
from failure_investigator.sources.snapshot import SnapshotSource

if TYPE_CHECKING:
    from pathlib import Path

REPOSITORY = Repository("octo/app", "public", "main", url="u")
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MANIFEST = {
    "format": "failure-investigator-snapshot/1",
    "recorded_at": "2026-05-03T12:00:00Z",
    "since": "2026-05-02T12:00:00Z",
    "until": "2026-05-03T12:00:00Z",
    "repository": {"name": "octo/app", "visibility": "public", "default_branch": "main", "url": "u"},
}


def run_line(number: int, **changes: Any) -> dict[str, Any]:
    """The `number`-th nightly run, failed, on main."""
    start = f"2026-05-{number:02}T06:00:00Z"
    plain = {
        "repository": "octo/app",
        "id": number,
        "attempt": 1,
        "number": number,
        "workflow": {"id": 7, "name": "Nightly", "path": ".github/workflows/n.yml"},
        "title": "t",
        "event": "schedule",
        "branch": "main",
        "head_sha": "c0ffee",
        "head_repository": "octo/app",
        "actor": "mona",
        "conclusion": "failure",
        "created_at": start,
        "started_at": start,
        "updated_at": f"2026-05-{number:02}T06:05:00Z",
        "url": "u",
    }
    return plain | changes


def write(directory: Path, *runs: dict[str, Any], files: dict[str, str] | None = None, **manifest: Any) -> Path:
    """A snapshot with these runs and files."""
    (directory / "snapshot.json").write_text(json.dumps(MANIFEST | manifest))
    (directory / "runs.jsonl").write_text("".join(json.dumps(run) + "\n" for run in runs))
    for name, text in (files or {}).items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    return directory


def first_run(source: SnapshotSource) -> Run:
    """The newest run of a snapshot."""
    return source.runs(REPOSITORY, NOON - 30 * DAY, NOON).runs[0]


def test_manifest_tells_repository_and_window(tmp_path: Path) -> None:
    """The recorded repository answers to its name in any case and to none, and the window is known."""
    source = SnapshotSource(write(tmp_path))
    assert [source.repository("Octo/App"), source.repository("")] == [REPOSITORY, REPOSITORY]
    assert (source.manifest.since, source.manifest.until) == (NOON - DAY, NOON)


def test_other_repository_is_refused(tmp_path: Path) -> None:
    """A repository that was not recorded is unknown."""
    with pytest.raises(RefusedError, match="holds octo/app, not octo/other"):
        SnapshotSource(write(tmp_path)).repository("octo/other")


def test_runs_of_the_window_newest_first(tmp_path: Path) -> None:
    """Only runs that could have ended in the window are told, in whatever order they were written."""
    source = SnapshotSource(write(tmp_path, run_line(1), run_line(2), run_line(3), run_line(4)))
    listed = source.runs(REPOSITORY, NOON - 2 * DAY, NOON).runs
    assert [run.id for run in listed] == [3, 2]


def test_long_run_of_the_window_is_found(tmp_path: Path) -> None:
    """A run that began before the window and ended inside belongs to it, up to the longest run."""
    long = run_line(2, created_at="2026-05-02T08:00:00Z", updated_at="2026-05-02T13:00:00Z")
    source = SnapshotSource(write(tmp_path, long))
    assert [run.id for run in source.runs(REPOSITORY, NOON - DAY, NOON).runs] == [2]


@pytest.mark.parametrize(
    ("key", "ids"),
    [
        (StreamKey("octo/app", 7, "default"), [4, 1]),
        (StreamKey("octo/app", 7, "branch", "release/1"), [2]),
        (StreamKey("octo/app", 7, "pull_request"), [4, 2, 1]),
        (StreamKey("octo/app", 8, "default"), [3]),
        (StreamKey("octo/app", 7, "none"), []),
    ],
)
def test_stream_is_followed_like_the_live_one(tmp_path: Path, key: StreamKey, ids: list[int]) -> None:
    """Older runs of the workflow come newest first, of the stream's branch if it has one."""
    other = {"id": 8, "name": "CI", "path": "c.yml"}
    lines = [run_line(1), run_line(2, branch="release/1"), run_line(3, workflow=other), run_line(4), run_line(5)]
    before = datetime(2026, 5, 5, 6, tzinfo=UTC)
    listing = SnapshotSource(write(tmp_path, *lines)).follow(key, before, "main")
    assert (ids, True) == ([run.id for run in listing.runs], listing.complete)


def test_following_is_one_page(tmp_path: Path) -> None:
    """More than a hundred older runs are cut to the newest hundred, and the listing says so."""
    lines = [
        run_line(1, id=number, started_at=f"2026-05-01T06:{number // 60:02}:{number % 60:02}Z") for number in range(130)
    ]
    listing = SnapshotSource(write(tmp_path, *lines)).follow(StreamKey("octo/app", 7, "default"), NOON, "main")
    expected = (129, 100, False, "100 of 130 older runs were looked at")
    assert expected == (listing.runs[0].id, len(listing.runs), listing.complete, listing.note)


def test_logs_come_as_recorded(tmp_path: Path) -> None:
    """A job's text, single steps' files in numeric order, a log that was gone, and one that was never recorded."""
    job = {"run_id": 3, "attempt": 1, "name": "build", "conclusion": "failure", "url": "u"}
    files = {
        "jobs/3.1.json": json.dumps([job | {"id": number} for number in (5, 6, 7, 8)]),
        "logs/5.log": "text",
        "logs/6/1.log": "one",
        "logs/6/10.log": "ten",
        "logs/6/9.log": "nine",
        "logs/7.gone": "410 Gone\n",
    }
    source = SnapshotSource(write(tmp_path, run_line(3), files=files))
    run = first_run(source)
    expected = {
        5: JobLog((LogMember(b"text"),)),
        6: JobLog((LogMember(b"one", 1), LogMember(b"nine", 9), LogMember(b"ten", 10))),
        7: JobLog(gone="410 Gone"),
        8: JobLog(gone="not recorded"),
    }
    assert expected == source.logs(run, source.jobs(run) or ())


@pytest.mark.parametrize("conclusion", ["failure", "success"])
def test_missing_jobs_are_not_no_jobs(tmp_path: Path, conclusion: str) -> None:
    """What was not recorded is not known, which is not the same as none."""
    source = SnapshotSource(write(tmp_path, run_line(3, conclusion=conclusion)))

    assert source.jobs(first_run(source)) is None


@pytest.mark.parametrize("version", [1, 2])
def test_both_formats_are_read(tmp_path: Path, version: int) -> None:
    """A recording of the first version knows of no states of workflows, no issues and no branch that is gone."""
    source = SnapshotSource(write(tmp_path, run_line(3), format=f"failure-investigator-snapshot/{version}"))
    asked = (source.workflows("octo/app"), source.issues(), source.branch("octo/app", "gone"))

    assert ([3], (None, None, True)) == ([run.id for run in source.every_run], asked)


def test_states_branches_and_issues_are_told_as_recorded(tmp_path: Path) -> None:
    """A workflow that is in no list was deleted, and so has no runs to go on with."""
    issue = {"repository": "octo/app", "number": 4, "title": "t", "body": "b", "state": "closed", "labels": ["ci"]}
    files = {
        "workflows.json": '{"7": "disabled_manually"}',
        "branches.json": '{"release/1": false}',
        "issues.jsonl": json.dumps(issue) + "\n",
    }
    source = SnapshotSource(write(tmp_path, run_line(3), files=files))
    gone = source.since(StreamKey("octo/app", 8, "default"), NOON, "main")

    assert ({7: "disabled_manually"}, False) == (source.workflows("octo/app"), source.branch("octo/app", "release/1"))
    assert ([(4, "closed", ("ci",))], None) == ([(i.number, i.state, i.labels) for i in source.issues() or ()], gone)


def test_a_stream_reaches_back_as_far_as_it_was_recorded(tmp_path: Path) -> None:
    """Inside the window anyway; before it only as `streams.json` says."""
    key = StreamKey("octo/app", 7, "default")
    write(tmp_path, run_line(1), run_line(3))
    told = [SnapshotSource(tmp_path).since(key, start, "main") for start in (NOON - DAY, NOON - 2 * DAY)]
    (tmp_path / "streams.json").write_text(json.dumps({str(key): "2026-05-01T00:00:00Z"}))
    told.append(SnapshotSource(tmp_path).since(key, NOON - 2 * DAY, "main"))

    assert [True, False, True] == [listing.complete for listing in told if listing]


def test_a_window_that_was_cut_short_is_not_complete(tmp_path: Path) -> None:
    """Whatever is asked of it."""
    source = SnapshotSource(write(tmp_path, run_line(3), listing="the listing stopped"))
    since = source.since(StreamKey("octo/app", 7, "default"), NOON - DAY, "main")

    assert (False, "the listing stopped") == (source.runs(REPOSITORY, NOON - DAY, NOON).complete, since and since.note)


def test_run_that_never_started_has_no_jobs(tmp_path: Path) -> None:
    """A startup failure needs no recorded jobs."""
    source = SnapshotSource(write(tmp_path, run_line(3, conclusion="startup_failure")))
    assert source.jobs(first_run(source)) == ()


def test_files_at_a_commit_and_at_the_head(tmp_path: Path) -> None:
    """A file is told at the commit it was recorded at, without a ref on the default branch, else it does not exist."""
    files = {"files/c0ffee/a/b.yml": "old", "files/HEAD/a/b.yml": "new"}
    source = SnapshotSource(write(tmp_path, files=files))
    asked = [source.file("octo/app", "a/b.yml", ref) for ref in ("c0ffee", "", "beef")]
    assert asked == ["old", "new", None]


@pytest.mark.parametrize("path", ["../../snapshot.json", "a/../../../snapshot.json"])
def test_files_outside_are_not_read(tmp_path: Path, path: str) -> None:
    """A path out of the snapshot does not exist."""
    source = SnapshotSource(write(tmp_path, files={"files/HEAD/a/b.yml": "new"}))
    assert source.file("octo/app", path) is None


def test_nothing_is_used_up(tmp_path: Path) -> None:
    """A snapshot costs no requests and has no limit."""
    source = SnapshotSource(write(tmp_path))
    assert (Usage(), "") == (source.usage(), source.exhausted())


def test_directory_without_manifest_is_no_snapshot(tmp_path: Path) -> None:
    """Any other directory is a usage error that says how to get a snapshot."""
    with pytest.raises(UsageError, match=r"is no snapshot: it has no snapshot\.json"):
        SnapshotSource(tmp_path)


def test_unknown_format_is_told_with_what_is_read(tmp_path: Path) -> None:
    """A snapshot of another version is refused before anything else of it is looked at."""
    with pytest.raises(ConfigError, match=r"unknown format 'failure-investigator-snapshot/9'.*This version reads"):
        SnapshotSource(write(tmp_path, format="failure-investigator-snapshot/9", colour="red"))


def test_broken_line_is_named(tmp_path: Path) -> None:
    """A run that does not validate is told with file, line and key."""
    with pytest.raises(ConfigError, match=r"runs\.jsonl:2: the snapshot is broken: created_at: "):
        SnapshotSource(write(tmp_path, run_line(1), run_line(2, created_at="yesterday")))


def test_missing_runs_are_broken(tmp_path: Path) -> None:
    """A snapshot without its list of runs is not one without runs."""
    (write(tmp_path) / "runs.jsonl").unlink()
    with pytest.raises(ConfigError, match=r"runs\.jsonl: the snapshot is broken"):
        SnapshotSource(tmp_path)


def test_scheduled_runs_are_those_of_one_file_and_event(tmp_path: Path) -> None:
    """Newest first; another workflow's and another event's are left out."""
    other = {"id": 8, "name": "Other", "path": ".github/workflows/o.yml"}
    runs = [run_line(1), run_line(2), run_line(3, event="push"), run_line(4, workflow=other)]
    listing = SnapshotSource(write(tmp_path, *runs)).scheduled("octo/app", ".github/workflows/n.yml")

    assert ([2, 1], True) == ([run.id for run in listing.runs], listing.complete)


def test_what_came_since_and_what_is_still_there(tmp_path: Path) -> None:
    """A recording of the first format keeps neither states nor branches: nothing is taken for gone."""
    other = {"id": 8, "name": "CI", "path": "c.yml"}
    lines = [run_line(1), run_line(2, branch="release/1"), run_line(3, workflow=other), run_line(4), run_line(5)]
    source = SnapshotSource(write(tmp_path, *lines))
    start = datetime(2026, 5, 2, tzinfo=UTC)
    keys = [
        StreamKey("octo/app", 7, "default"),
        StreamKey("octo/app", 7, "branch", "release/1"),
        StreamKey("octo/app", 7, "pull_request"),
    ]

    listings = [source.since(key, start, "main") or Listing(()) for key in keys]

    assert [[5, 4], [2], [5, 4, 2]] == [[run.id for run in listing.runs] for listing in listings]
    assert source.workflows("octo/app") is None
    assert [True, True, True] == [source.branch("octo/app", name) for name in ("main", "release/1", "gone")]
