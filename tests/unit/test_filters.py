"""A filter that leaves nothing is told: an empty sweep would look like one in which nothing failed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from failure_investigator.filters import nothing_left
from failure_investigator.settings import Settings
from tests.unit.factory import make_run

RUNS = [make_run(number) for number in (2, 1)]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(), ""),
        (Settings(workflows=("Night*",)), ""),
        (Settings(workflows=("Nigtly",)), "left out by workflows: Nigtly. Did you mean Nightly?"),
        (Settings(workflows=("ci.yml", "cd.yml")), "left out by workflows: ci.yml, cd.yml"),
        (Settings(exclude_workflows=("*",)), "left out by exclude-workflows: *"),
        (Settings(branches=("mian",)), "left out by branches: mian. Did you mean main?"),
    ],
)
def test_what_left_everything_out_is_named(settings: Settings, told: str) -> None:
    """With the nearest name where one option has one value."""
    assert (f"all 2 runs of the window are {told}" if told else "") == nothing_left(RUNS, settings)


def test_names_are_left_out_where_others_may_read_them() -> None:
    """And nothing is said where there was nothing to leave out."""
    settings = replace(Settings(), workflows=("Nigtly",))

    assert nothing_left(RUNS, settings, advise=False).endswith("workflows: Nigtly")
    assert "" == nothing_left([], settings)
