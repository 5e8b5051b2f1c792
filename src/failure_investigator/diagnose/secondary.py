"""Signals in the failed step that are no refusal of the credential: listed apart, so that nobody follows the wrong one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.logs.marks import SIGNALS
from failure_investigator.model import Evidence, Place
from failure_investigator.redact import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Found
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import Line, LogText

MOST = 3
_HOST = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b(?::\d+)?")


def signals(log: LogText, job: JobText, found: Found) -> Iterator[Evidence]:
    """At most three in the step of a refusal, each with its line; a signal counts once."""
    section = found.section
    start, end = (section.echo_end, section.end) if section else (job.start, job.end)
    told: set[str] = set()
    for signal in SIGNALS:
        at = log.data.find(signal.literal.encode(), start, end)
        if at < 0 or signal.says in told or len(told) >= MOST:
            continue
        line = log.line(at)
        number = log.number(line.start)
        if number == found.refusal.place.line:
            continue
        told.add(signal.says)
        shown, host = _telling(log, line)
        other = host and found.refusal.host not in ("", host)
        relation = f" (`{host}`, not the host that refused: unrelated)" if other else ""
        yield Evidence(f"{signal.says}{relation}.", text=redact(shown)[:300], place=Place(number), kind="secondary")


def _telling(log: LogText, line: Line) -> tuple[str, str]:
    """The lines that say whom a signal is about, and its host: the line itself or one of the three after it."""
    lines = [line.text]
    for after in ("", *(each.text for each in log.after(line.start, 3))):
        if after:
            lines.append(after)
        match = _HOST.search(lines[-1])
        if match and "." in match.group() and not match.group().replace(".", "").isdigit():
            return "\n".join(lines), match.group().partition(":")[0]
    return line.text, ""
