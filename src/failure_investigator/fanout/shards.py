"""Shards: the repositories that have something to read, spread so that each machine has about as much to do. Pure."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from failure_investigator.values import MOST_SHARDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.fanout.types import Planned

EACH = 20
"""About how many requests are worth a machine of their own."""


def shards_for(planned: Sequence[Planned], wanted: int = 0) -> int:
    """How many shards: as many as are `wanted`, else by the work there is; none for no work, never more than repositories."""
    if not planned:
        return 0
    work = sum(each.weight for each in planned)
    return max(1, min(wanted or -(-work // EACH), len(planned), MOST_SHARDS))


def balanced(planned: Sequence[Planned], count: int) -> list[list[Planned]]:
    """The repositories in `count` shards, the heaviest first into the lightest; the same input gives the same shards."""
    shards: list[list[Planned]] = [[] for _ in range(count)]
    light = [(0, number) for number in range(count)]
    for each in sorted(planned, key=lambda each: (-each.weight, each.repository.name.lower())):
        weight, number = heapq.heappop(light)
        shards[number].append(each)
        heapq.heappush(light, (weight + each.weight, number))
    return [sorted(shard, key=lambda each: each.repository.name.lower()) for shard in shards]
