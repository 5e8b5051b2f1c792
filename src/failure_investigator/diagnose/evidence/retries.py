"""How often the refused call was tried again: time spent on what waiting cannot cure."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from failure_investigator.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case


APART = 2
"""Lines up to which two places of different words are one answer: a code and its sentence, a dump and its last line."""


def count(case: Case) -> int:
    """How many times more than once the same refusal stands in the deciding step."""
    found = case.found
    same = [
        other.refusal
        for other in case.others
        if other.signature.name == found.signature.name and other.section is found.section
    ]
    told = {refusal.place.line: refusal.text for refusal in (*same, found.refusal)}
    return sum(after - before > APART or told[after] == told[before] for before, after in pairwise(sorted(told)))


def gather(case: Case) -> Iterator[Evidence]:
    """The number of repetitions, when there are any."""
    times = count(case)
    if times:
        yield Evidence(f"The step met the same refusal {times + 1} times before it failed.", kind="retries")
