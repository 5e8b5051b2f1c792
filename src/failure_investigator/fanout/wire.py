"""What travels between the parts: versioned JSON lines, gzipped, in files that are written whole.

The first line says what the file is; each further line is one value of `model/` or of this package, validated by pydantic
when it is read, for an artifact is input like any other. What is written was redacted when it was read from a log.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from itertools import chain, repeat
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import PlainSerializer, TypeAdapter, ValidationError

from failure_investigator import model
from failure_investigator.causes import Cause, Confidence
from failure_investigator.errors import IncompleteError, UsageError
from failure_investigator.fanout import types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

VERSION = 1
LARGEST = 1 << 30
"""Bytes of a file's text that are read: more is a mistake, or meant to hurt."""
LONGEST = 1 << 26
"""Bytes of a line: of a repository with ten thousand runs it takes a tenth."""
T = TypeVar("T")


class _Sorted:
    """A set that is written in one order: by itself it has another one in each process."""

    def __class_getitem__(cls, kind: Any) -> Any:
        return Annotated[frozenset[kind], PlainSerializer(sorted)]


_MADE: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made once a kind; the names of annotations are those that `model` and `types` export."""
    if kind not in _MADE:
        names = {name: getattr(model, name) for name in model.__all__}
        names |= {name: getattr(types, name) for name in types.__all__}
        names |= {"datetime": datetime, "Mapping": Mapping, "Cause": Cause, "Confidence": Confidence}
        names["frozenset"] = _Sorted
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        adapter.rebuild(_types_namespace=names)
        _MADE[kind] = adapter
    return _MADE[kind]


def dumps(value: Any) -> str:
    """One value as a line; the same value gives the same text."""
    return _adapter(type(value)).dump_json(value).decode()


def loads(kind: type[T], text: str | bytes) -> T:
    """The value of a line. Raises pydantic's `ValidationError`."""
    value: T = _adapter(kind).validate_json(text)
    return value


def write(path: Path, what: str, values: Iterable[Any]) -> None:
    """A file of `values`; `what` says in its first line what they are. Raises `UsageError` when it cannot be written."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.GzipFile(part, "wb", compresslevel=6, mtime=0) as file:
            file.write(_head(what))
            for value in values:
                file.write(f"{dumps(value)}\n".encode())
        part.replace(path)
    except OSError as error:
        raise UsageError(f"Cannot write {path}", why=error.strerror or str(error)) from error


def read(path: Path, what: str, kinds: Iterable[type[Any]]) -> Iterator[Any]:
    """The values of a file, the first of the first kind and so on, all others of the last one.

    Raises `IncompleteError` when it is missing, cut, foreign or of another version.
    """
    lines = _lines(path)
    if next(lines, b"") != _head(what):
        raise IncompleteError(
            f"{path} is no {what} of this version", do="Let the same version of the program do all parts of a sweep."
        )
    *leading, rest = kinds
    for number, (line, kind) in enumerate(zip(lines, chain(leading, repeat(rest)), strict=False), 2):
        try:
            yield loads(kind, line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise IncompleteError(f"{path}:{number} is broken", why=f"{where}: {first['msg']}") from error


def _head(what: str) -> bytes:
    return json.dumps({"format": f"failure-investigator-{what}", "version": VERSION}).encode() + b"\n"


def _lines(path: Path, *, longest: int = LONGEST, largest: int = LARGEST) -> Iterator[bytes]:
    left = largest
    try:
        with gzip.open(path, "rb") as file:
            while line := file.readline(longest + 1):
                left -= len(line)
                if left < 0 or not line.endswith(b"\n"):
                    raise IncompleteError(f"Cannot read {path}", why="it is cut off, or larger than anything we write")
                yield line
    except (OSError, EOFError, zlib.error) as error:
        raise IncompleteError(f"Cannot read {path}", why=str(error)) from error
