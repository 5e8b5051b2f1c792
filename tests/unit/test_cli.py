from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import pytest

from failure_investigator import __version__, cli

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 4, 23, tzinfo=UTC)
LOG = (
    b"unexpected status 401 Unauthorized: Missing bearer or basic authentication in header, "
    b"url: https://api.openai.com/v1/responses\n"
)


class Outcome(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str


def command(*argv: str, stdin: io.BytesIO | None = None, stdout: io.StringIO | None = None, **environ: str) -> Outcome:
    """Run a command line in this process, with the environment as keywords."""
    out, err = stdout if stdout is not None else io.StringIO(), io.StringIO()
    code = cli.run(argv, environ, (stdin or io.BytesIO(), out, err), lambda: NOW)
    return Outcome(code, out.getvalue(), err.getvalue())


class Broken(io.BytesIO):
    """Standard input that fails in the given way."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def read(self, *_: object) -> NoReturn:
        raise self._error


class Closed(io.StringIO):
    """Standard output whose reader has gone."""

    def write(self, _: str) -> NoReturn:
        raise BrokenPipeError


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` is data: it goes to stdout and ends well."""
    code = command("--help").code
    shown = capsys.readouterr().out

    assert (0, []) == (code, [name for name in cli.COMMANDS if f"\n    {name}" not in shown])


def test_no_command_shows_the_help_and_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """A script that forgot its command must not go on."""
    assert (2, True) == (command().code, "COMMAND" in capsys.readouterr().out)


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """As the package says it."""
    assert (0, f"failure-investigator {__version__}\n") == (command("--version").code, capsys.readouterr().out)


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        (["investigat"], "error: There is no command 'investigat'. Did you mean investigate?"),
        (["investigate", "--lookbak", "7d"], "error: investigate does not take --lookbak. Did you mean --lookback?"),
        (["explain", "--form=json"], "error: explain does not take --form. Did you mean --format?"),
        (["investigate", "--lookback", "soon"], "error: --lookback takes a time such as 90m, 24h or 7d"),
        (["investigate"], "error: No repository is named. Give --repository owner/name or set GITHUB_REPOSITORY."),
        (["investigate", "--repository", "o/r"], "error: No token is given. Set the input github-token"),
        (["snapshot", "there", "--repository", "o/r"], "error: No token is given. Set the input github-token"),
        (["explain", "--quiet", "--verbose"], "error: argument -v/--verbose: not allowed with argument -q/--quiet"),
        (["signatures"], "error: the following arguments are required: VERB"),
        (["signatures", "show", "opena"], "error: There is no service or signature 'opena'. Did you mean openai?"),
        (["signatures", "check", "nowhere.yml"], "error: Cannot read the pack nowhere.yml: No such file"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(argv: list[str], line: str) -> None:
    """What happened, the nearest right thing, no usage dump and no traceback."""
    outcome = command(*argv)

    assert (2, "", 1, line) == (outcome.code, outcome.out, outcome.err.count("\n"), outcome.err[: len(line)])


def test_an_error_is_an_annotation_in_actions() -> None:
    """The runner shows it on the run's page; the person reading the log sees the same line."""
    outcome = command("investigat", GITHUB_ACTIONS="true")

    expected = "There is no command 'investigat'. Did you mean investigate?"
    assert outcome.err == f"error: {expected}\n::error title=failure-investigator::{expected}\n"


def test_a_bug_of_ours_is_one_line_that_says_where_to_report_it() -> None:
    """Exit 70; the runner's environment tells which repository the action came from."""
    plain = command("explain", "-", stdin=Broken(RuntimeError("odd\nthing")))
    action = command("explain", "-", stdin=Broken(RuntimeError("odd")), GITHUB_ACTION_REPOSITORY="o/tool")

    assert (70, 1) == (plain.code, plain.err.count("\n"))
    assert "error: a bug of ours: RuntimeError: odd thing. Please report it where you got this program" in plain.err
    assert "at https://github.com/o/tool/issues with what --verbose shows" in action.err


def test_verbose_shows_the_traceback_redacted() -> None:
    """For a report; a token in the message is not in it."""
    token = "gh" + "p_" + "a1" * 20
    outcome = command("explain", "-", "--verbose", stdin=Broken(RuntimeError(token)))

    assert (True, False, True) == ("Traceback" in outcome.err, token in outcome.err, "ghp_***" in outcome.err)


def test_an_interrupt_ends_quietly() -> None:
    """Exit 130 and one line."""
    assert (130, "", "error: interrupted\n") == command("explain", "-", stdin=Broken(KeyboardInterrupt()))


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    """`signatures list | head` ends well."""
    assert (0, "") == (command("signatures", "list", stdout=Closed()).code, command("signatures", "list").err)


def test_explain_prints_one_object_a_path_in_order(tmp_path: Path) -> None:
    """`jsonl` is one line each; a path that cannot be read costs a line on stderr and code 2, others lose nothing."""
    (tmp_path / "a.log").write_bytes(LOG)
    (tmp_path / "b.log").write_bytes(b"all is well\n")
    paths = [str(tmp_path / name) for name in ("a.log", "missing.log", "b.log")]

    outcome = command("explain", "--format", "jsonl", *paths)

    answers = [json.loads(line) for line in outcome.out.splitlines()]
    assert [paths[0], paths[2]] == [answer["path"] for answer in answers]
    assert ["credential_missing", None] == [(a["diagnosis"] or {}).get("cause") for a in answers]
    assert (2, f"error: Cannot read {paths[1]}: No such file or directory", 1) == (
        outcome.code,
        outcome.err.partition(". ")[0],
        outcome.err.count("\n"),
    )


@pytest.mark.parametrize("argv", [["explain", "--format", "json"], ["explain", "--format", "json", "-"]])
def test_explain_reads_standard_input(argv: list[str]) -> None:
    """With `-`, and with nothing when something is piped in."""
    outcome = command(*argv, stdin=io.BytesIO(LOG))

    assert (0, "-", "openai/missing-bearer") == (
        outcome.code,
        json.loads(outcome.out)["path"],
        json.loads(outcome.out)["diagnosis"]["signature"],
    )


def test_explain_for_a_person_says_cause_and_line() -> None:
    """The text form names the service, the cause and the place."""
    shown = command("explain", stdin=io.BytesIO(LOG)).out

    assert (True, True, True) == ("openai" in shown, "credential_missing" in shown, "line 1" in shown)


def test_patterns_are_one_a_line() -> None:
    """As `rg -f` takes them: no blank line, which would match everything."""
    lines = command("signatures", "patterns").out.splitlines()

    assert (True, False) == ("Missing bearer or basic authentication in header" in lines, "" in lines)


def test_the_library_as_json_has_the_rows_of_the_list() -> None:
    """Both forms of `signatures list` tell the same signatures."""
    rows = json.loads(command("signatures", "list", "--format", "json").out)
    names = [line.split()[0] for line in command("signatures", "list").out.splitlines()]

    assert names == [row["name"] for row in rows]


def test_a_service_is_shown_with_its_signatures() -> None:
    """By service, and by signature alone."""
    service, one = (
        command("signatures", "show", "openai").out,
        command("signatures", "show", "openai/missing-bearer").out,
    )

    assert (True, True) == (service.startswith("OpenAI (openai)\n"), one in service)


def test_a_pack_that_fails_its_examples_is_refused(tmp_path: Path) -> None:
    """The complaints are data, the error counts them."""
    pack = tmp_path / "example.yml"
    pack.write_text(
        "service: example\ntitle: Example\nsignatures:\n- id: no\n  title: It says no\n  match: example says no\n"
        "  status: 401\n  cause: credential_invalid\n  basis: {kind: observed, link: 'https://example.com/1'}\n"
        "  examples:\n    hits: [example says no, 'well: example says no']\n    misses: [example says nothing]\n"
    )

    outcome = command("signatures", "check", str(pack))

    assert (2, True) == (outcome.code, outcome.out.startswith(f"{pack}:4: example/no: matches its own near-miss"))
    assert "error: 1 complaint. docs/packs.md says how a pack is written.\n" == outcome.err
