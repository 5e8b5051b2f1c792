"""What a marker knows of runs: those it lists, and, once it is full, all up to the newest one it took into account.

A marker lists 200 runs at most. While it lists all, only listed runs are known, so that a run which started early and ended
late is still counted; a full one cannot tell, and counts nothing twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.trackers.marker import MOST_RUNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from failure_investigator.model import Finding, Issue, Marker, Run, Streak


def fresh(streak: Streak, marker: Marker | None) -> tuple[Finding, ...]:
    """The streak's findings that the issue did not count yet, newest first."""
    if marker is None:
        return streak.findings
    listed = {entry.partition("/")[0] for entry in marker.runs}
    newer = until(streak.findings, _cursor(marker, str(streak.stream)))
    return tuple(finding for finding in newer if finding.run.key not in listed)


def until(findings: Sequence[Finding], key: str) -> Sequence[Finding]:
    """The findings before (newer than) the run with a key; all when it is not among them."""
    at = next((index for index, finding in enumerate(findings) if finding.run.key == key), len(findings))
    return findings[:at]


def _cursor(marker: Marker, stream: str) -> str:
    return marker.cursors.get(stream, "") if len(marker.runs) >= MOST_RUNS else ""


def cursors(issues: Iterable[Issue]) -> Mapping[str, str]:
    """Stream key → key of the newest run taken into account, for the issues whose markers are full."""
    found: dict[str, str] = {}
    for issue in issues:
        marker = issue.marker
        if marker is not None and len(marker.runs) >= MOST_RUNS:
            found |= marker.cursors
    return found


def above(runs: Sequence[Run], key: str) -> tuple[Run, ...]:
    """The runs up to and with the one with a key; all when it is not among them."""
    at = next((index for index, run in enumerate(runs) if run.key == key), len(runs))
    return tuple(runs[: at + 1])


def remembered(issues: Iterable[Issue]) -> dict[str, dict[str, int]]:
    """Run key → fingerprint → job id (0 for an inferred run), from the markers of our own issues."""
    found: dict[str, dict[str, int]] = {}
    for issue in issues:
        marker = issue.marker
        for entry in marker.runs if marker else ():
            key, _, job = entry.partition("/")
            if marker is not None:
                found.setdefault(key, {})[marker.fingerprint] = int(job) if job.isdigit() else 0
    return found
