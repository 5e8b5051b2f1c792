"""Who is to be told of an incident, as the configuration's `owners` say. Nobody is where nothing is configured."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from failure_investigator.causes import Cause
    from failure_investigator.model import Workflow

EVERYBODY = "*"
"""The pattern for what no other one matches."""


def owners_of(
    owners: Iterable[tuple[str, tuple[str, ...]]], service: str, cause: Cause, workflows: Iterable[Workflow]
) -> tuple[str, ...]:
    """The handles of all entries that match, in their order, each once; those of `*` only when no other entry does,
    so that an empty one keeps them out.

    A pattern is a service, a cause, or a glob on a workflow's path, file or name.
    """
    entries = tuple(owners)
    names = {service, cause.value}
    places = {place for each in workflows for place in (each.path, each.path.rpartition("/")[2], each.name)}
    named = [handles for pattern, handles in entries if pattern != EVERYBODY and _matches(pattern, names, places)]
    found = named or [handles for pattern, handles in entries if pattern == EVERYBODY]
    return tuple(dict.fromkeys(handle for handles in found for handle in handles))


def _matches(pattern: str, names: set[str], places: set[str]) -> bool:
    return pattern in names or any(fnmatchcase(place, pattern) for place in places)
