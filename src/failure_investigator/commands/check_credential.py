"""`check-credential`: what is wrong with a credential in the environment, without ever showing it."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

from failure_investigator.errors import EXIT_WRONG, UnreachableError, UsageError
from failure_investigator.values import BadValueError, Secret, convert, count

if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from failure_investigator.commands import Surroundings
    from failure_investigator.credentials.model import Checked, Subject
    from failure_investigator.runner import Level, Runner

HELP = "say what is wrong with a credential in the environment, without ever showing it, and ask its service"
EXIT_CODES = (
    "Exit codes: 0 nothing is wrong with it; 1 something is (found here, or the service refuses it); 2 wrong usage; "
    "4 --probe got no answer from the service itself."
)
_SECONDS = "10"
_MASKED = 4


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package. Several names are taken so that `run` can complain without repeating what may be a value."""
    parser.epilog = EXIT_CODES
    parser.add_argument("names", nargs="*", metavar="NAME", help="the variable that holds it, without `$`")
    parser.add_argument(
        "--service", metavar="SERVICE", help="the service it is for (default: by name, else by its format)"
    )
    parser.add_argument("--probe", action="store_true", help="send the service one harmless request with it")
    parser.add_argument(
        "--probe-url", metavar="URL", help="ask this address instead: https, or http on loopback (implies --probe)"
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        default=_SECONDS,
        help=f"the longest wait of a probe, 1 to 100 (default: {_SECONDS})",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Prints what was found on stdout. In Actions masks the value first and annotates what is wrong, on stderr."""
    from failure_investigator.credentials.check import check
    from failure_investigator.credentials.name import named
    from failure_investigator.credentials.report import is_unreached, is_wrong
    from failure_investigator.runner import Runner
    from failure_investigator.signatures.rulebook import load_rulebook

    services, url = load_rulebook().services, _address(arguments)
    name = named(arguments.names, around.environ, services)
    active = around.environ.get("GITHUB_ACTIONS") == "true" and not _is_file(around.stderr)
    runner = Runner(around.stderr, active=active)
    runner.mask(_lines(around.environ.get(name, "")))
    checked, subject = check(name, around.environ, services, around.clock(), arguments.service or "")
    if arguments.probe or url:
        checked = _probed(checked, subject, url, arguments.timeout, around)
    _tell(checked, arguments.format, around, runner)
    if is_unreached(checked) and not is_wrong(checked):
        raise UnreachableError(
            f"{subject.owner} gave no answer about {name}",
            why=", ".join(f"{answer.route}: {answer.outcome}" for answer in checked.probe),
            do="What was met on the way stands above; the credential was not judged.",
        )
    return EXIT_WRONG if is_wrong(checked) else 0


def _probed(checked: Checked, subject: Subject, url: str, timeout: str, around: Surroundings) -> Checked:
    from failure_investigator.credentials.ask import asked
    from failure_investigator.credentials.wire import Wire

    return asked(checked, subject, around.environ, Wire(convert(count, timeout, "--timeout")), url)


def _address(arguments: argparse.Namespace) -> str:
    from failure_investigator.credentials.address import probe_url

    try:
        return probe_url(arguments.probe_url) if arguments.probe_url is not None else ""
    except BadValueError as bad:  # what was given may hold a credential: it is not repeated
        raise UsageError(f"--probe-url {bad}") from None


def _tell(checked: Checked, form: str, around: Surroundings, runner: Runner) -> None:
    from failure_investigator.console import clean
    from failure_investigator.credentials.report import as_json, as_text

    if form == "json":
        around.stdout.write(json.dumps(as_json(checked), ensure_ascii=False, indent=2) + "\n")
    else:
        around.stdout.write(clean(as_text(checked)))
    around.stdout.flush()
    for finding in checked.findings:
        if finding.severity != "fine":
            level: Level = "error" if finding.severity == "wrong" else "warning"
            runner.annotate(level, clean(f"{finding.says} {finding.do}".strip()), clean(checked.name))


def _lines(text: str) -> Secret:
    """What is worth a mask: the runner takes lines, and a `{` of a document would blacken every log of the job."""
    return Secret("\n".join(line for line in text.splitlines() if len(line.strip()) >= _MASKED))


def _is_file(stream: TextIO) -> bool:
    """Whether a stream is kept in a file: no runner reads a mask there, and the value would stay in it."""
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):  # a stream without a descriptor
        return False
