"""What was only partly read is said, once and with the right count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.conftest import TOKEN
from tests.e2e.standin.zips import run_zip

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn


def test_reading_that_stops_at_the_reserve_is_said_once(program: Program, standin: StandIn) -> None:
    """Reading stops at the reserve, once said, with the right count of what was left."""
    token = standin.world.tokens[TOKEN]
    token.limit, token.used = 1000, 795

    done = program()

    assert (0, []) == (done.code, standin.writes())
    assert token.used <= 1000 - 200 + 6
    assert 1 == done.summary.count("stay reserved")
    read = int(done.summary.partition("| logs read | ")[2].partition(" ")[0])
    assert (
        f"| runs not read (caps) | {4 - read} |" in done.summary
    )  # the fifth failed run is of a stream that recovered


def test_a_zip_that_was_cut_off_is_an_error_and_not_a_clean_log(
    program: Program, standin: StandIn, tmp_path: Path
) -> None:
    """Half a download must never read as "no refusal"."""
    world = standin.world
    whole = run_zip(world.jobs["24579781734.1"], world.logs)
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])

    done = program("explain", "--format", "jsonl", str(tmp_path / "cut.zip"))

    assert (2, True, False) == (done.code, "cut.zip" in done.stderr, "Traceback" in done.stderr)
