"""An echo of the workflow file is no output: `if [ "$code" = 401 ]` stands in every log of its step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_COLOURS = (b"\x1b[36;1m", b"^[[36;1m")


def reason(place: Candidate, job: JobText, log: LogText) -> str:
    """Whether the place stands in a step's echo, or on a line in the colour of one."""
    if any(section.start <= place.offset < section.echo_end for section in job.sections):
        return "the step's script or inputs, echoed by the runner"
    line = log.line(place.offset)
    if any(colour in log.data[line.start : min(line.end, line.start + 400)] for colour in _COLOURS):
        return "a script line, echoed by the runner"
    return ""
