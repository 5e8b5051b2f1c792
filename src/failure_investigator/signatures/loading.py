"""YAML files → rulebook: validation with the file, the line and the nearest right key in the message."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from failure_investigator.errors import ConfigError
from failure_investigator.model import Cause
from failure_investigator.signatures import schema
from failure_investigator.signatures.rulebook import UNKNOWN, Credential, Near, Rulebook, Service, Signature, join
from failure_investigator.yamlfile import Document, load

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

ANSI = r"(?:(?:\x1b|\^\[)\[[0-9;]*[A-Za-z])*"
"""Colour codes, as bytes and as the two characters that newer `gh` prints (docs/log-format.md)."""


def load_files(files: Mapping[str, bytes], known: Container[str] = ()) -> Rulebook:
    """File stem → YAML bytes, in; the joined library, out. `known` are names that may be yielded to. Raises `ConfigError`."""
    rulebook = rulebook_of({stem: read_file(data.decode("utf-8"), f"{stem}.yml") for stem, data in files.items()})
    check_names(rulebook, known)
    return rulebook


def rulebook_of(parsed: Mapping[str, schema.ServiceFile]) -> Rulebook:
    """Validated files by stem, as one library; names in `yields-to` are not looked up yet."""
    ordered = sorted(parsed.items(), key=lambda item: (item[0] != item[1].service, item[0]))
    return join(
        (_service(file) for _, file in ordered if file.service != UNKNOWN),
        (_signature(stem, file, entry) for stem, file in parsed.items() for entry in file.signatures),
    )


def read_file(text: str, name: str) -> schema.ServiceFile:
    """One validated service file. Raises `ConfigError` with `name:line`."""
    return validated(load(text, name))


def validated(document: Document) -> schema.ServiceFile:
    """The same of a document that is loaded already."""
    try:
        return schema.ServiceFile.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(_explain(error, document), do="docs/packs.md says how a pack is written.") from None


def _explain(error: ValidationError, document: Document) -> str:
    """The first complaint in words, an unknown key before what is missing for it: file, line and the nearest right key."""
    first = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    path = tuple(part for part in first["loc"] if part not in ("function-before", "[key]"))
    where = f"{document.name}:{document.line_of(path)}"
    if first["type"] == "extra_forbidden":
        known = _keys_at(path[:-1])
        near = difflib.get_close_matches(str(path[-1]), known, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        return f"{where}: unknown key {path[-1]!r}{hint}"
    near = difflib.get_close_matches(str(first["input"]), map(str, Cause), n=1) if first["type"] == "enum" else []
    if near:
        return f"{where}: {'.'.join(map(str, path))}: there is no cause {first['input']!r} (did you mean {near[0]!r}?)"
    return f"{where}: {'.'.join(map(str, path))}: {first['msg']}"


def _keys_at(path: tuple[Any, ...]) -> list[str]:
    """The keys that the schema allows at a path."""
    model: type[BaseModel] = schema.ServiceFile
    nested: dict[str, type[BaseModel]] = {
        "signatures": schema.SignatureFile,
        "near": schema.Near,
        "unless": schema.Near,
        "basis": schema.Basis,
        "examples": schema.Examples,
        "credentials": schema.Credential,
        "probe": schema.Probe,
    }
    for part in path:
        model = nested.get(str(part), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _service(file: schema.ServiceFile) -> Service:
    return Service(
        id=file.service,
        title=file.title,
        hosts=tuple(file.hosts),
        clues=tuple(file.clues),
        commands=tuple(file.commands),
        credentials=tuple(Credential(c.name, c.prefix) for c in file.credentials),
        header=file.header,
        probe=file.probe.model_dump(mode="json") if file.probe else {},
        console=str(file.console or ""),
        docs=str(file.docs or ""),
        status_page=str(file.status_page or ""),
        remedies={str(cause): tuple(steps) for cause, steps in file.remedies.items()},
        do_not={str(cause): tuple(steps) for cause, steps in file.do_not.items()},
    )


def _signature(stem: str, file: schema.ServiceFile, entry: schema.SignatureFile) -> Signature:
    return Signature(
        name=f"{stem}/{entry.id}",
        service=file.service,
        title=entry.title,
        match=tuple(_expand(pattern, ansi=entry.ansi) for pattern in entry.match),
        status=entry.status,
        cause=entry.cause,
        near=tuple(Near(near.match, near.within) for near in entry.near),
        unless=tuple(Near(near.match, near.within) for near in entry.unless),
        capture={str(key): value for key, value in entry.capture.items()},
        excludes={str(cause): reason for cause, reason in entry.excludes.items()},
        remedy=tuple(entry.remedy),
        do_not=tuple(entry.do_not),
        yields_to=tuple(name if "/" in name else f"{stem}/{name}" for name in entry.yields_to),
        basis=entry.basis.kind if entry.basis else "",
        link=str(entry.basis.link) if entry.basis else "",
        hits=tuple(entry.examples.hits),
        misses=tuple(entry.examples.misses),
    )


def _expand(pattern: str, *, ansi: bool) -> str:
    """Put colour codes around every blank, keep negated classes within the line, and flags within the pattern.

    ripgrep joins the patterns of a file, and a bare `(?i)` would go on in the ones after it.
    """
    pattern = f"(?i:{pattern[4:]})" if pattern.startswith("(?i)") else pattern
    inside = re.sub(r"(?<!\\)\[\^(?!\\n)", r"[^\\n", pattern)
    return re.sub(r"(?<!\\) ", lambda _: f"{ANSI} {ANSI}", inside) if ansi else inside


def check_names(rulebook: Rulebook, known: Container[str] = ()) -> None:
    """Every `yields-to` names a signature that exists, in the rulebook or among those `known`. Raises `ConfigError`."""
    for signature in rulebook.signatures.values():
        for name in signature.yields_to:
            if name not in rulebook.signatures and name not in known:
                near = difflib.get_close_matches(name, rulebook.signatures, n=1)
                raise ConfigError(
                    f"{signature.name}: yields-to names the unknown signature {name!r}",
                    do=f"Did you mean {near[0]!r}?" if near else "",
                )
