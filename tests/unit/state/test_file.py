"""The state file: what it remembers, what it forgets, and that nothing wrong with it is ever an error."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failure_investigator.state import KEPT, KnownIssue, StateFile, StoredAnswer
from failure_investigator.state.database import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
APP = "octo/app"


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: moment


def opened(path: Path | None, moment: datetime = NOW, **options: int) -> StateFile:
    """The state at a moment."""
    return StateFile(path, at(moment), **options)


def fill(state: StateFile) -> None:
    """One of everything."""
    state.keep_answer("runs", StoredAnswer('"one"', '{"total_count": 0} ü \udcff'))
    state.keep_jobs(APP, "5.1", "[1]")
    state.judge(APP, "5.1", "library", {50: "v1:one", 51: ""})
    state.keep_issues(APP, {7: KnownIssue("v1:one", "open"), 3: KnownIssue("v1:two", "closed")})
    state.postpone(["octo/late", "octo/later"])


def told(state: StateFile) -> tuple[object, ...]:
    """Everything that `fill` put in."""
    return (
        state.answer("runs"),
        state.jobs(APP, "5.1"),
        state.judged(APP, "5.1", "library"),
        state.issues(APP),
        state.postponed(),
    )


FULL = (
    StoredAnswer('"one"', '{"total_count": 0} ü \udcff'),
    "[1]",
    {50: "v1:one", 51: ""},
    {3: KnownIssue("v1:two", "closed"), 7: KnownIssue("v1:one", "open")},
    ("octo/late", "octo/later"),
)
EMPTY: tuple[object, ...] = (None, None, {}, {}, ())


def test_the_next_sweep_knows_what_this_one_knew(tmp_path: Path) -> None:
    """What was kept before the end comes back from the file, and only the missing file was worth a note."""
    path = tmp_path / "deep" / "state.sqlite"
    with opened(path) as first:
        fill(first)
    with opened(path) as second:
        assert (FULL, []) == (told(second), second.notes)
    assert [f"The state file {path} starts anew: there is none yet"] == first.notes


def test_without_a_path_the_process_alone_remembers(tmp_path: Path) -> None:
    """The same methods, and no file."""
    with opened(None) as state:
        fill(state)
        assert (FULL, []) == (told(state), state.notes)
    with opened(None) as other:
        assert told(other) == EMPTY


def written(path: Path) -> bytes:
    """A good file's bytes."""
    with opened(path) as state:
        fill(state)
    return path.read_bytes()


def newer(data: bytes, path: Path) -> bytes:
    """The same by a later version of the program."""
    return changed(data, path, f"PRAGMA user_version = {VERSION + 1}")


def foreign(_: bytes, path: Path) -> bytes:
    """A database of somebody else."""
    return changed(b"", path, "CREATE TABLE answers (key, tag, body, at)")


def with_trigger(data: bytes, path: Path) -> bytes:
    """One that would do something when it is written to."""
    return changed(data, path, "CREATE TRIGGER t AFTER INSERT ON jobs BEGIN DELETE FROM judged; END")


def with_other_types(data: bytes, path: Path) -> bytes:
    """One whose values are not of the kinds that are written."""
    return changed(data, path, "PRAGMA ignore_check_constraints = ON; UPDATE answers SET tag = 5")


def changed(data: bytes, path: Path, script: str) -> bytes:
    """A database after a script."""
    path.write_bytes(data)
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path.read_bytes()


DAMAGES: dict[str, tuple[Callable[[bytes, Path], bytes], str]] = {
    "empty": (lambda _data, _path: b"", "it is no state file of this program"),
    "truncated": (lambda data, _path: data[: len(data) // 2], "damaged"),
    "noise": (lambda data, _path: bytes(reversed(data)), "it is no database, or a damaged one"),
    "overwritten": (lambda data, _path: data[:4096] + b"\xff" * (len(data) - 4096), "damaged"),
    "newer": (newer, f"it has format {VERSION + 1}, and this version of the program reads {VERSION}"),
    "foreign": (foreign, "it is no state file of this program"),
    "trigger": (with_trigger, "its tables are not this program's"),
    "types": (with_other_types, "it is damaged"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_file_that_cannot_be_believed_starts_anew(tmp_path: Path, name: str) -> None:
    """It is no error: a note says why, nothing is known, and the next file is good again."""
    path = tmp_path / "state.sqlite"
    damage, why = DAMAGES[name]
    path.write_bytes(damage(written(path), tmp_path / "scratch"))
    with opened(path) as state:
        assert (EMPTY, 1, True) == (told(state), len(state.notes), why in state.notes[0])
        fill(state)
    with opened(path) as again:
        assert (FULL, []) == (told(again), again.notes)


def test_a_folder_in_the_place_of_the_file_is_no_error(tmp_path: Path) -> None:
    """Neither reading nor writing works, and both are told."""
    with opened(tmp_path) as state:
        fill(state)
        assert told(state) == FULL
    assert ["starts anew", "could not be written"] == [
        next(words for words in ("starts anew", "could not be written") if words in note) for note in state.notes
    ]
    assert [] == list(tmp_path.parent.glob(".*.new"))


def test_a_process_that_ends_early_leaves_the_old_file(tmp_path: Path) -> None:
    """Until the file is saved as a whole, nothing of it changes."""
    path = tmp_path / "state.sqlite"
    before = written(path)
    state = opened(path)
    state.postpone(["octo/third"])
    assert before == path.read_bytes()
    state.close()
    with opened(path) as after:
        assert after.postponed() == ("octo/late", "octo/later", "octo/third")


def test_what_nobody_used_for_a_hundred_days_goes(tmp_path: Path) -> None:
    """Using keeps: an answer that still holds, jobs that were read."""
    path = tmp_path / "state.sqlite"
    written(path)
    with opened(path, NOW + KEPT) as later:
        later.answer_holds("runs")
        later.jobs(APP, "5.1")
    with opened(path, NOW + KEPT + timedelta(seconds=1)) as state:
        state.save()
        assert (*FULL[:2], *EMPTY[2:]) == told(state)


def test_bodies_stay_below_the_budget(tmp_path: Path) -> None:
    """Those used last stay; the shortest takes 60 bytes."""
    path = tmp_path / "state.sqlite"
    for day in range(4):
        with opened(path, NOW + timedelta(days=day), budget=3 * 60) as state:
            state.keep_answer(f"answer {day}", StoredAnswer('"tag"', "x"))
            state.keep_jobs(APP, f"{day}.1", "x")
    with opened(path) as state:
        kept = [state.answer(f"answer {day}") is not None for day in range(4)]
        jobs = [state.jobs(APP, f"{day}.1") is not None for day in range(4)]
    assert ([False, False, True, True], [False, False, False, True]) == (kept, jobs)


def test_a_better_library_judges_again() -> None:
    """What another library found is not known."""
    with opened(None) as state:
        state.judge(APP, "5.1", "old", {50: "v1:one", 51: ""})
        state.judge(APP, "5.1", "new", {51: "v1:two"})
        assert ({50: "v1:one"}, {51: "v1:two"}) == (state.judged(APP, "5.1", "old"), state.judged(APP, "5.1", "new"))


def test_who_waits_longest_comes_first() -> None:
    """Waiting on keeps the place, being reached ends it."""
    moments = iter(NOW + timedelta(hours=hour) for hour in range(9))
    with StateFile(None, lambda: next(moments)) as state:
        state.postpone(["octo/z"])
        state.postpone(["octo/a", "octo/z", "octo/m"])
        state.reached(["octo/m"])
        assert state.postponed() == ("octo/z", "octo/a")


def test_a_body_that_cannot_be_read_is_not_known() -> None:
    """What does not unpack is as if it were not there."""
    with opened(None) as state:
        state.keep_jobs(APP, "5.1", "text")
        state._write("UPDATE jobs SET body = x'00ff'")
        assert (None, []) == (state.jobs(APP, "5.1"), state.notes)


def test_a_disk_that_fails_ends_the_remembering_and_not_the_sweep(tmp_path: Path) -> None:
    """One note; nothing is known any more; the old file stays."""
    path = tmp_path / "state.sqlite"
    before = written(path)
    state = opened(path)
    state._connection.execute("PRAGMA query_only = ON")
    fill(state)
    assert (EMPTY, 1) == (told(state), len(state.notes))
    state.close()
    assert before == path.read_bytes()


def test_threads_may_share_it() -> None:
    """Many readers and writers at once lose nothing."""
    with opened(None) as state, ThreadPoolExecutor(8) as pool:

        def work(number: int) -> bool:
            state.keep_jobs(APP, f"{number}.1", str(number))
            state.judge(APP, f"{number}.1", "library", {number: ""})
            return state.jobs(APP, f"{number}.1") == str(number)

        assert all(pool.map(work, range(200)))
        assert [{number: ""} for number in range(200)] == [
            state.judged(APP, f"{number}.1", "library") for number in range(200)
        ]


@pytest.mark.parametrize("data", [None, b"noise"])
def test_a_shard_without_a_usable_state_is_left_out(tmp_path: Path, data: bytes | None) -> None:
    """The others count; a note names the file."""
    path = tmp_path / "shard.sqlite"
    if data is not None:
        path.write_bytes(data)
    with opened(None) as state:
        fill(state)
        state.merge(path)
        assert (FULL, [True]) == (told(state), [f"The state file {path} is left out: " in note for note in state.notes])


Deed = tuple[int, str, int, str]
DEEDS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from("ajkix"), st.integers(0, 2), st.sampled_from(["one", "two"])),
    max_size=8,
)


def do(state: StateFile, deed: Deed) -> None:
    """One thing that a shard learns."""
    _, kind, number, word = deed
    match kind:
        case "a":
            state.keep_answer(f"key {number}", StoredAnswer(f'"{word}"', word))
        case "j":
            state.keep_jobs(APP, f"{number}.1", word)
        case "k":
            state.judge(APP, "1.1", word, {number: word})
        case "i":
            state.keep_issues(APP, {number: KnownIssue(word, "open")})
        case _:
            (state.postpone if word == "one" else state.reached)([f"octo/{number}"])


def shard(path: Path, deeds: list[Deed]) -> Path:
    """A file of one shard, whose deeds came in the order of their times."""
    path.unlink(missing_ok=True)
    moment = NOW
    with StateFile(path, lambda: moment) as state:
        for deed in sorted(deeds):
            moment = NOW + timedelta(seconds=deed[0])
            do(state, deed)
    return path


def merged(*paths: Path) -> list[list[tuple[object, ...]]]:
    """All rows after merging files in this order."""
    with opened(None) as state:
        for path in paths:
            state.merge(path)
        tables = ("answers", "jobs", "judged", "issues", "reach")
        return [sorted(state._connection.execute(f"SELECT * FROM {table}")) for table in tables]  # noqa: S608


@settings(max_examples=25, deadline=None)
@given(first=DEEDS, second=DEEDS)
def test_the_order_of_merging_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, first: list[Deed], second: list[Deed]
) -> None:
    """Nor does merging a shard twice, as when it was run twice."""
    folder = tmp_path_factory.mktemp("merge")
    one, two = shard(folder / "one", first), shard(folder / "two", second)
    assert merged(one, two) == merged(two, one) == merged(one, two, one, two)


def test_the_newer_of_two_shards_is_right(tmp_path: Path) -> None:
    """A repository that one shard reached is not put off because another had read the old state."""
    plan = shard(tmp_path / "plan", [(0, "x", 1, "one"), (0, "a", 1, "one")])
    done = shard(tmp_path / "done", [(3, "x", 1, "two"), (3, "a", 1, "two")])
    with opened(None) as state:
        state.merge(done)
        state.merge(plan)
        assert ((), StoredAnswer('"two"', "two")) == (state.postponed(), state.answer("key 1"))
