"""A user's own signature packs beside the library: same schema, same engines, same checks, and their examples are run.

A pack that is wrong in anything is left out as a whole and told with file and line; whatever a pack holds, the sweep goes
on. It adds names and never takes the library's: neither a file's, nor a host of another service, nor a wording that the
library knows already. A pack's narrower wording wins over the broader one of the library that it refines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.errors import ConfigError, UsageError
from failure_investigator.redact import redact
from failure_investigator.signatures.check import check_files, lint, matches, own_examples
from failure_investigator.signatures.engine import make_engine
from failure_investigator.signatures.loading import check_names, rulebook_of, validated
from failure_investigator.signatures.rulebook import FOLDER, Rulebook, join, load_rulebook
from failure_investigator.signatures.scanner import Scanner, built_in, make_scanner
from failure_investigator.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from failure_investigator.signatures.rulebook import Signature
    from failure_investigator.yamlfile import Document

MOST = 300
"""Signatures in one pack: more are several packs."""
_NAMED = re.compile(r"[a-z0-9.-]+/([a-z0-9.-]+?)(?=:? )")
"""A complaint begins with the signature's name."""


class Pack(NamedTuple):
    """A pack as it was found."""

    path: str
    text: str


class Library(NamedTuple):
    """The built-in library with the packs that are right, and what is said about the others."""

    scanner: Scanner
    notes: tuple[str, ...] = ()


def with_packs(packs: Sequence[Pack]) -> Library:
    """The library to sweep with. Never raises for what stands in a pack."""
    library, taken, notes, right = load_rulebook(), set[str](), [], list[Rulebook]()
    for path, text in packs:
        found, complaints = examined(path, text, library)
        stem = PurePosixPath(path).stem
        if not complaints and stem in taken:
            complaints = [f"{path}:1: another pack is called {stem} too: rename one"]
        if complaints:
            notes.append(_disabled(path, complaints))
        elif found is not None:
            right.append(found)
            taken.add(stem)
    if not right:
        return Library(built_in(), tuple(notes))
    try:
        return Library(_joined(library, right), tuple(notes))
    except Exception as error:  # noqa: BLE001 - each pack was compiled by itself; together they may still be too much
        return Library(built_in(), (*notes, f"all signature packs are disabled: together they do not compile: {error}"))


def _disabled(path: str, complaints: Sequence[str]) -> str:
    more = f" (and {len(complaints) - 1} more: failure-investigator signatures check)" if complaints[1:] else ""
    return f"the signature pack {path} is disabled: {redact(complaints[0])}{more}"


def check_pack(path: str) -> list[str]:
    """The complaints about a pack on disk, empty when it is right. Raises `UsageError` if it cannot be read.

    A file of the library itself is checked as such.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"Cannot read the pack {path}", why=error.strerror or str(error)) from error
    if Path(path).resolve().parent == FOLDER.resolve():
        known = load_rulebook().signatures
        return [f"{path}: {complaint}" for complaint in check_files({Path(path).stem: data}, known)]
    return examined(path, data.decode("utf-8", "replace"), load_rulebook())[1]


def examined(path: str, text: str, library: Rulebook) -> tuple[Rulebook | None, list[str]]:
    """The pack's own rulebook and the complaints about it, each with file and line."""
    try:
        document = load(text, path)
        rulebook = rulebook_of({PurePosixPath(path).stem: validated(document)})
        check_names(rulebook, library.signatures)
        complaints = [*_names(rulebook, document, library), *lint(rulebook)]
        complaints = complaints or [*own_examples(rulebook), *_taken(rulebook, library)]
        return rulebook, [_placed(complaint, document) for complaint in complaints]
    except ConfigError as error:
        line = error.line()
        return None, [line if line.startswith(f"{path}:") else _placed(line, load(text, path))]
    except Exception as error:  # noqa: BLE001 - a pack is outside text: whatever it does to us, it alone is left out
        return None, [f"{path}:1: {type(error).__name__}: {str(error)[:200]}"]


def _placed(complaint: str, document: Document) -> str:
    """A complaint with the line of the signature that it names, else of the pack."""
    if complaint.startswith(f"{document.name}:"):
        return complaint
    named = _NAMED.match(complaint)
    entries = document.data.get("signatures") or []
    at = next((at for at, entry in enumerate(entries) if named and str(entry.get("id")) == named[1]), None)
    return (
        f"{document.name}:{document.line_of(()) if at is None else document.line_of(('signatures', at))}: {complaint}"
    )


def _names(pack: Rulebook, document: Document, library: Rulebook) -> Iterator[str]:
    """Complaints about names that are the library's, and about names that stand twice."""
    stem = PurePosixPath(document.name).stem
    if any(name.startswith(f"{stem}/") for name in library.signatures):
        yield f"{document.name}:1: the library has signatures called {stem}/…: rename the file"
    given = [entry.get("id") for entry in document.data.get("signatures") or []]
    if len(given) > MOST:
        yield f"{document.name}:1: {len(given)} signatures, {MOST} at most: split the pack"
    for at, name in enumerate(given):
        if name in given[:at]:
            yield f"{document.name}:{document.line_of(('signatures', at))}: the id {name} stands twice"
    owners = {host: service.id for service in library.services.values() for host in service.hosts}
    for service in pack.services.values():
        for at, host in enumerate(service.hosts):
            if owners.get(host, service.id) != service.id:
                yield f"{document.name}:{document.line_of(('hosts', at))}: {host} belongs to the service {owners[host]}"


def _taken(pack: Rulebook, library: Rulebook) -> Iterator[str]:
    """Complaints about signatures that match what the library's match, without yielding to them."""
    if not pack.patterns:
        return
    hits = [(owner, example) for owner in library.signatures.values() for example in owner.hits]
    texts = [example.encode() for _, example in hits]
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    data, names = b"\n".join(texts), [name for _, name in pack.patterns]
    for hit in make_engine([pattern for pattern, _ in pack.patterns]).lines(data, 0, len(data)):
        ours, (owner, example) = pack.signatures[names[hit.pattern]], hits[bisect_right(starts, hit.start) - 1]
        beneath = ours.generic and not owner.generic
        if not beneath and owner.name not in ours.yields_to and matches(ours, example):
            yield f"{ours.name} matches a hit of {owner.name} and does not yield to it: {example!r}"


def _joined(library: Rulebook, packs: Sequence[Rulebook]) -> Scanner:
    """A scanner for all of them, in which the library's broader wordings yield to the packs' narrower ones."""
    own = [signature for pack in packs for signature in pack.signatures.values()]
    services = [*library.services.values(), *(service for pack in packs for service in pack.services.values())]
    joined = join(services, [*library.signatures.values(), *own])
    scanner = make_scanner(joined)
    signatures = dict(joined.signatures)
    for signature in own:
        for name in _broader(signature, scanner) & library.signatures.keys() - set(signature.yields_to):
            signatures[name] = signatures[name]._replace(yields_to=(*signatures[name].yields_to, signature.name))
    return Scanner(Rulebook(joined.services, signatures), scanner.engine, scanner.names)


def _broader(signature: Signature, scanner: Scanner) -> set[str]:
    """The signatures that match a pack's own examples too."""
    return {scanner.names[hit.pattern] for example in signature.hits for hit in scanner.scan(example.encode())}
