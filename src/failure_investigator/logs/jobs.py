"""A log's jobs and their steps, as the text tells them (docs/log-format.md).

There is no explicit step boundary in a job's log: a step begins with `##[group]Run …`, whose group echoes the workflow
file (script, `with:`, `env:`) and is no output. `gh run view --log` names job and step in its columns.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from failure_investigator.logs.echo import Echo, read_echo
from failure_investigator.logs.header import Header, read_header
from failure_investigator.logs.text import LONGEST, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.logs.text import Line, LogText

_TERMINAL = re.compile(
    r"##\[error\](?:Process completed with exit code \d|The operation was cancell?ed|The process '.*' failed with exit code"
    r"|The (?:job|action) .* exceeded the maximum|.* failed with: |The runner has received a shutdown)"
)
_CONTINUED = re.compile(r"##\[end-action .*outcome=failure;conclusion=success")
_PLAIN_STEP = re.compile(r"^(?:▶ ?)?Run \S")
MESSAGE = 300
"""Lines after an action's error that are looked at."""
TAIL = 15
"""Lines that may stand between an action's last error and its step's end."""
FEW = 4
"""After a fatal failure only `if: failure()` and `if: always()` steps follow; with more steps after it than this, an
error without the jobs API's word is taken as `continue-on-error`."""


@dataclass(frozen=True, slots=True)
class Section:
    """One step as the text tells it; a composite action's inner steps are sections of their own."""

    title: str
    start: int
    end: int
    echo_end: int
    """Where the echo of the workflow file ends; `start` if there is none."""
    script: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    """As printed: `***` masked, '' empty."""
    error_at: int | None = None
    """Offset of the `##[error]` line that ended it."""
    continued: bool = False
    """It failed and the workflow went on (`continue-on-error`), as the runner says itself."""
    step_name: str = ""
    """The step column of `gh` output; '' where there is none."""


@dataclass(frozen=True, slots=True)
class JobText:
    """One job's text."""

    name: str
    start: int
    end: int
    sections: tuple[Section, ...]
    whole: bool
    """The runner's header or trailer is there: the text tells whether the job failed."""
    failed: bool | None
    """False for a whole job that passed; None when the text does not tell."""
    failed_section: int | None = None
    """Index of the step that failed the job; None when any may have."""
    failed_span: tuple[int, int] | None = None
    """Offsets of the failed step where the jobs API's steps were matched: surer than `failed_section`."""
    secret_source: str = ""
    permissions: Mapping[str, str] = field(default_factory=dict)
    """The group `GITHUB_TOKEN Permissions`: `Contents` → `read`."""
    facts: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    """Action → SHA it was downloaded at."""


def read_jobs(
    log: LogText, marks: Sequence[int], *, conclusion: str = "", failed_steps: Sequence[str | int] = ()
) -> tuple[JobText, ...]:
    """The jobs of a log: several in `gh` output, one otherwise. `marks` are the offsets of the runner's own lines, sorted.

    `conclusion` and `failed_steps` (names) come from the jobs API and override what the text suggests.
    """
    return tuple(
        _job(
            log, name, start, end, marks[bisect_left(marks, start) : bisect_left(marks, end)], conclusion, failed_steps
        )
        for name, start, end in _spans(log)
    )


def _spans(log: LogText) -> list[tuple[str, int, int]]:
    """(job name, start, end). Jobs of `gh` output follow one another, so each one's end is found by halving."""
    size = len(log.data)
    if log.shape != "gh":
        return [("", 0, size)]
    spans: list[tuple[str, int, int]] = []
    start = 0
    while start < size:
        tab = log.data.find(b"\t", start, start + 4096)
        name = log.data[start : tab + 1] if tab >= 0 else b""
        low, high = start, size
        while name and high - low > 1:
            middle = (low + high) // 2
            line = log.data.rfind(b"\n", start, middle) + 1 or start
            same = log.data.startswith(name, max(line, start))
            low, high = (middle, high) if same else (low, max(line, start))
        end = log.data.find(b"\n", low) + 1 or size if name else size
        spans.append((name.rstrip(b"\t").decode("utf-8", "replace"), start, max(end, start + 1)))
        start = spans[-1][2]
    return spans


def _job(
    log: LogText,
    name: str,
    start: int,
    end: int,
    marks: Sequence[int],
    conclusion: str,
    failed_steps: Sequence[str | int],
) -> JobText:
    lines = {line.start: line for line in (log.line(mark) for mark in marks)}
    header = read_header(log, list(lines.values()))
    sections = tuple(_sections(log, start, end, list(lines.values())))
    failed, index = _outcome(log, sections, header, conclusion, failed_steps)
    return JobText(
        name=name or header.job_name,
        start=start,
        end=end,
        sections=sections,
        whole=header.whole,
        failed=failed,
        failed_section=index,
        secret_source=header.secret_source,
        permissions=header.permissions,
        facts=header.facts,
        actions=header.actions,
    )


def _sections(log: LogText, start: int, end: int, lines: Sequence[Line]) -> list[Section]:
    """The steps: boundaries first, then what each echo says and how each ended."""
    starts = [
        line for line in lines if line.text.startswith(("##[group]Run ", "Post job cleanup.", "Cleaning up orphan"))
    ]
    if log.shape == "plain" and not starts:
        starts = _plain_starts(log, start, end)
    bounds = [start, *(line.start for line in starts if line.start > start)]
    texts = {line.start: line.text for line in starts}
    places = [line.start for line in lines]
    found = []
    for first, last in zip(bounds, [*bounds[1:], end], strict=True):
        text = texts.get(first, "")
        ends = lines[bisect_left(places, first) : bisect_left(places, last)]
        found.append(_section(log, first, last, text, ends))
    return found


def _plain_starts(log: LogText, start: int, end: int) -> list[Line]:
    """Steps in text copied from the web page: `Run …` followed by an indented echo."""
    found = []
    for line in log.between(start, min(end, start + (1 << 20))):
        if _PLAIN_STEP.match(line.text) and any(after.text.startswith("  ") for after in log.after(line.start, 1)):
            found.append(line)  # noqa: PERF401 - the look ahead reads better as a statement
    return found


def _section(log: LogText, start: int, end: int, text: str, marks: Sequence[Line]) -> Section:
    title = text.removeprefix("##[group]") or "Set up job"
    is_step = text.startswith(("##[group]Run ", "Run ", "▶"))
    echo = read_echo(log, start, end, marks, grouped=text.startswith("##[group]")) if is_step else Echo(start)
    errors = [line for line in marks if line.text.startswith("##[error]") and line.start >= echo.end]
    terminal = [line for line in errors if _TERMINAL.match(line.text)]
    last = errors[-1] if errors else None
    if not terminal and last is not None and echo.uses and _ends_soon(log, last, end):
        terminal = [last]
    columns = log.data[start : min(end, start + LONGEST)].split(b"\t", 2) if log.shape == "gh" else ()
    name = columns[1].decode("utf-8", "replace") if len(columns) > 1 else ""
    return Section(
        title=title,
        start=start,
        end=end,
        echo_end=echo.end,
        script=echo.script,
        inputs=echo.inputs,
        env=echo.env,
        error_at=terminal[-1].start if terminal else None,
        continued=any(_CONTINUED.match(line.text) for line in marks),
        step_name="" if name == "UNKNOWN STEP" else name,
    )


def _ends_soon(log: LogText, error: Line, end: int) -> bool:
    """Whether an action's error stands near the step's end; the bare lines of its own message do not count."""
    after = [line for line in log.after(error.start, MESSAGE) if line.start < end]
    stamped = [line for line in after if timestamp(log.data[line.start : line.start + 300]) is not None]
    return len(after) < MESSAGE and (len(stamped) if stamped else len(after)) <= TAIL


def _outcome(
    log: LogText, sections: Sequence[Section], header: Header, conclusion: str, failed_steps: Sequence[str | int]
) -> tuple[bool | None, int | None]:
    """(did the job fail, which section failed it), from the jobs API where it was asked, else from the text."""
    ended = [index for index, section in enumerate(sections) if section.error_at is not None and not section.continued]
    if conclusion:
        index = _named(sections, failed_steps, ended) if conclusion != "success" else None
        return conclusion not in ("success", "skipped"), index
    if not header.whole:
        return (True if log.shape == "gh" else None), None
    if not ended:
        return (False if header.ended else None), None
    fatal = ended[0]
    following = [s for s in sections[fatal + 1 :] if s.title.startswith("Run ")]
    if len(following) > FEW:
        fatal = ended[-1]
        later = [s for s in sections[fatal + 1 :] if s.title.startswith("Run ")]
        if len(later) > FEW:
            return None, fatal
    return True, fatal


def _named(sections: Sequence[Section], failed_steps: Sequence[str | int], ended: Sequence[int]) -> int | None:
    """The section of the first step that the jobs API calls failed: by its title or column, else the one that ended so."""
    names = [str(step) for step in failed_steps]
    for index, section in enumerate(sections):
        if section.title in names or (section.step_name and section.step_name in names):
            return (
                index
                if section.error_at is not None or len(ended) == 0
                else (ended[0] if index not in ended else index)
            )
    return ended[0] if len(ended) == 1 else None
