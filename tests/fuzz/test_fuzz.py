"""A short walk through hostile logs, the same one each time; `make fuzz` goes on where this ends."""

from __future__ import annotations

from tests.fuzz.run import walk


def test_hostile_logs_neither_crash_nor_hang_nor_point_outside_themselves() -> None:
    """A hundred cases, in which places are found at all."""
    done, places = walk(1, cases=100)

    assert done == 100
    assert places > 400
