"""`snapshot`: record a repository's runs, jobs, logs and workflow files into a directory, redacted."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from failure_investigator.commands.options import add_options, given_flags
from failure_investigator.settings import Settings

if TYPE_CHECKING:
    import argparse

    from failure_investigator.commands import Surroundings

HELP = "record runs, jobs, logs and workflow files of a repository into a directory, redacted"
OPTIONS = (
    "github-token", "bot-login", "repository", "issue-repository", "lookback", "workflows", "exclude-workflows", "branches",
    "min-failures", "close-after", "signatures", "config", "api-url", "server-url",
)  # fmt: skip
"""The options of the settings that recording uses."""


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    parser.add_argument("directory", metavar="DIRECTORY", type=Path, help="new or older snapshot directory")
    add_options(parser, OPTIONS)


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Prints the directory on stdout, what was recorded and what is missing on stderr."""
    from failure_investigator.capture import capture
    from failure_investigator.compose import github_source, github_tracker, protect
    from failure_investigator.costs import total
    from failure_investigator.runner import Runner

    flags = given_flags(arguments)
    settings = Settings.load(around.environ, flags)
    settings.require_repository()
    protect(settings, Runner(around.stderr, active=settings.in_actions), around.console)
    reading = replace(settings, dry_run=True)
    with github_source(settings) as source, closing(github_tracker(reading, around.clock)) as tracker:
        recorded = capture(source, tracker, settings, flags, arguments.directory, around)
        requests = total((source.usage(), tracker.usage())).total
    around.console.say(f"{recorded}; {requests} requests")
    around.stdout.write(f"{arguments.directory}\n")
    return 0
