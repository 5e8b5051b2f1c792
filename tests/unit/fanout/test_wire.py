"""What travels: nothing is lost, the same value is the same bytes, and a file that is not ours is one clear line."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.errors import IncompleteError, UsageError
from failure_investigator.fanout import wire
from failure_investigator.fanout.types import Header, Noted, Plan, Planned
from failure_investigator.model import Cause, Evidence, Memory, Scan, Streak, Usage
from tests.unit.fanout.real import issue, real_listing, real_plan, real_scan

if TYPE_CHECKING:
    from pathlib import Path

HEAD = b'{"format": "failure-investigator-findings", "version": 1}\n'


def values() -> list[Any]:
    """One of each kind that travels, of a real sweep."""
    scan, plan = real_scan(), real_plan()
    planned = Planned(scan.repository, real_listing(), counts_only=True, memory=Memory((issue(),)))
    return [scan, scan.matters[0].streak, plan, plan.header, planned, Noted(3, Usage({"jobs": 1}, 5, 0))]


@pytest.mark.parametrize("value", values(), ids=lambda value: type(value).__name__)
def test_a_value_arrives_as_it_left(value: object) -> None:
    """Equal, times and enumerations included."""
    assert value == wire.loads(type(value), wire.dumps(value))


def test_the_streak_of_the_real_sweep_has_everything_in_it() -> None:
    """Otherwise the test before says little."""
    streak = real_scan().matters[0].streak
    told = streak.findings[0].diagnosis
    assert told is not None
    assert (True, True, True) == (bool(streak.strip), streak.last_good is not None, len(told.evidence) > 1)


@given(st.permutations(list(Cause)))
def test_a_set_is_written_in_one_order(causes: list[Cause]) -> None:
    """Sets of texts have another order in each process."""
    some = causes[:5]
    one, two = (wire.dumps(Evidence("x", frozenset(order))) for order in (some, reversed(some)))
    assert one == two
    assert f'"supports":[{",".join(sorted(f"{chr(34)}{cause.value}{chr(34)}" for cause in some))}]' in one


def test_the_same_values_are_the_same_bytes(tmp_path: Path) -> None:
    """Whenever and wherever they were written."""
    for name in ("a", "b"):
        wire.write(tmp_path / name / "x.jsonl.gz", "findings", values())
    assert (tmp_path / "a" / "x.jsonl.gz").read_bytes() == (tmp_path / "b" / "x.jsonl.gz").read_bytes()
    assert ["x.jsonl.gz"] == [path.name for path in (tmp_path / "a").iterdir()]


def test_a_file_is_read_in_the_order_of_its_kinds(tmp_path: Path) -> None:
    """The first of the first kind, all others of the last one."""
    path = tmp_path / "shard.jsonl.gz"
    plan, listing, scan = real_plan(), real_listing(), real_scan()
    several = [Planned(scan.repository, listing), Planned(scan.repository, listing, counts_only=True)]
    wire.write(path, "shard", [plan.header, *several])
    assert [plan.header, *several] == list(wire.read(path, "shard", [Header, Planned]))


def test_a_text_that_no_encoding_knows_travels(tmp_path: Path) -> None:
    """Half a surrogate pair may stand in a log, and everything in a title."""
    path = tmp_path / "x.jsonl.gz"
    plan = Plan(Header(real_plan().header.now, real_plan().header.since, "a\u2028b\n\x00"), 0)
    wire.write(path, "plan", [plan])
    assert [plan] == list(wire.read(path, "plan", [Plan]))


def packed(data: bytes) -> bytes:
    """Gzipped."""
    return gzip.compress(data, mtime=0)


BROKEN = {
    "empty": b"",
    "no gzip": b"hello",
    "cut": packed(HEAD + b'{"shard":0}\n' * 2000)[:-9],
    "cut in the middle": packed(HEAD + b'{"shard":0}\n' * 2000)[:60],
    "damaged": packed(HEAD)[:12] + b"\xff\xff\xff\xff" + packed(HEAD)[16:],
    "nothing in it": packed(b""),
    "another program's": packed(b'{"format": "other", "version": 1}\n'),
    "another part's": packed(HEAD.replace(b"findings", b"plan")),
    "newer": packed(HEAD.replace(b"1}", b"2}")),
    "no JSON": packed(b"hello\n"),
    "no text": packed(b"\xff\xfe\n"),
    "deep": packed(b"[" * 100_000 + b"\n"),
    "no line end": packed(HEAD + b'{"shard":0}'),
    "another kind": packed(HEAD + b'{"shard":"x"}\n'),
    "no object": packed(HEAD + b"[]\n"),
    "half an object": packed(HEAD + b'{"shard":\n'),
    "deep inside": packed(HEAD + b'{"shard":' + b"[" * 100_000 + b"\n"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_one_clear_error(tmp_path: Path, data: bytes) -> None:
    """With its name in it."""
    path = tmp_path / "findings-0000.jsonl.gz"
    path.write_bytes(data)
    with pytest.raises(IncompleteError) as raised:
        list(wire.read(path, "findings", [Noted, Scan]))
    assert (True, 4, False) == (str(path) in raised.value.line(), raised.value.exit_code, "\n" in raised.value.line())


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    """Not an empty one."""
    with pytest.raises(IncompleteError, match=r"Cannot read .*nowhere"):
        list(wire.read(tmp_path / "nowhere", "findings", [Noted]))


@pytest.mark.parametrize("line", [b"x", b"x\n"], ids=["one line", "many lines"])
def test_a_file_that_is_too_large_is_not_unpacked(tmp_path: Path, line: bytes) -> None:
    """Whether in one line or in many."""
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(packed(HEAD + line * 300_000))
    with pytest.raises(IncompleteError, match="larger than anything we write"):
        list(wire._lines(path, longest=50_000, largest=100_000))


@given(st.binary(max_size=60), st.integers(0, 200))
def test_any_damage_is_an_error_of_ours(tmp_path_factory: pytest.TempPathFactory, junk: bytes, place: int) -> None:
    """Never another one, and never another value."""
    path = tmp_path_factory.mktemp("junk") / "x.jsonl.gz"
    data = packed(HEAD + b'{"shard":0}\n')
    path.write_bytes(data[:place] + junk + data[place + len(junk) :])
    try:
        found = list(wire.read(path, "findings", [Noted]))
    except IncompleteError:
        found = []
    assert found in ([], [Noted(0)])


def test_a_folder_that_cannot_be_written_is_the_users_matter(tmp_path: Path) -> None:
    """Exit code 2."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="Cannot write"):
        wire.write(tmp_path / "file" / "x.gz", "plan", [real_plan()])


def test_streaks_may_be_of_any_kind() -> None:
    """Also one that only its issue knows."""
    streak = real_scan().matters[0].streak
    bare = Streak(streak.stream, streak.workflow, "", ())
    assert bare == wire.loads(Streak, wire.dumps(bare))
