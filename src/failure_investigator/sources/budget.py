"""How many requests are left to a token this hour, and how several machines share them.

https://docs.github.com/en/rest/rate-limit/rate-limit: asking costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING

from failure_investigator.errors import RefusedError
from failure_investigator.sources.meter import RESERVE
from failure_investigator.sources.payloads import Payload, parse

if TYPE_CHECKING:
    from failure_investigator.sources.github_context import Get


@dataclass(frozen=True, slots=True)
class Budget:
    """The rate limit of a token as it stands."""

    limit: int
    """Requests an hour."""
    remaining: int
    reset: datetime
    """When the hour ends, in UTC."""


class _Core(Payload):
    limit: int
    remaining: int
    reset: int


class _Resources(Payload):
    core: _Core


class _RateLimit(Payload):
    resources: _Resources


def read_budget(get: Get) -> Budget | None:
    """The budget of the token; None from a server that has its limits off, as Enterprise Servers do."""
    doing = "read the rate limit"
    try:
        told = parse(_RateLimit, get("/rate_limit", {}, doing, ""), doing).resources.core
    except RefusedError as error:
        if getattr(error.__cause__, "status", 0) == 404:
            return None
        raise
    return Budget(told.limit, told.remaining, datetime.fromtimestamp(told.reset, UTC))


def share(budget: Budget, shards: int, reserve: float = RESERVE) -> tuple[int, ...]:
    """How many requests each of so many shards may use: all but the reserve, as evenly as can be, the first ones more.

    `reserve` is the part of the whole limit that stays for others, 0 to 1. What is used up already is gone for all.
    """
    usable = max(0, budget.remaining - ceil(budget.limit * reserve))
    each, rest = divmod(usable, shards) if shards else (0, 0)
    return tuple(each + (number < rest) for number in range(shards))
