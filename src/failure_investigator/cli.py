"""The command line: parse, call, and one catch for every error. No logic; the commands lie in `commands/`.

Exit codes are owned by the errors (`errors.py`). Nothing heavy is imported here: `--help` is measured in `make bench`.
"""

from __future__ import annotations

import argparse
import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from failure_investigator import __version__
from failure_investigator.commands import Surroundings
from failure_investigator.console import Console, clean
from failure_investigator.errors import EXIT_BUG, EXIT_INTERRUPTED, InvestigatorError, UsageError
from failure_investigator.settings import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from types import ModuleType
    from typing import BinaryIO, TextIO

    from failure_investigator.settings import Verbosity

COMMANDS = (
    "investigate",
    "explain",
    "snapshot",
    "backtest",
    "demo",
    "signatures",
    "check-credential",
    "plan",
    "scan",
    "report",
    "init",
    "doctor",
)
"""Verbs in the order of `--help`; each is a module of `commands/`, with underscores."""
_FLAG = re.compile(r"--?[a-z][a-z-]{0,40}")
"""What else begins with a hyphen, or follows `=`, may be a credential, and is not repeated."""
_INVALID = re.compile(r"invalid choice: '(?P<given>[^']*)'")


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are `UsageError`, with a "did you mean"."""

    def error(self, message: str) -> NoReturn:
        """Raises `UsageError` instead of printing the usage and leaving."""
        given = _INVALID.search(message)
        if given and message.startswith("argument COMMAND"):
            raise UsageError(f"There is no command {given['given']!r}", do=did_you_mean(given["given"], COMMANDS))
        raise UsageError(message, do=f"See {self.prog} --help.")


def build_parser() -> Parser:
    """The whole command line."""
    talk = Parser(add_help=False)
    loudness = talk.add_mutually_exclusive_group()
    loudness.add_argument(
        "-q", "--quiet", action="store_true", default=argparse.SUPPRESS, help="say warnings and errors only"
    )
    loudness.add_argument(
        "-v", "--verbose", action="store_true", default=argparse.SUPPRESS, help="say more; a traceback for a bug"
    )
    parser = Parser(
        prog="failure-investigator",
        description="Why GitHub Actions runs are refused (401, 403, 429), and what to do about it.",
        parents=[talk],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name in COMMANDS:
        module = _module(name)
        command = verbs.add_parser(
            name, help=module.HELP, description=_sentence(module.HELP), parents=[talk], allow_abbrev=False
        )
        module.configure(command)
    return parser


def _module(command: str) -> ModuleType:
    return import_module(f"failure_investigator.commands.{command.replace('-', '_')}")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The parsed command line. Raises `UsageError`; an unknown flag is answered with the nearest one there is."""
    parser = build_parser()
    found, unknown = parser.parse_known_args(arguments)
    if unknown:
        given = unknown[0].partition("=")[0]
        flags = [flag for action in actions_of(parser, found.command) for flag in action.option_strings if "--" in flag]
        shown = given if _FLAG.fullmatch(given) or given[:1] != "-" else "an argument that begins with -"
        raise UsageError(
            f"{found.command} does not take {shown}", do=did_you_mean(given, flags) if given[:1] == "-" else ""
        )
    return found


def actions_of(parser: Parser, command: str) -> Sequence[argparse.Action]:
    """What a command takes."""
    verbs = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))  # noqa: SLF001 - argparse has no public way
    chosen: argparse.ArgumentParser = verbs.choices[command]
    return chosen._actions  # noqa: SLF001 - same


def main(argv: Sequence[str] | None = None) -> int:
    """The process's entry: real streams, environment and clock. Returns the exit code."""
    import os
    from datetime import UTC, datetime

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot show a character shows its escape instead
            stream.reconfigure(errors="backslashreplace")
    streams = (sys.stdin.buffer, sys.stdout, sys.stderr)
    fixed = os.environ.get("FAILURE_INVESTIGATOR_NOW")  # a sweep of the past, repeated or tested

    def clock() -> datetime:
        return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)

    return _flushed(run(sys.argv[1:] if argv is None else argv, os.environ, streams, clock))


def _flushed(code: int) -> int:
    """Flush where a closed pipe can still be caught; the interpreter would complain at exit."""
    import os

    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def run(
    argv: Sequence[str],
    environ: Mapping[str, str],
    streams: tuple[BinaryIO, TextIO, TextIO],
    clock: Callable[[], datetime],
) -> int:
    """Parse and call with (stdin, stdout, stderr); every error becomes one line on stderr and its exit code."""
    console = Console(streams[2], environ, _verbosity(argv, environ))
    around = Surroundings(environ, *streams, console, clock)
    try:
        arguments = parse(argv or ["--help"])
        module = _module(arguments.command)
        code: int = module.run(arguments, around)
        return code
    except SystemExit:  # --help and --version
        return 0 if argv else 2
    except BrokenPipeError:  # the reader of our stdout has seen enough
        return 0
    except KeyboardInterrupt:
        return _fail("interrupted", EXIT_INTERRUPTED, around)
    except InvestigatorError as error:
        return _fail(error.line(), error.exit_code, around)
    except Exception as error:  # noqa: BLE001 - the one catch at the edge
        return _bug(error, around)


def _verbosity(argv: Sequence[str], environ: Mapping[str, str]) -> Verbosity:
    """Known before parsing, so that an error of parsing is told in the same way."""
    if "--quiet" in argv or "-q" in argv:
        return "quiet"
    if "--verbose" in argv or "-v" in argv or environ.get("RUNNER_DEBUG") == "1":
        return "verbose"
    wished = environ.get("FAILURE_INVESTIGATOR_LOG_LEVEL", "")
    return "quiet" if wished == "quiet" else "verbose" if wished == "verbose" else "normal"


def _bug(error: Exception, around: Surroundings) -> int:
    import traceback

    for line in "".join(traceback.format_exception(error)).splitlines():
        around.console.detail(line)
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    where = _where_to_report(around.environ)
    return _fail(f"a bug of ours: {what}. Please report it {where} with what --verbose shows.", EXIT_BUG, around)


def _where_to_report(environ: Mapping[str, str]) -> str:
    """The runner tells which repository an action came from; elsewhere only the person who installed it knows."""
    repository = environ.get("GITHUB_ACTION_REPOSITORY")
    server = environ.get("GITHUB_SERVER_URL") or "https://github.com"
    return f"at {server}/{repository}/issues" if repository else "where you got this program from"


def _fail(line: str, code: int, around: Surroundings) -> int:
    """One line for a person, and an annotation where the Actions runner reads along."""
    from failure_investigator.runner import Runner

    around.console.error(line)
    runner = Runner(around.stderr, active=around.environ.get("GITHUB_ACTIONS") == "true")
    runner.annotate("error", clean(line), "failure-investigator")
    return code
