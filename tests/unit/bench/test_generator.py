"""The benchmark's logs: the same for the same seed, with refusals where they are said to be, found where they are."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import pytest
from bench.generator import BOM, Example, Log, Planted, examples, make_log, make_refusals, make_run
from bench.ours import scan_text
from bench.planted import missed, mistaken, stray

from failure_investigator.logs.archive import read_zip
from failure_investigator.signatures.scanner import built_in

if TYPE_CHECKING:
    from pathlib import Path

POOL = (
    Example("one/refused", (b"the door is closed", b"  and stays closed"), refusal=True),
    Example("one/refused", (b"a door is closed",), refusal=True),
    Example("one/refused", (b"the door is open",), refusal=False),
)
APART = 8 * 1024
"""Bytes of text for each refusal: dense, and no flood."""


def digest(data: bytes) -> str:
    """A short hash."""
    return hashlib.sha256(data).hexdigest()[:16]


@cache
def library() -> list[Example]:
    """The library's examples."""
    return examples(built_in().rulebook)


@cache
def dense() -> Log:
    """A megabyte with all of them."""
    refusals = sum(example.refusal for example in library())
    return make_log(refusals * APART * 5 // 4, 7, library(), every=APART)


def at(log: Log, entry: Planted) -> tuple[int, list[bytes]]:
    """What stands at a planted example's place: the number of its first line, and its lines without their times."""
    lines = log.data[entry.start : entry.end].removesuffix(b"\n").split(b"\n")
    return log.data.count(b"\n", 0, entry.start) + 1, [re.sub(rb"^2026-\S+Z ", b"", line) for line in lines]


def test_a_log_is_the_same_for_the_same_seed() -> None:
    """To the byte, on every machine, so that figures are of the same text."""
    log = make_log(600_000, 1, POOL)

    assert ("65d723e8bd0305c5", "9cb4a6ca8607cd65") == (digest(log.data), digest(make_refusals(10_000, 1, POOL).data))
    assert log == make_log(600_000, 1, POOL)
    assert log.data != make_log(600_000, 2, POOL).data


@pytest.mark.parametrize("size", [1, 3_000, 600_000, 3 << 20])
def test_a_log_has_about_the_size_asked_for(size: int) -> None:
    """A line or two less, the planted lines and the end of the job more."""
    log = make_log(size, 1, POOL)

    assert abs(len(log.data) - size) < 10_000
    assert log.data.endswith(b"Cleaning up orphan processes\n")


def test_what_is_planted_stands_where_it_is_said_to_stand() -> None:
    """By offset and by line."""
    log = make_log(600_000, 1, POOL)

    assert len(log.planted) >= 8
    assert [(entry.line, list(entry.example.lines)) for entry in log.planted] == [at(log, e) for e in log.planted]


def test_lines_have_times_that_do_not_go_back_or_none() -> None:
    """Blocks are minutes."""
    times = re.findall(rb"(?m)^(\d{4}-\S+Z) ", make_log(1 << 20, 1, POOL).data)

    assert sorted(times) == times
    assert len(set(times)) > 5_000


def test_all_examples_come_into_a_dense_log() -> None:
    """What the tests below find is the whole library."""
    assert {entry.example for entry in dense().planted} == set(library())


def test_every_planted_refusal_is_found_and_no_near_miss_is_taken_for_one() -> None:
    """And nothing is found where nothing was planted."""
    hits = built_in().scan(dense().data)

    assert [] == missed(dense(), hits, built_in().names)
    assert [] == mistaken(dense(), hits, built_in().names)
    assert [] == stray(dense(), hits)


def test_a_refusal_that_is_not_found_is_named() -> None:
    """The check checks."""
    log = make_log(3_000, 1, POOL)
    refusals = [entry for entry in log.planted if entry.example.refusal]

    assert refusals == missed(log, [], ("one/refused",))


def test_each_near_miss_alone_is_not_found() -> None:
    """No pattern of its own signature matches one of its lines."""
    wrong = [
        example
        for example in library()
        if not example.refusal
        and example.signature in {built_in().names[hit.pattern] for hit in built_in().scan(b"\n".join(example.lines))}
    ]

    assert [] == wrong


def test_a_log_of_nothing_but_refusals_has_no_other_line() -> None:
    """Each one is found."""
    log = make_refusals(200_000, 1, library())

    assert log.data.count(b"\n") == sum(len(entry.example.lines) for entry in log.planted)
    assert [] == missed(log, built_in().scan(log.data), built_in().names)


def test_a_run_s_zip_holds_each_job_twice() -> None:
    """As a whole, and step by step, each file with a byte order mark of its own."""
    run = make_run(2, 300_000, 1, POOL)

    with zipfile.ZipFile(io.BytesIO(run.data)) as archive:
        for number in range(2):
            steps = [name for name in archive.namelist() if re.match(rf"test \({number}\)/\d", name)]
            texts = [archive.read(name) for name in steps]
            whole = archive.read(f"{number}_test ({number}).txt")
            assert len(steps) > 1
            assert all(text.startswith(BOM) for text in texts)
            assert BOM + b"".join(text.removeprefix(BOM) for text in texts) == whole
    assert dict(read_zip(run.data)) == {name: log.data for name, log in run.jobs.items()}


def test_line_numbers_are_those_of_the_hits(tmp_path: Path) -> None:
    """The benchmark counts what it times, over blocks."""
    log = make_log(900_000, 1, library())
    path = tmp_path / "log"
    path.write_bytes(log.data)
    hits = built_in().scan(log.data)

    assert [(log.data.count(b"\n", 0, hit.start) + 1, hit.pattern) for hit in hits] == scan_text(path)
