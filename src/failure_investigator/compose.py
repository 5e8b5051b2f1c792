"""Puts a sweep together: which source and tracker the settings ask for, and the configuration file they name."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from failure_investigator.errors import ConfigError, UsageError
from failure_investigator.settings import DEFAULT_CONFIG, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from failure_investigator.sources.base import Source
    from failure_investigator.sources.github import GitHubSource


def github_source(settings: Settings) -> GitHubSource:
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
    )


@contextmanager
def opened_source(settings: Settings) -> Iterator[tuple[Source, Settings]]:
    """The source the settings ask for, and the settings with what only the source knows (a snapshot's repository)."""
    if settings.organization:
        raise UsageError(
            "An organisation is swept by the workflow that spreads it over many machines",
            do="Give --repository owner/name to sweep one repository.",
        )
    with ExitStack() as stack:
        if settings.snapshot is None:
            yield stack.enter_context(github_source(settings)), settings
            return
        from failure_investigator.sources.snapshot import SnapshotSource

        source = SnapshotSource(settings.snapshot)
        recorded = source.repository("").name
        issues = settings.issue_repository if settings.issue_repository != settings.repository else recorded
        yield source, replace(settings, repository=recorded, issue_repository=issues)


def configured(
    environ: Mapping[str, str], flags: Mapping[str, str | None], source: Source, first: Settings
) -> Settings:
    """The settings with the configuration file in: from the checkout, else one request at the default branch.

    `first` are the settings without it. Raises `ConfigError` when the file is wrong, or named and nowhere.
    """
    text = _in_checkout(first)
    if text is None:
        text = source.file(first.repository, first.config)
    if text is None:
        if first.config != DEFAULT_CONFIG:
            raise ConfigError(
                f"There is no configuration {first.config}",
                why=f"neither in the checkout nor at the default branch of {first.repository}",
            )
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
