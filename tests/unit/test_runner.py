from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from failure_investigator.runner import ANNOTATIONS, SUMMARY_BYTES, Runner, cut
from failure_investigator.values import Secret

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def stream() -> io.StringIO:
    """What the runner reads."""
    return io.StringIO()


@pytest.fixture
def runner(stream: io.StringIO, tmp_path: Path) -> Runner:
    """A runner with its files."""
    return Runner(stream, active=True, output=tmp_path / "output", summary=tmp_path / "summary")


def test_a_message_cannot_end_its_command(runner: Runner, stream: io.StringIO) -> None:
    """Percent signs and line ends are escaped in data, colons and commas in properties too."""
    runner.annotate("error", "50%\r\n::error::x", "a:b,c\n")

    assert "::error title=a%3Ab%2Cc%0A::50%25%0D%0A::error::x\n" == stream.getvalue()


def test_each_level_has_ten_annotations(runner: Runner, stream: io.StringIO) -> None:
    """The runner shows no more; the eleventh is left out, other levels have their own ten."""
    for number in range(ANNOTATIONS + 2):
        runner.annotate("warning", str(number))
    runner.annotate("notice", "still")

    lines = stream.getvalue().splitlines()
    assert ([*(f"::warning::{n}" for n in range(ANNOTATIONS)), "::notice::still"]) == lines


def test_a_secret_of_many_lines_is_masked_line_by_line(runner: Runner, stream: io.StringIO) -> None:
    """The runner masks single lines; blank ones would mask everything."""
    runner.mask(Secret("first%\n\n  second\r\n"))

    assert "::add-mask::first%25\n::add-mask::second\n" == stream.getvalue()


def test_what_is_shown_in_the_group_gives_no_commands(runner: Runner, stream: io.StringIO) -> None:
    """Inside the group commands are stopped by a random word, so that a log line that we print stays text."""
    with runner.group():
        stream.write("::set-output name=x::y\n")
        runner.annotate("notice", "ours")
    runner.annotate("notice", "after")

    word = re.findall(r"::stop-commands::(\w{32})", stream.getvalue())[0]
    expected = [
        "::group::failure-investigator",
        f"::stop-commands::{word}",
        "::set-output name=x::y",
        f"::{word}::",
        "::notice::ours",
        f"::stop-commands::{word}",
        f"::{word}::",
        "::endgroup::",
        "::notice::after",
    ]
    assert expected == stream.getvalue().splitlines()


def test_the_group_is_closed_after_an_error(runner: Runner, stream: io.StringIO) -> None:
    """An open group would swallow the rest of the job's log."""
    with pytest.raises(RuntimeError), runner.group():
        raise RuntimeError
    assert "::endgroup::" == stream.getvalue().splitlines()[-1]


def test_an_output_cannot_set_another(runner: Runner, tmp_path: Path) -> None:
    """Each value stands between random words that do not occur in it."""
    runner.outputs({"incidents": '[\n"x"]\nend_\nother=1', "report": ""})

    text = (tmp_path / "output").read_text()
    found = re.fullmatch(r"incidents<<(end_\w{32})\n(.*)\n\1\nreport<<(end_\w{32})\n\n\3\n", text, re.DOTALL)
    assert ('[\n"x"]\nend_\nother=1', True) == (found and found[2], found is not None and found[1] != found[3])


def test_outside_actions_nothing_is_printed(stream: io.StringIO) -> None:
    """Neither commands nor files."""
    runner = Runner(stream, active=False)
    runner.mask(Secret("x"))
    runner.outputs({"a": "b"})
    runner.summarize("text")
    with runner.group():
        runner.annotate("error", "x")

    assert "" == stream.getvalue()


def test_the_summary_is_appended(runner: Runner, tmp_path: Path) -> None:
    """What an earlier part of the step wrote stays, and each text ends its line."""
    runner.summarize("# one")
    runner.summarize("two\n")

    assert "# one\ntwo\n" == (tmp_path / "summary").read_text()


def test_the_summary_stays_within_the_runner_s_limit(runner: Runner, tmp_path: Path) -> None:
    """A summary of more than 1 MiB would be dropped whole: it is cut at a line, and says so."""
    (tmp_path / "summary").write_text("x" * 1000)
    runner.summarize("– a line\n" * 200_000)

    data = (tmp_path / "summary").read_bytes()
    assert (True, True) == (len(data) <= SUMMARY_BYTES, len(data) > SUMMARY_BYTES - 100)
    assert "– a line\n\n\n*The summary was cut here" in data.decode()[-130:]


def test_no_room_takes_nothing() -> None:
    """Not even the note, when that does not fit."""
    assert b"" == cut("a\n" * 50, 20)
    assert b"a\n" == cut("a", 2)
