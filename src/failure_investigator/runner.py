"""The Actions runner's protocol: masks, annotations, groups, outputs, step summary, and all its escaping.

The only module that prints `::` commands. Sources: https://docs.github.com/en/actions/reference/workflow-commands and
the toolkit's `command.ts` for the escapes (https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts).
"""

from __future__ import annotations

import secrets
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import TextIO

    from failure_investigator.values import Secret

GROUP = "failure-investigator"
"""Title of the group around our own output: log reading leaves it out, so that the bot never diagnoses itself."""
ANNOTATIONS = 10
"""The runner shows so many a level and step."""
SUMMARY_BYTES = 1024 * 1024
"""https://docs.github.com/en/actions/reference/workflow-commands#step-isolation-and-limits"""
_CUT = "\n\n*The summary was cut here: GitHub takes 1 MiB a step. The JSON report has everything.*\n"

Level = Literal["notice", "warning", "error"]


def escape_data(text: str) -> str:
    """A message as the runner takes it on one line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """A property's value: `:` and `,` would end it."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


class Runner:
    """The runner around us. Outside Actions (`active` false) it prints no commands; files are written where given.

    `stream` is where commands go (the runner reads both stdout and stderr); `output` and `summary` are its files.
    """

    def __init__(
        self, stream: TextIO, *, active: bool, output: Path | None = None, summary: Path | None = None
    ) -> None:
        self._stream, self.active, self._output, self._summary = stream, active, output, summary
        self._annotated: Counter[str] = Counter()
        self._stopped = ""

    def mask(self, secret: Secret) -> None:
        """Has the runner mask a credential in all that is printed from now on; each line of it by itself."""
        for line in secret.reveal().splitlines():
            if line.strip():
                self._command("add-mask", line.strip())

    def annotate(self, level: Level, message: str, title: str = "") -> None:
        """One annotation on the run's page; those beyond the runner's limit are left out."""
        self._annotated[level] += 1
        if self._annotated[level] <= ANNOTATIONS:
            self._command(level, message, {"title": title} if title else {})

    @contextmanager
    def group(self, title: str = GROUP) -> Iterator[None]:
        """Folds what is printed inside and takes commands in it for text: a log line that we show cannot give one."""
        self._command("group", title)
        self._stopped = secrets.token_hex(16)
        self._print(f"::stop-commands::{self._stopped}")
        try:
            yield
        finally:
            self._print(f"::{self._stopped}::")
            self._stopped = ""
            self._command("endgroup")

    def outputs(self, values: Mapping[str, str]) -> None:
        """Sets the step's outputs; a value can be of any shape, it cannot end its own entry."""
        if self._output is None:
            return
        entries = []
        for name, value in values.items():
            fence = _fence(value)
            entries.append(f"{name}<<{fence}\n{value}\n{fence}\n")
        with self._output.open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(entries)

    def summarize(self, markdown: str) -> None:
        """Appends to the step summary what still fits in it, cut at a line with a note."""
        if self._summary is None:
            return
        used = self._summary.stat().st_size if self._summary.exists() else 0
        with self._summary.open("ab") as file:
            file.write(cut(markdown, SUMMARY_BYTES - used))

    def _command(self, name: str, data: str = "", properties: Mapping[str, str] | None = None) -> None:
        shown = ",".join(f"{key}={escape_property(value)}" for key, value in (properties or {}).items())
        command = f"::{name}{' ' + shown if shown else ''}::{escape_data(data)}"
        if self._stopped:
            command = f"::{self._stopped}::\n{command}\n::stop-commands::{self._stopped}"
        self._print(command)

    def _print(self, command: str) -> None:
        if self.active:
            print(command, file=self._stream, flush=True)


def _fence(value: str) -> str:
    """A delimiter that does not occur in the value."""
    while (fence := f"end_{secrets.token_hex(16)}") in value:
        continue
    return fence


def cut(markdown: str, room: int) -> bytes:
    """As many whole lines as fit in `room` bytes of UTF-8, with a note when some are missing."""
    data = markdown.encode()
    if not data.endswith(b"\n"):
        data += b"\n"
    if len(data) <= room:
        return data
    note = _CUT.encode()
    if room < len(note):
        return b""
    kept = data[: room - len(note)]
    return kept[: kept.rfind(b"\n") + 1] + note
