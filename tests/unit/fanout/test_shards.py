"""Shards: balanced, the same for the same input, and never more than there is work for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.fanout.shards import balanced, shards_for
from failure_investigator.values import MOST_SHARDS
from tests.unit.fanout.real import failed, planned

if TYPE_CHECKING:
    from failure_investigator.fanout.types import Planned


def work(*failures: int) -> list[Planned]:
    """Repositories with so many failed runs."""
    return [
        planned(f"o/r{place}", *(failed(f"o/r{place}", number) for number in range(count)))
        for place, count in enumerate(failures)
    ]


def test_a_repository_weighs_what_it_takes_to_read() -> None:
    """One request, and two for each failed run; green ones cost nothing."""
    assert [1, 3, 7] == [each.weight for each in work(0, 1, 3)]
    assert 1 == planned("o/r", failed("o/r", conclusion="success")).weight


@pytest.mark.parametrize(
    ("failures", "wanted", "shards"),
    [
        ([], 0, 0),
        ([], 7, 0),
        ([0], 0, 1),
        ([9], 7, 1),
        ([9, 9, 9], 0, 3),
        ([9, 9, 9], 2, 2),
        ([1] * 300, 1000, MOST_SHARDS),
        ([300] * 300, 0, MOST_SHARDS),
        ([30, 1], 0, 2),
    ],
)
def test_there_are_as_many_as_the_work_asks_for(failures: list[int], wanted: int, shards: int) -> None:
    """Or as are wanted; at most one a repository, and 256."""
    assert shards == shards_for(work(*failures), wanted)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.integers(1, 9), st.randoms())
def test_each_repository_is_in_one_shard(failures: list[int], count: int, random: object) -> None:
    """In the order of names, whatever order they came in; no shard is heavier than another by more than one repository."""
    several = work(*failures)
    shuffled = sorted(several, key=lambda _: random.random())  # type: ignore[attr-defined]
    shards = balanced(several, count)
    weights = [sum(each.weight for each in shard) for shard in shards]

    assert shards == balanced(shuffled, count)
    assert sorted(each.repository.name for each in several) == sorted(e.repository.name for s in shards for e in s)
    assert max(weights) - min(weights) <= max(each.weight for each in several)
    assert all(shard == sorted(shard, key=lambda each: each.repository.name) for shard in shards)
