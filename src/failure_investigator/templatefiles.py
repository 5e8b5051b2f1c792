"""The templates that the configuration names a folder of: from the checkout, else from the default branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.checkout import names_in, text_of
from failure_investigator.render.samples import problem
from failure_investigator.render.templates import Templates
from failure_investigator.settings import did_you_mean
from failure_investigator.settings.options import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable

    from failure_investigator.settings import Settings
    from failure_investigator.sources.base import Source

_ENDING = ".md.j2"


class Paths(NamedTuple):
    """Templates that were found, and what is said about those that are none."""

    found: tuple[str, ...]
    notes: tuple[str, ...] = ()


def templates_of(settings: Settings, source: Source, tell: Callable[[str], None]) -> Templates | None:
    """The templates of the settings; None when they name no folder. What is wrong is told, at once and while rendering."""
    if not settings.templates:
        return None

    def give_up(name: str, why: str) -> None:
        tell(f"the template {settings.templates}/{name} is disabled: {why}")

    paths, texts = template_paths(settings, source), {}
    for note in paths.notes:
        tell(note)
    for path in paths.found:
        name, text = path.rpartition("/")[2], text_of(settings, source, path)
        why = "it cannot be read" if text is None else problem(name, text)
        if text is None or why:
            give_up(name, why)
        else:
            texts[name] = text
    return Templates(texts, give_up)


def template_paths(settings: Settings, source: Source) -> Paths:
    """The templates' paths; other names that look like one are told with the nearest right one."""
    if not settings.templates:
        return Paths(())
    folder = settings.templates
    names = names_in(settings, folder) or source.folder(settings.repository, folder)
    found = tuple(f"{folder}/{name}" for name in TEMPLATES if name in names)
    others = [name for name in names if name.endswith(_ENDING) and name not in TEMPLATES]
    notes = [f"{folder}/{name} is no template that is used. {did_you_mean(name, TEMPLATES)}" for name in others]
    if not found:
        notes.append(f"no template lies in {folder}: it may hold {', '.join(TEMPLATES)}")
    return Paths(found, tuple(notes))
