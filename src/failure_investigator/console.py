"""Talk: what a person is told on stderr while the data goes to stdout. Progress, warnings, log records, colours.

Everything said passes redaction and loses its control characters first: file names, titles and messages come from
outside. NO_COLOR (https://no-color.org) and FORCE_COLOR are honoured; progress is bars on a terminal, plain lines else.
"""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from failure_investigator.redact import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TextIO

    from rich.progress import TaskID

    from failure_investigator.settings import Verbosity

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)
_STYLES = {"error": "\x1b[31m", "warning": "\x1b[33m", "quiet": "\x1b[2m"}
_RESET = "\x1b[0m"


class Progress(Protocol):
    """How long work tells how far it is: `stage` in the present tense, `done` of `total` (0: not known)."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Called as often as is convenient; it is cheap."""


def clean(text: str) -> str:
    """Outside text for a terminal: redacted, without control, bidi and invisible characters; lines stay lines.

    A line that begins with `::` would be a command to the Actions runner, which trims blanks first: it becomes `: :`.
    """
    return _COMMAND.sub(r"\1: :", _CONTROL.sub("", redact(text)))


def wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """NO_COLOR wins over FORCE_COLOR, which wins over what the stream is."""
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return environ["FORCE_COLOR"] not in {"0", "false"}
    return stream.isatty() and environ.get("TERM") != "dumb"


class Console:
    """Talks on `stream`. Quiet says warnings and errors only, verbose says details too."""

    def __init__(self, stream: TextIO, environ: Mapping[str, str], verbosity: Verbosity = "normal") -> None:
        self._stream, self._environ, self.verbosity = stream, environ, verbosity
        self._coloured = wants_colour(stream, environ)
        self._put: Callable[[str], object] = self._stream.write

    def say(self, text: str) -> None:
        """A step or a result."""
        if self.verbosity != "quiet":
            self._write(text)

    def detail(self, text: str) -> None:
        """What only a person who looks for a fault wants."""
        if self.verbosity == "verbose":
            self._write(text, "quiet")

    def warn(self, text: str) -> None:
        """Something that did not go as it should, and is told in the result too."""
        self._write(f"warning: {text}", "warning")

    def error(self, text: str) -> None:
        """The one line of an error."""
        self._write(f"error: {text}", "error")

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A `Progress` for as long as the block runs."""
        if self.verbosity == "quiet":
            yield _silent
        elif self._stream.isatty() and self._environ.get("TERM") != "dumb":
            plain = self._put
            with _bars(self._stream, self._coloured) as (bars, above):
                self._put = above
                try:
                    yield bars
                finally:
                    self._put = plain
        else:
            yield _Lines(self)

    def attach_logging(self) -> None:
        """Has the libraries' log records told here, redacted; nothing of theirs reaches stderr by itself."""
        root = logging.getLogger()
        for older in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
            root.removeHandler(older)
        handler = _Handler(self)
        handler.setLevel(logging.INFO if self.verbosity == "verbose" else logging.ERROR)
        root.addHandler(handler)
        root.setLevel(logging.INFO)

    def _write(self, text: str, style: str = "") -> None:
        line = clean(text)
        if style and self._coloured:
            line = f"{_STYLES[style]}{line}{_RESET}"
        self._put(line + "\n")
        self._stream.flush()


class _Handler(logging.Handler):
    """Hands records to the console. A library's debug records may hold headers: INFO is the most that is asked for."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name}: {record.getMessage()}"
        (self._console.warn if record.levelno >= logging.WARNING else self._console.detail)(text)


def _silent(stage: str, done: int, total: int) -> None:
    """Quiet."""


class _Lines:
    """Progress as plain lines: one when a stage begins, one when it is done."""

    def __init__(self, console: Console) -> None:
        self._console, self._stage, self._told = console, "", ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        line = f"{stage}: {done} of {total}" if total and done >= total else f"{stage} …"
        begun = stage == self._stage and not line.endswith(" of " + str(total))
        if not begun and line != self._told:
            self._console.say(line)
            self._told = line
        self._stage = stage


@contextmanager
def _bars(stream: TextIO, coloured: bool) -> Iterator[tuple[Progress, Callable[[str], object]]]:  # noqa: FBT001
    """A progress to draw with, and a way to write a line above what is drawn."""
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as RichProgress

    terminal = RichConsole(file=stream, no_color=not coloured, force_terminal=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with RichProgress(*columns, console=terminal, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total or None)
            progress.update(tasks[stage], completed=done, total=total or None)

        def above(line: str) -> None:
            terminal.out(line, end="", highlight=False)

        yield tell, above
