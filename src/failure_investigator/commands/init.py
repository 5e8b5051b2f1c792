"""`init`: write the workflow and the configuration into a checkout; what is there already is never overwritten."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from failure_investigator.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from failure_investigator.commands import Surroundings

HELP = "write the workflow and the configuration into a repository; what is there is never overwritten, a diff is shown"
ACTION = "OWNER/failure-investigator@v1"
_ACTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[\w.-]+(?:/[\w./-]+)?@[\w./-]+")


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    parser.add_argument(
        "--directory", metavar="DIRECTORY", type=Path, default=Path(), help="the checkout (default: where you are)"
    )
    parser.add_argument(
        "--repository", metavar="REPOSITORY", help="owner/name, which decides the minute (default: that of origin)"
    )
    parser.add_argument(
        "--org", action="store_true", help="write the workflow that sweeps the repository's organisation, not it alone"
    )
    parser.add_argument("--action", metavar="ACTION", help=f"what the workflow uses (default: {ACTION})")


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Prints the files written, and the diff of one that is there and differs, on stdout."""
    from failure_investigator.initial import files, repository_of
    from failure_investigator.values import convert, repository

    home: Path = arguments.directory
    if not home.is_dir():
        raise UsageError(f"There is no directory {home}")
    given = arguments.repository or around.environ.get("GITHUB_REPOSITORY", "")
    name = convert(repository, given, "--repository") if given else repository_of(home) or home.resolve().name
    action = _action(arguments.action, around.environ)
    for path, text in files(name, action, organization=arguments.org).items():
        _put(home, path, text, around)
    if action.startswith("OWNER/"):
        around.console.warn("put the account that failure-investigator lives under in place of OWNER")
    if arguments.org:
        around.console.say(
            "Next: make a GitHub App (docs/organization.md says which permissions) and keep its client id and private key "
            "as the variable FAILURE_INVESTIGATOR_CLIENT_ID and the secret FAILURE_INVESTIGATOR_PRIVATE_KEY."
        )
    asked = f"doctor --organization {name.partition('/')[0]}" if arguments.org else "doctor"
    around.console.say(
        f"{'Then' if arguments.org else 'Next'}: commit, push to the default branch, and ask `failure-investigator {asked}` "
        "what is missing."
    )
    return 0


def _action(given: str | None, environ: Mapping[str, str]) -> str:
    if given and not _ACTION.fullmatch(given):
        raise UsageError(f"--action takes OWNER/NAME@REF, not {given[:80]!r}")
    own = environ.get("GITHUB_ACTION_REPOSITORY")
    return given or (f"{own}@{environ.get('GITHUB_ACTION_REF') or 'v1'}" if own else ACTION)


def _put(home: Path, path: str, text: str, around: Surroundings) -> None:
    """Writes one file, or says in which way what is there differs."""
    place = home / path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        _differs(place, path, text, around)
    except OSError as error:
        raise UsageError(f"Cannot write {place}", why=error.strerror or str(error)) from error
    else:
        around.stdout.write(f"{path}: written\n")


def _differs(place: Path, path: str, text: str, around: Surroundings) -> None:
    import difflib

    from failure_investigator.console import clean

    try:
        there = place.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"Cannot read {place}", why=error.strerror or str(error)) from error
    if there == text:
        around.stdout.write(f"{path}: is already so\n")
        return
    around.stdout.write(f"{path}: is there and was left alone; init would write\n")
    lines = difflib.unified_diff(there.splitlines(), text.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    around.stdout.writelines(f"{clean(line)}\n" for line in lines)
