"""`explain`: diagnose log files, a run's zip or standard input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from failure_investigator.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from failure_investigator.commands import Surroundings
    from failure_investigator.explain import Explanation

HELP = "diagnose log files: a raw job log, `gh run view --log` output, a run's zip, or any text"


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="log file or zip; - or nothing: standard input")
    parser.add_argument(
        "--format", choices=("text", "json", "jsonl"), default="text", help="how to print (default: text)"
    )


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Prints one answer a path, in order. A path that cannot be read costs a line on stderr and exit code 2."""
    paths = arguments.paths or ["-"]
    if not arguments.paths and around.stdin.isatty():
        raise UsageError("No log is given", do="Give a log file, a run's zip, or pipe a log in.")
    code = 0
    for explanation in _each(paths, around):
        if isinstance(explanation, UsageError):
            around.console.error(explanation.line())
            code = explanation.exit_code
        else:
            around.stdout.write(_shown(explanation, arguments.format))
            around.stdout.flush()
    return code


def _each(paths: list[str], around: Surroundings) -> Iterator[Explanation | UsageError]:
    """The explanations, with the error in the place of a path that has none: the other paths lose nothing by it."""
    from failure_investigator.explain import explain_paths

    for path in paths:
        try:
            yield from explain_paths([path], around.stdin)
        except UsageError as error:
            yield error


def _shown(explanation: Explanation, form: str) -> str:
    if form == "text":
        from failure_investigator.console import clean

        return clean(explanation.text)
    return json.dumps(explanation.answer, ensure_ascii=False, indent=2 if form == "json" else None) + "\n"
