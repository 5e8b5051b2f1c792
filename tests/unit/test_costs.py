"""What several clients cost together."""

from __future__ import annotations

from failure_investigator.costs import total
from failure_investigator.model import Usage


def test_costs_are_added_by_kind() -> None:
    """Requests, bytes and free answers."""
    found = total([Usage({"runs": 2, "jobs": 1}, 10, 1), Usage({"runs": 3}, 5, 0), Usage()])
    assert (Usage({"jobs": 1, "runs": 5}, 15, 1), 6) == (found, found.total)
    assert Usage() == total(())
