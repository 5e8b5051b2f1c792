"""Puts a sweep together: which source and tracker the settings ask for, and the configuration file they name."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.errors import ConfigError, UsageError
from failure_investigator.settings import DEFAULT_CONFIG, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from failure_investigator.console import Console
    from failure_investigator.runner import Runner
    from failure_investigator.sources.base import Source
    from failure_investigator.sources.github import GitHubSource
    from failure_investigator.state import StateFile
    from failure_investigator.trackers.base import Tracker
    from failure_investigator.trackers.github_issues import GitHubIssues

    Clock = Callable[[], datetime]

ISSUES_DIRECTORY = Path("failure-investigator-issues")
"""Where the issues of a swept snapshot go when nothing else is said."""


def github_source(settings: Settings, state: StateFile | None = None, budget: int | None = None) -> GitHubSource:
    """The live source; close it, or use it as a context manager. Raises `UsageError` without a token."""
    from failure_investigator.sources.github import GitHubSource

    if not settings.github_token:
        raise UsageError(
            "No token is given",
            do="Set the input github-token or GITHUB_TOKEN; on your machine: GITHUB_TOKEN=$(gh auth token).",
        )
    return GitHubSource(
        settings.github_token.reveal(),
        settings.api_url,
        own_workflow=settings.own_workflow,
        own_repository=settings.own_repository,
        state=state,
        budget=budget,
    )


@contextmanager
def opened_state(settings: Settings, clock: Clock) -> Iterator[StateFile | None]:
    """What the last sweep left, saved at the end; None when no state file is asked for, and for a recording."""
    if settings.state is None or settings.snapshot is not None:
        yield None
        return
    from failure_investigator.state import StateFile

    with StateFile(settings.state, clock) as state:
        yield state


def protect(settings: Settings, runner: Runner, console: Console) -> None:
    """The first thing after the settings: the tokens are masked, and no library logs past our redaction."""
    for token in dict.fromkeys((settings.github_token, settings.job_token)):
        runner.mask(token)
    console.attach_logging()


class Opened(NamedTuple):
    """An open source with what belongs to it."""

    source: Source
    settings: Settings
    """With what only the source knows: a snapshot's repository."""
    clock: Clock
    """Now, or for a snapshot the time of its recording."""


@contextmanager
def opened_source(settings: Settings, clock: Clock, state: StateFile | None = None) -> Iterator[Opened]:
    """The source that the settings ask for. Raises `UsageError` without a token."""
    if settings.snapshot is None:
        with github_source(settings, state) as live:
            yield Opened(live, settings, clock)
        return
    from failure_investigator.sources.snapshot import SnapshotSource

    source = SnapshotSource(settings.snapshot)
    recorded = source.repository("").name
    issues = settings.issue_repository if settings.issue_repository != settings.repository else recorded
    own = replace(settings, repository=recorded, issue_repository=issues)
    yield Opened(source, own, lambda: source.manifest.recorded_at)


@contextmanager
def opened_tracker(settings: Settings, clock: Clock, repository: str = "") -> Iterator[Tracker]:
    """The tracker the settings ask for, or that of a `repository`, which gets a folder of its own where issues are files.

    A snapshot never writes to GitHub: what it tells is long past.
    """
    settings = replace(settings, issue_repository=repository or settings.issue_repository)
    folder = settings.issues_directory or (ISSUES_DIRECTORY if settings.snapshot else None)
    if folder is not None:
        from failure_investigator.trackers.directory import DirectoryTracker

        yield DirectoryTracker(folder / repository if repository else folder, settings.issue_repository)
        return
    with closing(github_tracker(settings, clock)) as tracker:
        yield tracker


def github_tracker(settings: Settings, clock: Clock) -> GitHubIssues:
    """The tracker on GitHub; close it."""
    from failure_investigator.trackers.github_issues import GitHubIssues

    return GitHubIssues(
        settings.github_token.reveal(),
        settings.api_url,
        settings.issue_repository,
        job_token=settings.job_token.reveal(),
        bot_login=settings.bot_login,
        reading=settings.dry_run,
        pause=settings.write_pause,
        most_creates=settings.max_issues,
        clock=clock,
    )


def configured(
    environ: Mapping[str, str], flags: Mapping[str, str | None], source: Source, first: Settings
) -> Settings:
    """The settings with the configuration file in: from the checkout, else one request at the default branch.

    `first` are the settings without it. Raises `ConfigError` when the file is wrong, or named and nowhere.
    """
    return with_config(environ, flags, config_text(source, first), first)


def config_text(source: Source, first: Settings) -> str | None:
    """The text of the configuration file; None where there is none. Raises `ConfigError` when one was named."""
    home = first.repository or first.issue_repository
    text = _in_checkout(first)
    if text is None and home:
        text = source.file(home, first.config)
    if text is None and first.config != DEFAULT_CONFIG:
        where = f"at the default branch of {home}" if home else "in a repository, for none is named"
        raise ConfigError(f"There is no configuration {first.config}", why=f"neither in the checkout nor {where}")
    return text


def with_config(
    environ: Mapping[str, str], flags: Mapping[str, str | None], text: str | None, first: Settings
) -> Settings:
    """The settings with this text of the configuration in. Raises `ConfigError` when it is wrong."""
    if text is None:
        return first
    from failure_investigator.yamlfile import load

    made = Settings.load(environ, flags, load(text, first.config))
    kept = made.issue_repository if made.issue_repository != made.repository else first.issue_repository
    return replace(made, repository=first.repository, issue_repository=kept)


def _in_checkout(settings: Settings) -> str | None:
    path = (settings.workspace or Path()) / settings.config
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Cannot read {settings.config}", why=str(error)) from error
