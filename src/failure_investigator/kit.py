"""What a sweep works with beside its source: the settings with the configuration in, the library, the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.compose import config_text, with_config
from failure_investigator.signatures.scanner import built_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.commands import Surroundings
    from failure_investigator.render.templates import Templates
    from failure_investigator.settings import Settings
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.state import StateFile


class Kit(NamedTuple):
    """Ready to sweep."""

    settings: Settings
    scanner: Scanner
    templates: Templates | None
    config: str | None
    """Text of the configuration file, where there is one."""
    notes: list[str]
    """What is wrong with packs and templates; those that are given up while pages are rendered are added."""


def equipped(settings: Settings, flags: Mapping[str, str | None], source: Source, around: Surroundings) -> Kit:
    """The kit that the settings and the configuration file ask for; what is wrong with a part is said at once, too.

    Raises `ConfigError` for a wrong configuration; a wrong pack or template is left out and told.
    """
    text = config_text(source, settings)
    return equipped_with(text, settings, flags, source, around)


def equipped_with(
    text: str | None, settings: Settings, flags: Mapping[str, str | None], source: Source, around: Surroundings
) -> Kit:
    """The same with this text of a configuration."""
    settings = with_config(around.environ, flags, text, settings)
    notes: list[str] = []

    def tell(note: str) -> None:
        notes.append(note)
        around.console.warn(note)

    scanner = built_in()
    if settings.signatures:
        from failure_investigator.packfiles import library_of

        library = library_of(settings, source)
        for note in library.notes if library else ():
            tell(note)
        scanner = library.scanner if library else scanner
    templates = None
    if settings.templates:
        from failure_investigator.templatefiles import templates_of

        templates = templates_of(settings, source, tell)
    return Kit(settings, scanner, templates, text, notes)


def remembered(state: StateFile | None, source: Source) -> tuple[str, ...]:
    """What the summary says of the state file: how many listings were unchanged, and what was wrong with it; of a recording
    what is missing in it."""
    from failure_investigator.sources.github import GitHubSource
    from failure_investigator.sources.snapshot import SnapshotSource

    if isinstance(source, SnapshotSource):
        return source.manifest.notes
    if state is None:
        return ()
    rate = (str(source.hit_rate()),) if isinstance(source, GitHubSource) else ()
    return (*rate, *state.notes)
