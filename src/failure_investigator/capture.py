"""Records a repository of GitHub into a directory as a sweep of now sees it; only reads.

The bot's own issues are observed first: what they wait for may lie before the window, and a sweep follows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.compose import configured
from failure_investigator.conclude import rules_of
from failure_investigator.errors import ConfigError, RefusedError, TargetError
from failure_investigator.model import Memory
from failure_investigator.own_schedule import look
from failure_investigator.packfiles import library_of, pack_paths
from failure_investigator.redact import redact
from failure_investigator.scan import scan_repository
from failure_investigator.signatures.scanner import built_in
from failure_investigator.sources.recorder import write_snapshot
from failure_investigator.templatefiles import template_paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta
    from pathlib import Path

    from failure_investigator.commands import Surroundings
    from failure_investigator.model import Repository
    from failure_investigator.settings import Settings
    from failure_investigator.sources.base import Source
    from failure_investigator.sources.recorder import Recorded
    from failure_investigator.trackers.base import Tracker


def capture(
    source: Source,
    tracker: Tracker,
    settings: Settings,
    flags: dict[str, str | None],
    directory: Path,
    around: Surroundings,
    length: timedelta | None = None,
    *,
    strict: bool = False,
) -> Recorded:
    """The recording of the last `length`, by default of the configured lookback.

    Issues that may not be read, and a configuration that is wrong, are told: the recording is made without them, unless it
    is `strict`.
    """
    until = around.clock()
    repository = source.repository(settings.repository)
    notes: list[str] = []
    try:
        settings, files = _configured(settings, flags, source, around)
    except ConfigError as error:
        if strict:
            raise
        notes.append(error.line())
        files = (settings.config,)
    memory = _observed(tracker, notes, strict=strict)
    since = until - (length or settings.lookback)
    around.console.say(f"Recording {repository.name} since {since:%Y-%m-%d %H:%M} UTC …")
    recorded = write_snapshot(
        source,
        repository,
        since,
        until,
        directory,
        redact,
        long_lived=settings.branches,
        config_files=files,
        issues=memory.issues if memory else None,
        sweep=_sweep(repository, settings, memory or Memory(), (max(since, until - settings.lookback), until)),
        notes=notes,
    )
    for note in recorded.notes:
        around.console.warn(note)
    return recorded


def _configured(
    settings: Settings, flags: dict[str, str | None], source: Source, around: Surroundings
) -> tuple[Settings, tuple[str, ...]]:
    """The settings with the configuration in, and its files."""
    told = configured(around.environ, flags, source, settings)
    return told, (settings.config, *pack_paths(told, source).found, *template_paths(told, source).found)


def _observed(tracker: Tracker, notes: list[str], *, strict: bool) -> Memory | None:
    """The bot's own issues; None where they may not be read, or there can be none."""
    try:
        return tracker.observe()
    except (RefusedError, TargetError) as error:
        if strict and isinstance(error, RefusedError):
            raise
        notes.append(f"the bot's own issues were not recorded: {error.line()}")
        return None


def _sweep(
    repository: Repository, settings: Settings, memory: Memory, window: tuple[datetime, datetime]
) -> Callable[[Source], None]:
    """Sweeps that ask all that one of now asks: with the issues that are filed, and with none."""

    def sweep(source: Source) -> None:
        library = library_of(settings, source)
        scanner = library.scanner if library else built_in()
        for known in (memory, Memory()) if memory.issues else (memory,):
            rules = rules_of(settings, known)
            scan_repository(source, repository, settings, known.issues, rules, scanner, window)
        look(source, repository, settings, window[1])

    return sweep
