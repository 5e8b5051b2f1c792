"""The signature packs that the configuration names: from the checkout, else from the default branch."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.checkout import names_in, text_of
from failure_investigator.signatures.packs import Library, Pack, with_packs

if TYPE_CHECKING:
    from failure_investigator.settings import Settings
    from failure_investigator.sources.base import Source

MOST = 50
"""Packs of one repository: each is read at every sweep."""


class Paths(NamedTuple):
    """Packs that were found, and what is said about those that were not."""

    found: tuple[str, ...]
    notes: tuple[str, ...] = ()


def library_of(settings: Settings, source: Source) -> Library | None:
    """The library with the packs of the settings; None when they name none. A pack that is missing is told, no error."""
    if not settings.signatures:
        return None
    paths = pack_paths(settings, source)
    packs, notes = [], [*paths.notes]
    for path in paths.found:
        text = text_of(settings, source, path)
        if text is None:
            notes.append(f"the signature pack {path} is neither in the checkout nor at the default branch")
        else:
            packs.append(Pack(path, text))
    library = with_packs(packs)
    return library._replace(notes=(*notes, *library.notes))


def pack_paths(settings: Settings, source: Source) -> Paths:
    """The packs' paths, globs resolved, each once; those beyond `MOST` are left out and told."""
    found: dict[str, None] = {}
    notes = []
    for given in settings.signatures:
        paths = _matching(settings, source, given) if any(sign in given for sign in "*?") else [given]
        found |= dict.fromkeys(paths)
        if not paths:
            notes.append(f"no signature pack is called {given}")
    if len(found) > MOST:
        notes.append(f"{len(found)} signature packs are named, {MOST} are read")
    return Paths(tuple(found)[:MOST], tuple(notes))


def _matching(settings: Settings, source: Source, glob: str) -> list[str]:
    folder, _, pattern = glob.rpartition("/")
    chosen = [name for name in names_in(settings, folder) if fnmatchcase(name, pattern)]
    chosen = chosen or [name for name in source.folder(settings.repository, folder) if fnmatchcase(name, pattern)]
    own = PurePosixPath(settings.config)
    return [f"{folder}/{name}" for name in chosen if PurePosixPath(folder, name) != own]
