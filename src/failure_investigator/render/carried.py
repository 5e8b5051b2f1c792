"""What a page takes over from the page before: what no log of this sweep says anew.

A body is written again when a run was good, too; no log is read for that. The sections about the cause then stay as they
stand, and so do the rows of runs that are not listed any more. Whatever does not have the form in which it was written is
left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from failure_investigator.trackers.marker import content

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADINGS = ("## Affected runs", "## Root cause", "## Remediation", "## Success criteria")
_ROW = re.compile(
    r"\| \[(?P<id>\d{1,20})\]\(https?://[^\s()]+\) \|.*\| (?P<started>\d{4}-\d\d-\d\d \d\d:\d\d) \| [^|]{1,20} \|"
    r".*\| (?P<attempt>\d{1,6}) \| (?:read|inferred) \|"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of affected runs."""

    started: str
    """`2026-05-04 12:34`, UTC: orders as text."""
    run: str
    """`id.attempt`."""
    line: str

    @property
    def order(self) -> tuple[str, int]:
        """Newest last."""
        return self.started, int(self.run.partition(".")[0])


@dataclass(frozen=True, slots=True)
class Carried:
    """What the page before says; empty parts where it says nothing that could be taken over."""

    lead: str = ""
    """The sentences before the first heading."""
    cause: str = ""
    remedy: str = ""
    rows: tuple[Row, ...] = field(default=())


def carried(body: str) -> Carried:
    """The parts of an issue's body, if it has our four headings once each and in their order."""
    parts = re.split(r"^(## [^\n]+)$", content(body), flags=re.MULTILINE)
    if tuple(parts[1::2]) != HEADINGS:
        return Carried()
    lead, runs, cause, remedy, _ = (part.strip("\n") for part in parts[0::2])
    return Carried(lead.partition("\n")[0], cause, remedy, tuple(rows(runs)))


def rows(section: str) -> list[Row]:
    """The rows of a table of affected runs."""
    found = [(line, _ROW.fullmatch(line)) for line in section.splitlines()]
    return [Row(match["started"], f"{match['id']}.{match['attempt']}", line) for line, match in found if match]


def together(*rows: Iterable[Row]) -> list[Row]:
    """The rows of all, each run once as the last of them has it, newest first."""
    every = {row.run: row for row in chain(*rows)}
    return sorted(every.values(), key=lambda row: row.order, reverse=True)
