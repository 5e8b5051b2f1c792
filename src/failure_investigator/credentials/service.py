"""Which service a credential is for: as given, by its variable's name, or by its public prefix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.credentials.fingerprint import looks_random
from failure_investigator.credentials.formats import formats_of
from failure_investigator.errors import UsageError
from failure_investigator.settings import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.signatures.rulebook import Service

_TOO_MANY = 100
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,40}")
_RANDOM = 16
"""What is given for a service and looks like neither id may be the value: it is not repeated."""


class Choice(NamedTuple):
    """The service, if one was found, and the ids of the others that a variable of this name may be for."""

    service: Service | None
    others: tuple[str, ...] = ()


def choose(name: str, value: str, services: Mapping[str, Service], given: str = "") -> Choice:
    """The service that `name` is checked for. Raises `UsageError` for a `given` id that the library does not have."""
    if given:
        return Choice(_known(given, services))
    named = [service for service in services.values() if own_name(name, service)]
    ranked = sorted(named, key=lambda service: _rank(name, value, service))
    if ranked:
        return Choice(ranked[0], tuple(service.id for service in ranked[1:]))
    found = [id_ for format_ in formats_of(value, services) for id_ in format_.services if id_ in services]
    return Choice(services[found[0]], tuple(dict.fromkeys(found[1:]))) if found else Choice(None)


def own_name(name: str, service: Service) -> str:
    """The service's own spelling of a variable, or '': `INPUT_NPM-TOKEN` and `npm_token` are its NPM_TOKEN."""
    plain = _plain(name)
    return next((entry.name for entry in service.credentials if _plain(entry.name) == plain), "")


def _plain(name: str) -> str:
    return re.sub(r"^INPUT_", "", name.upper()).replace("-", "_")


def _known(given: str, services: Mapping[str, Service]) -> Service:
    if given in services:
        return services[given]
    advice = did_you_mean(given, services)
    if len(advice) > _TOO_MANY:
        advice = "`failure-investigator signatures list` shows all; without --service the variable's name decides."
    shown = f"no service {given!r}" if _ID.fullmatch(given) and not looks_random(given, _RANDOM) else "no such service"
    raise UsageError(f"There is {shown}", do=advice)


def _rank(name: str, value: str, service: Service) -> tuple[bool, bool, int, str]:
    """A fitting prefix first, then a service that the name names, then the order in which its clients try them."""
    names = [entry.name for entry in service.credentials]
    fits = any(entry.prefix and value.strip().startswith(entry.prefix) for entry in service.credentials)
    called = re.sub(r"[^a-z0-9]", "", service.id) in re.sub(r"[^a-z0-9]", "", name.lower())
    return not fits, not called, names.index(own_name(name, service)), service.id
