"""YAML as configuration and packs are written: libyaml's speed, YAML 1.2 scalars, and the line of every key.

PyYAML reads YAML 1.1, where `on`, `no` and `yes` are booleans: a workflow's `on:` key would become `True`. The loader
here knows `true` and `false` only (YAML 1.2 core schema, https://yaml.org/spec/1.2.2/#103-core-schema).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from failure_investigator.errors import ConfigError

MAX_BYTES = 1 << 20
"""A configuration or pack beyond this is a mistake."""
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """YAML 1.2 booleans, no timestamps, no octal or sexagesimal surprises."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp", ":int"))]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))


@dataclass(frozen=True)
class Document:
    """A loaded file: its data, and where its keys stand."""

    name: str
    data: Any
    lines: dict[tuple[Any, ...], int]

    def line_of(self, path: tuple[Any, ...]) -> int:
        """The 1-based line of a key, or of the nearest parent that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def load(text: str, name: str) -> Document:
    """Read one document. Raises `ConfigError` with `name:line` for what is no YAML, too large, or uses aliases."""
    if len(text) > MAX_BYTES:
        raise ConfigError(f"{name} is larger than {MAX_BYTES // 1024} KiB", do="Split it into several files.")
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            lines: dict[tuple[Any, ...], int] = {}
            if node is not None:
                _walk(node, (), lines, name, set())
            data = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigError(f"{name}:{line}: not valid YAML", why=error.problem or "") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: not valid YAML", why=str(error)) from None
    return Document(name, data, lines)


def compose(text: str) -> Any:
    """The node tree of one document by the same scalars, aliases taken; None if it is empty. Raises `ConfigError` for what
    is no YAML or too large. Nothing is constructed, so aliases cost nothing until somebody follows them all."""
    if len(text) > MAX_BYTES:
        raise ConfigError(f"larger than {MAX_BYTES // 1024} KiB")
    try:
        loader = _Loader(text)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ConfigError(f"line {mark.line + 1 if mark else 1}: {error.problem or 'not valid YAML'}") from None
    except (yaml.YAMLError, RecursionError, UnicodeError) as error:
        raise ConfigError(f"not valid YAML: {str(error)[:200]}") from None


def anchored_lines(text: str) -> frozenset[int]:
    """The 0-based lines with an anchor or an alias, of a text that `compose` takes: what stands there also holds elsewhere."""
    loader = _Loader(text)
    found: set[int] = set()
    try:
        while loader.check_token():
            token = loader.get_token()
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
                found.add(token.start_mark.line)
    finally:
        loader.dispose()
    return frozenset(found)


def _walk(node: Any, path: tuple[Any, ...], lines: dict[tuple[Any, ...], int], name: str, seen: set[int]) -> None:
    """Note the line of every key and item; a node met twice is an alias, which could grow without bound."""
    if id(node) in seen:
        raise ConfigError(f"{name}:{node.start_mark.line + 1}: YAML aliases are not taken", do="Write the value out.")
    seen.add(id(node))
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if key.value in keys:
                raise ConfigError(f"{name}:{key.start_mark.line + 1}: the key {key.value!r} stands twice")
            keys.add(key.value)
            lines[(*path, key.value)] = key.start_mark.line + 1
            _walk(value, (*path, key.value), lines, name, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*path, index), lines, name, seen)
