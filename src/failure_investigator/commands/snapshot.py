"""`snapshot`: record a repository's runs, jobs, logs and workflow files into a directory, redacted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from failure_investigator.commands.options import add_options, given_flags
from failure_investigator.errors import ConfigError
from failure_investigator.settings import Settings

if TYPE_CHECKING:
    import argparse

    from failure_investigator.commands import Surroundings
    from failure_investigator.sources.base import Source

HELP = "record runs, jobs, logs and workflow files of a repository into a directory, redacted"
OPTIONS = ("github-token", "repository", "lookback", "branches", "config", "api-url", "server-url")
"""The options of the settings that recording uses."""


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    parser.add_argument("directory", metavar="DIRECTORY", type=Path, help="new or older snapshot directory")
    add_options(parser, OPTIONS)


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Prints the directory on stdout, what was recorded and what is missing on stderr."""
    from failure_investigator.compose import github_source, protect
    from failure_investigator.redact import redact
    from failure_investigator.runner import Runner
    from failure_investigator.sources.recorder import write_snapshot

    settings = Settings.load(around.environ, given_flags(arguments))
    settings.require_repository()
    protect(settings, Runner(around.stderr, active=settings.in_actions), around.console)
    until = around.clock()
    with github_source(settings) as source:
        repository = source.repository(settings.repository)
        around.console.say(f"Recording {repository.name} since {until - settings.lookback:%Y-%m-%d %H:%M} UTC …")
        recorded = write_snapshot(
            source,
            repository,
            until - settings.lookback,
            until,
            arguments.directory,
            redact,
            long_lived=settings.branches,
            config_files=_config_files(settings, given_flags(arguments), source, around),
        )
        requests = source.usage().total
    for note in recorded.notes:
        around.console.warn(note)
    around.console.say(
        f"{recorded.runs} runs ({recorded.failed} failed), {recorded.logs} logs ({recorded.gone} gone), "
        f"{recorded.files} files; {requests} requests"
    )
    around.stdout.write(f"{arguments.directory}\n")
    return 0


def _config_files(
    settings: Settings, flags: dict[str, str | None], source: Source, around: Surroundings
) -> tuple[str, ...]:
    """The configuration, and the packs and templates that it names; one that is wrong is recorded as it is."""
    from failure_investigator.compose import configured
    from failure_investigator.packfiles import pack_paths
    from failure_investigator.templatefiles import template_paths

    try:
        told = configured(around.environ, flags, source, settings)
    except ConfigError as error:
        around.console.warn(error.line())
        return (settings.config,)
    return (settings.config, *pack_paths(told, source).found, *template_paths(told, source).found)
