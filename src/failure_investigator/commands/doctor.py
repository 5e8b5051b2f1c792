"""`doctor`: say what is missing for a sweep, without writing anything."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from failure_investigator.commands.options import add_options, given_flags
from failure_investigator.errors import ConfigError, InvestigatorError, RefusedError
from failure_investigator.settings import Settings

if TYPE_CHECKING:
    import argparse

    from failure_investigator.commands import Surroundings
    from failure_investigator.doctor.model import Check
    from failure_investigator.sources.base import Source

HELP = "say what is missing for a sweep: token, permissions, issues, schedule, configuration; writes nothing"
OPTIONS = (
    "github-token",
    "bot-login",
    "repository",
    "organization",
    "repositories",
    "exclude-repositories",
    "topics",
    "visibility",
    "issue-repository",
    "redact-private",
    "config",
    "api-url",
    "server-url",
)
"""The options of the settings that are looked at."""
EXIT_CODES = (
    "Exit codes: 0 nothing keeps a sweep from its work; 2 wrong usage; 3 something is refused or switched off, with the "
    "line to add; 4 GitHub could not be asked."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    parser.epilog = EXIT_CODES
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    add_options(parser, OPTIONS)


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Prints every check on stdout."""
    from failure_investigator.compose import github_source, protect
    from failure_investigator.console import clean
    from failure_investigator.doctor.examine import examine
    from failure_investigator.doctor.organization import examine_organization
    from failure_investigator.doctor.report import as_json, as_text, is_well
    from failure_investigator.runner import Runner
    from failure_investigator.sources.github_probe import GitHubProbe

    flags = given_flags(arguments)
    settings = Settings.load(around.environ, flags)
    settings.require_repository()
    protect(settings, Runner(around.stderr, active=settings.in_actions), around.console)
    with github_source(settings) as source, GitHubProbe(settings.github_token.reveal(), settings.api_url) as probe:

        def read(path: str) -> str | None:
            return _read(source, settings.repository, path)

        def configuration() -> tuple[Settings, Check]:
            return _configuration(settings, flags, source, around)

        def bot() -> Check:
            return _bot(settings, around)

        job = around.environ.get("GITHUB_JOB", "")
        now = around.clock()
        if settings.organization:
            checks = tuple(
                examine_organization(probe, settings, now, source.repositories, read, configuration, bot, job)
            )
        else:
            checks = tuple(examine(probe, settings, now, read, configuration, bot, job))
    what = "organization" if settings.organization else "repository"
    name = settings.organization or settings.repository
    if arguments.format == "json":
        around.stdout.write(json.dumps(as_json(name, checks, what), ensure_ascii=False, indent=2) + "\n")
    else:
        around.stdout.write(clean(as_text(name, checks)))
    return 0 if is_well(checks) else RefusedError.exit_code


def _read(source: Source, repository: str, path: str) -> str | None:
    try:
        return source.file(repository, path)
    except RefusedError:  # told by the check of `contents: read`
        return None


def _bot(settings: Settings, around: Surroundings) -> Check:
    """Who writes the issues; not knowing it keeps a sweep from its work."""
    from failure_investigator.compose import github_tracker
    from failure_investigator.doctor import access
    from failure_investigator.doctor.model import Check

    with closing(github_tracker(settings, around.clock)) as tracker:
        try:
            return access.bot(tracker.author())
        except InvestigatorError as error:
            return Check("bot", "refused", error.line())


def _configuration(
    settings: Settings, flags: dict[str, str | None], source: Source, around: Surroundings
) -> tuple[Settings, Check]:
    """The settings with the configuration in, and what there is to say about it and its packs."""
    from failure_investigator.compose import configured
    from failure_investigator.doctor.model import Check
    from failure_investigator.packfiles import library_of

    try:
        told = configured(around.environ, flags, source, settings)
        library = library_of(told, source)
    except ConfigError as error:
        return settings, Check("configuration", "refused", error.line())
    except RefusedError:
        return settings, Check("configuration", "unknown", "the token may not read it")
    notes = library.notes if library else ()
    if notes:
        return told, Check("configuration", "warning", "; ".join(notes))
    packs = f", {len(told.signatures)} signature pack entries" if told.signatures else ""
    return told, Check(
        "configuration", "ok", f"{told.config if told is not settings else 'none, the defaults hold'}{packs}"
    )
