"""What arrived only in part is never taken for the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.standin.zips import run_zip

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn


def test_a_zip_that_was_cut_off_is_an_error_and_not_a_clean_log(
    program: Program, standin: StandIn, tmp_path: Path
) -> None:
    """Half a download must never read as "no refusal"."""
    world = standin.world
    whole = run_zip(world.jobs["24579781734.1"], world.logs)
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])

    done = program("explain", "--format", "jsonl", str(tmp_path / "cut.zip"))

    assert (2, True, False) == (done.code, "cut.zip" in done.stderr, "Traceback" in done.stderr)
