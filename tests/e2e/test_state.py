"""Sweeps with a state file: fewer requests, the same result, and no harm when it is lost or broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Done, Program
    from tests.e2e.standin import StandIn

NEXT_HOUR = "gh" + "s_" + "n" * 40


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the file is kept between sweeps."""
    return tmp_path / "kept" / "state.sqlite"


def sweep(program: Program, state: Path | None, token: str = TOKEN) -> tuple[Done, dict[str, int]]:
    """A sweep, and its answered requests for runs and jobs by status and kind."""
    standin = program.standin
    standin.journal.clear()
    done = program(environ={"INPUT_STATE": str(state or ""), "INPUT_GITHUB-TOKEN": token})
    counted: dict[str, int] = {}
    for entry in standin.journal:
        kind = entry.path.rpartition("/")[2]
        if kind in ("runs", "jobs") and entry.origin == "api" and "created" not in entry.query:
            counted[f"{entry.status} {kind}"] = counted.get(f"{entry.status} {kind}", 0) + 1
    return done, counted


def test_the_next_sweep_asks_for_less_and_says_so(program: Program, standin: StandIn, state: Path) -> None:
    """With the next hour's token: the list is unchanged, no attempt's jobs are listed again, and nothing is written."""
    standin.world.add_token(NEXT_HOUR)
    first, asked = sweep(program, state)
    second, again = sweep(program, state, NEXT_HOUR)

    assert (0, 0, []) == (first.code, second.code, standin.writes())
    assert (1, True) == (asked["200 runs"], asked["200 jobs"] > 0)
    assert {"304 runs": 1} == again
    assert "0 of 1 listings were unchanged (304, 0%); 0 were known" in first.report["notes"]
    assert "1 of 1 listings were unchanged (304, 100%); 1 were known" in second.report["notes"]


def test_with_and_without_it_the_issues_are_the_same(program: Program, standin: StandIn, state: Path) -> None:
    """To the letter, first and later."""
    sweep(program, None)
    plain = [dict(issue) for issue in standin.world.issues]
    standin.world.issues.clear()
    for _ in range(2):
        sweep(program, state)
        assert plain == standin.world.issues


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0" + b"x" * 5000])
def test_a_broken_file_costs_requests_and_nothing_else(
    program: Program, standin: StandIn, state: Path, data: bytes
) -> None:
    """The summary says that it starts anew, and the sweep after has it again."""
    sweep(program, state)
    state.write_bytes(data)
    done, asked = sweep(program, state)

    assert (0, 1, []) == (done.code, asked["200 runs"], standin.writes())
    assert "starts anew" in done.summary
    assert {"304 runs": 1} == sweep(program, state)[1]


def test_no_token_and_no_log_text_is_in_it(program: Program, standin: StandIn, state: Path) -> None:
    """Not even packed: runs and jobs only."""
    sweep(program, state)
    from failure_investigator.state import StateFile

    with StateFile(state, lambda: standin.world.now) as opened:
        kinds = {row[0].rpartition("/")[2] for row in opened._rows("SELECT key FROM answers")}
        texts = [opened.answer(row[0]) for row in opened._rows("SELECT key FROM answers")]
    assert {"runs?per_page=100&status=completed"} == kinds
    assert [] == [text for text in texts if text is None or TOKEN in text.text or "##[" in text.text]
    assert TOKEN.encode() not in state.read_bytes()
