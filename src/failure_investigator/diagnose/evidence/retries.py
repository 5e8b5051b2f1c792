"""How often the refused call was tried again: time spent on what waiting cannot cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case


def count(case: Case) -> int:
    """How many times more than once the same refusal stands in the deciding step."""
    found = case.found
    return sum(
        other.signature.name == found.signature.name
        and other.section is found.section
        and other.refusal.place.line != found.refusal.place.line
        for other in case.others
    )


def gather(case: Case) -> Iterator[Evidence]:
    """The number of repetitions, when there are any."""
    times = count(case)
    if times:
        yield Evidence(f"The step met the same refusal {times + 1} times before it failed.", kind="retries")
