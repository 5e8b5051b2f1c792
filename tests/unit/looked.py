"""The first look with an empty library: a log's text and the runner's marks in it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from failure_investigator.logs.look import Looked, look_at
from failure_investigator.signatures.rulebook import Rulebook
from failure_investigator.signatures.scanner import make_scanner

if TYPE_CHECKING:
    from failure_investigator.signatures.scanner import Scanner


@cache
def no_library() -> Scanner:
    """A scanner that knows nothing but marks and signals."""
    return make_scanner(Rulebook({}, {}))


def looked(data: bytes) -> Looked:
    """A log after the first look."""
    return look_at(data, no_library())
