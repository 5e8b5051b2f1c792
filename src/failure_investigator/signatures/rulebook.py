"""The library in memory: plain tuples made once from the service files and kept beside the compiled database.

Reading and validating the YAML costs half a second and happens once per content; after that the library is one file,
whose tuples become these types at once. The files' sizes and times are compared with those it was made from, so an
edited file is never served stale.
"""

from __future__ import annotations

import marshal
import os
import sys
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from failure_investigator import __version__
from failure_investigator.causes import Cause
from failure_investigator.signatures import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FOLDER = Path(__file__).parent / "services"
UNKNOWN = "unknown"
_FORM = 3  # raise when the shape of what is kept changes
_NONE: Mapping[Any, Any] = MappingProxyType({})


class Near(NamedTuple):
    """A further pattern within so many lines of the match."""

    match: str
    within: int = 20


class Signature(NamedTuple):
    """One way in which one service says no; see `schema.SignatureFile` for the fields."""

    name: str
    """`file/id`."""
    service: str
    title: str
    match: tuple[str, ...]
    status: int
    cause: Cause
    near: tuple[Near, ...] = ()
    unless: tuple[Near, ...] = ()
    capture: Mapping[str, str] = _NONE
    excludes: Mapping[str, str] = _NONE
    remedy: tuple[str, ...] = ()
    do_not: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    basis: str = ""
    link: str = ""
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()

    @property
    def generic(self) -> bool:
        """A client's wording for a service that the wording does not tell."""
        return self.service == UNKNOWN


class Credential(NamedTuple):
    """A variable in which clients look for a credential, and its public prefix."""

    name: str
    prefix: str = ""


class Service(NamedTuple):
    """Who refused; see `schema.ServiceFile` for the fields. Several files may describe one service: they are joined."""

    id: str
    title: str
    hosts: tuple[str, ...] = ()
    clues: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()
    header: str = ""
    probe: Mapping[str, Any] = _NONE
    console: str = ""
    docs: str = ""
    status_page: str = ""
    remedies: Mapping[str, tuple[str, ...]] = _NONE
    do_not: Mapping[str, tuple[str, ...]] = _NONE


class Rulebook(NamedTuple):
    """All services and signatures, by id and by name, in the order of their names."""

    services: Mapping[str, Service]
    signatures: Mapping[str, Signature]

    @property
    def patterns(self) -> tuple[tuple[str, str], ...]:
        """Every (regular expression, signature name), in a stable order."""
        return tuple((pattern, name) for name, signature in self.signatures.items() for pattern in signature.match)


@cache
def load_rulebook() -> Rulebook:
    """The built-in library. From the cache when the files are those it was made from, else read and validated.

    Raises `ConfigError` naming file, line and key when a file does not validate.
    """
    about = _about()
    kept = store.read("library", about)
    if kept is not None:
        return unpack(marshal.loads(kept))  # noqa: S302 - our own file, whole by its checksum
    from failure_investigator.signatures.loading import load_files

    rulebook = load_files({path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.yml"))})
    store.write("library", about, marshal.dumps(pack(rulebook)))
    return rulebook


def _about() -> bytes:
    """Everything that decides what the library is."""
    with os.scandir(FOLDER) as found:
        files = sorted((entry.name, entry.stat()) for entry in found if entry.name.endswith(".yml"))
    listed = "\n".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in files)
    return f"{_FORM} {__version__} {sys.version}\n{listed}".encode()


def pack(rulebook: Rulebook) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Services and signatures as plain tuples, lists and dictionaries."""
    services = [
        (*service[:5], [tuple(credential) for credential in service.credentials], *map(_plain, service[6:]))
        for service in rulebook.services.values()
    ]
    signatures = [
        (
            *s[:5],
            s.cause.value,
            [tuple(near) for near in s.near],
            [tuple(near) for near in s.unless],
            *map(_plain, s[8:]),
        )
        for s in rulebook.signatures.values()
    ]
    return services, signatures


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, MappingProxyType) else value


def unpack(packed: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]) -> Rulebook:
    """The inverse of `pack`."""
    causes = {cause.value: cause for cause in Cause}
    services = (
        Service._make((*row[:5], tuple(Credential._make(entry) for entry in row[5]), *row[6:])) for row in packed[0]
    )
    signatures = (
        Signature._make((*row[:5], causes[row[5]], *(tuple(map(Near._make, row[at])) for at in (6, 7)), *row[8:]))
        for row in packed[1]
    )
    return Rulebook({service.id: service for service in services}, {s.name: s for s in signatures})


def join(services: Iterable[Service], signatures: Iterable[Signature]) -> Rulebook:
    """A rulebook in its stable order; several files of one service become one service."""
    joined: dict[str, Service] = {}
    for service in services:
        known = joined.get(service.id)
        joined[service.id] = service if known is None else _merge(known, service)
    return Rulebook(
        services=dict(sorted(joined.items())),
        signatures={s.name: s for s in sorted(signatures, key=lambda s: s.name)},
    )


def _merge(first: Service, second: Service) -> Service:
    """Lists are joined without doubles; single values come from the file that has them, the service's own first."""

    def unique(a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(a + b))

    return Service(
        id=first.id,
        title=first.title,
        hosts=unique(first.hosts, second.hosts),
        clues=unique(first.clues, second.clues),
        commands=unique(first.commands, second.commands),
        credentials=unique(first.credentials, second.credentials),
        header=first.header or second.header,
        probe=first.probe or second.probe,
        console=first.console or second.console,
        docs=first.docs or second.docs,
        status_page=first.status_page or second.status_page,
        remedies={**second.remedies, **first.remedies},
        do_not={**second.do_not, **first.do_not},
    )
