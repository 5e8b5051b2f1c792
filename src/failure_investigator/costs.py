"""What several clients cost together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.model import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable


def total(usages: Iterable[Usage]) -> Usage:
    """The sum."""
    requests: dict[str, int] = {}
    size = unchanged = 0
    for usage in usages:
        size, unchanged = size + usage.bytes, unchanged + usage.not_modified
        for kind, count in usage.requests.items():
            requests[kind] = requests.get(kind, 0) + count
    return Usage(dict(sorted(requests.items())), size, unchanged)
