"""The library in memory: frozen, plain types made once from the service files and kept as JSON beside the database.

Reading and validating the YAML costs about a second and happens once per content; after that the library is one JSON
file. The key is the content of all files, so an edited file is never served stale.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failure_investigator import __version__
from failure_investigator.model import Cause
from failure_investigator.signatures import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FOLDER = Path(__file__).parent / "services"
UNKNOWN = "unknown"
_FORM = "library-2"  # raise when the shape of the cached JSON changes


@dataclass(frozen=True, slots=True)
class Near:
    """A further pattern within so many lines of the match."""

    match: str
    within: int = 20


@dataclass(frozen=True, slots=True)
class Signature:
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
    capture: Mapping[str, str] = field(default_factory=dict)
    excludes: Mapping[str, str] = field(default_factory=dict)
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


@dataclass(frozen=True, slots=True)
class Credential:
    """A variable in which clients look for a credential, and its public prefix."""

    name: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """Who refused; see `schema.ServiceFile` for the fields. Several files may describe one service: they are joined."""

    id: str
    title: str
    hosts: tuple[str, ...] = ()
    clues: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()
    header: str = ""
    probe: Mapping[str, Any] = field(default_factory=dict)
    console: str = ""
    docs: str = ""
    status_page: str = ""
    remedies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    do_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All services and signatures, by id and by name, in the order of their names."""

    services: Mapping[str, Service]
    signatures: Mapping[str, Signature]

    @property
    def patterns(self) -> tuple[tuple[str, str], ...]:
        """Every (regular expression, signature name), in a stable order."""
        return tuple((pattern, name) for name, signature in self.signatures.items() for pattern in signature.match)


@cache
def load_rulebook() -> Rulebook:
    """The built-in library. From the cache when its content is the same, else read and validated.

    Raises `ConfigError` naming file, line and key when a file does not validate.
    """
    files = {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.yml"))}
    key = hashlib.sha256(
        b"\0".join([_FORM.encode(), __version__.encode(), *(k.encode() + v for k, v in files.items())])
    )
    name = f"{_FORM}-{key.hexdigest()[:32]}.json"
    cached = store.read(name)
    if cached is not None:
        return from_json(json.loads(cached))
    from failure_investigator.signatures.loading import load_files

    rulebook = load_files(files)
    store.write(name, json.dumps(to_json(rulebook), ensure_ascii=False).encode())
    return rulebook


def to_json(rulebook: Rulebook) -> dict[str, Any]:
    """The plain form that the cache holds."""
    return {
        "services": [asdict(service) for service in rulebook.services.values()],
        "signatures": [asdict(signature) for signature in rulebook.signatures.values()],
    }


def from_json(data: Mapping[str, Any]) -> Rulebook:
    """The inverse of `to_json`."""
    return join(map(_service, data["services"]), map(_signature, data["signatures"]))


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


def _service(data: Mapping[str, Any]) -> Service:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    values["credentials"] = tuple(Credential(**entry) for entry in data.get("credentials", ()))
    values["remedies"] = {cause: tuple(steps) for cause, steps in data.get("remedies", {}).items()}
    values["do_not"] = {cause: tuple(steps) for cause, steps in data.get("do_not", {}).items()}
    return Service(**values)


def _signature(data: Mapping[str, Any]) -> Signature:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    values["cause"] = Cause(data["cause"])
    values["near"] = tuple(Near(**entry) for entry in data.get("near", ()))
    values["unless"] = tuple(Near(**entry) for entry in data.get("unless", ()))
    return Signature(**values)
