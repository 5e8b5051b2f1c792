"""The public format of a value: by the longest prefix that is known, from the table or from the library's services."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.credentials.table import FORMATS, Format

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from failure_investigator.signatures.rulebook import Service

_LEAST = 10
"""Fewer characters after a prefix, and it may be a word."""
_LOOSE = 4
"""A prefix of the library that is shorter tells a service only together with the variable's name."""
_REST = re.compile(r"[A-Za-z0-9_.\-=/+:~]*")


def formats_of(text: str, services: Mapping[str, Service]) -> tuple[Format, ...]:
    """The formats with the longest public prefix that `text` has; several where services share it, none for a word."""
    text = text.strip()
    known = (*FORMATS, *_of_library(services))
    found = [each for each in known if text.startswith(each.prefix) and len(text) - len(each.prefix) >= _LEAST]
    found = [each for each in found if _REST.fullmatch(text, len(each.prefix))]
    longest = max((len(each.prefix) for each in found), default=0)
    best = [each for each in found if len(each.prefix) == longest]
    return tuple([each for each in best if each in FORMATS] or best)


def _of_library(services: Mapping[str, Service]) -> Iterator[Format]:
    for service in services.values():
        for prefix in dict.fromkeys(entry.prefix for entry in service.credentials):
            if len(prefix) >= _LOOSE:
                yield Format(prefix, (service.id,), service.title, "a credential of its documented form")
