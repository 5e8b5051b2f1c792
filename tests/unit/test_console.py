from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import pytest

from failure_investigator.console import Console, clean, wants_colour

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.settings import Verbosity


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def console(verbosity: Verbosity = "normal", stream: io.StringIO | None = None, **environ: str) -> Console:
    """A console with its environment as keywords."""
    return Console(stream if stream is not None else io.StringIO(), environ, verbosity)


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """Leaves the root logger as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize(
    ("terminal", "environ", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": "1"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
    ],
)
def test_colour_follows_the_environment_then_the_stream(
    terminal: bool,  # noqa: FBT001 - a case
    environ: dict[str, str],
    expected: bool,  # noqa: FBT001 - a case
) -> None:
    """NO_COLOR wins over FORCE_COLOR, which wins over what the stream is; empty values count as unset."""
    assert expected == wants_colour(Terminal() if terminal else io.StringIO(), environ)


@pytest.mark.parametrize(
    ("verbosity", "expected"),
    [
        ("quiet", "warning: c\nerror: d\n"),
        ("normal", "a\nwarning: c\nerror: d\n"),
        ("verbose", "a\nb\nwarning: c\nerror: d\n"),
    ],
)
def test_how_much_is_said(verbosity: Verbosity, expected: str) -> None:
    """Quiet keeps warnings and errors, verbose adds details."""
    stream = io.StringIO()
    talk = console(verbosity, stream)
    talk.say("a")
    talk.detail("b")
    talk.warn("c")
    talk.error("d")

    assert expected == stream.getvalue()


def test_only_warnings_and_errors_are_coloured() -> None:
    """A terminal shows an error in red."""
    stream = Terminal()
    talk = console(stream=stream)
    talk.error("x")
    talk.say("y")

    assert "\x1b[31merror: x\x1b[0m\ny\n" == stream.getvalue()


def test_outside_text_is_redacted_and_loses_its_control_characters() -> None:
    """A title cannot move the cursor, reverse the text or show a token; line breaks stay."""
    token = "gh" + "p_" + "a1" * 20

    assert "[2Jx ghp_***\n\ty" == clean(f"\x1b[2J\u202ex {token}\n\ty\x07\u200b")


def test_outside_text_gives_the_runner_no_commands() -> None:
    """Indented or not, on whatever line; colons elsewhere stay."""
    assert "a::b\n  : :add-path::x\n: :error::y" == clean("a::b\n  ::add-path::x\n\x00::error::y")


def test_progress_without_a_terminal_is_a_line_at_the_beginning_and_the_end() -> None:
    """A log in CI is not flooded with a line a step."""
    stream = io.StringIO()
    with console(stream=stream).progress() as progress:
        for done in range(4):
            progress("reading logs", done, 3)
        progress("writing", 0, 0)
        progress("writing", 5, 0)

    assert "reading logs …\nreading logs: 3 of 3\nwriting …\n" == stream.getvalue()


def test_progress_on_a_terminal_is_a_bar_that_goes_away() -> None:
    """The stage and its count are drawn, and the cursor is given back."""
    stream = Terminal()
    with console(stream=stream, TERM="xterm").progress() as progress:
        progress("reading logs", 1, 3)
        progress("reading logs", 3, 3)

    assert ("reading logs" in stream.getvalue(), "3/3" in stream.getvalue()) == (True, True)
    assert stream.getvalue().rindex("\x1b[?25h") > stream.getvalue().rindex("\x1b[?25l")


def test_quiet_has_no_progress() -> None:
    """Neither lines nor bars."""
    stream = Terminal()
    with console("quiet", stream).progress() as progress:
        progress("reading logs", 1, 3)

    assert "" == stream.getvalue()


@pytest.mark.usefixtures("logging_restored")
@pytest.mark.parametrize(("verbosity", "told"), [("normal", 1), ("verbose", 2)])
def test_log_records_are_told_redacted(verbosity: Verbosity, told: int) -> None:
    """Libraries log through us or not at all: no token, and the small talk only when asked for."""
    stream = io.StringIO()
    console(verbosity, stream).attach_logging()
    token = "gh" + "s_" + "a1" * 20
    logging.getLogger("lib").error("sent %s", token)
    logging.getLogger("lib").info("talk")
    logging.getLogger("lib").debug("headers")

    assert (told, True, False) == (
        len(stream.getvalue().splitlines()),
        "warning: lib: sent ghs_***" in stream.getvalue(),
        token in stream.getvalue(),
    )
