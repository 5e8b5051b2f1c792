"""Files of the swept repository that a sweep is configured with: those of the checkout, else of the default branch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.settings import Settings
    from failure_investigator.sources.base import Source


def text_of(settings: Settings, source: Source, path: str) -> str | None:
    """The text of a file; None when it is in neither. A link out of the checkout is not followed."""
    home = (settings.workspace or Path()).resolve()
    place = (home / path).resolve()
    if place.is_relative_to(home) and place.is_file():
        return place.read_bytes().decode("utf-8", "replace")
    return source.file(settings.repository, path)


def names_in(settings: Settings, folder: str) -> list[str]:
    """The names in a folder of the checkout, sorted; none when there is no such folder."""
    place = (settings.workspace or Path()) / folder
    return sorted(path.name for path in place.iterdir()) if place.is_dir() else []
