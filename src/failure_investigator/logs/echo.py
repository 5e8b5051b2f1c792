"""The echo of the workflow file at a step's start: script, `with:` inputs and `env:` (docs/log-format.md).

Nothing in an echo is output. Multi-line inputs and github-script bodies stand bare, without timestamp or colour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.logs.text import Line, LogText

_PAIR = re.compile(r"^ {2,}([A-Za-z_][\w.-]*): ?(.*)$")
_USES = re.compile(r"Run (?:\./|docker://|[\w.-]+/[\w./-]+@)\S*")
SCRIPT = 40
"""Lines of a script that are kept."""


@dataclass(frozen=True, slots=True)
class Echo:
    """What a step's echo says. `end` is the offset behind it."""

    end: int
    script: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    uses: bool = False
    """The step runs an action, not a script."""


def read_echo(log: LogText, start: int, end: int, marks: Sequence[Line], *, grouped: bool) -> Echo:
    """The echo that begins at `start`: up to its `##[endgroup]`, or for text copied from the page while it is indented."""
    head = log.line(start)
    if grouped:
        close = next((line for line in marks if line.start > start and line.text.startswith("##[endgroup]")), None)
        lines = log.between(head.end + 1, close.start if close else head.end + 1)
        stop = min(close.end + 1, end) if close else head.end + 1
    else:
        lines = _indented(log, head, end)
        stop = lines[-1].end + 1 if lines else head.end + 1
    script, inputs, env = _parts([line.text for line in lines], grouped=grouped)
    uses = _USES.match(head.text.removeprefix("##[group]").removeprefix("▶ ")) is not None
    return Echo(min(stop, end), script, inputs, env, uses)


def _indented(log: LogText, head: Line, end: int) -> list[Line]:
    found = []
    for line in log.after(head.start, 200):
        if line.start >= end or not (line.text.startswith("  ") or line.text.strip() in ("with:", "env:", "")):
            break
        found.append(line)
    return found


def _parts(lines: Sequence[str], *, grouped: bool) -> tuple[tuple[str, ...], dict[str, str], dict[str, str]]:
    """Script lines, inputs and variables. A value over several lines keeps its first."""
    part: Literal["script", "with", "env", ""] = "script"
    script: list[str] = []
    pairs: dict[str, dict[str, str]] = {"with": {}, "env": {}}
    for text in lines:
        bare = text if grouped else text.removeprefix("  ")
        if bare.rstrip() in ("with:", "env:"):
            part = "with" if bare.startswith("with") else "env"
        elif bare.startswith("shell: "):
            part = ""
        elif part == "script" and len(script) < SCRIPT:
            script.append(bare)
        elif part in pairs:
            match = _PAIR.match(bare)
            if match:
                pairs[part][match[1]] = match[2].strip()
    return tuple(script), pairs["with"], pairs["env"]
