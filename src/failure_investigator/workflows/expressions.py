"""The expressions of a workflow, `${{ … }}`: which contexts they read, and what a name with them can turn into.

Grammar: https://docs.github.com/actions/reference/workflows-and-actions/expressions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_READ = re.compile(
    r"'(?:[^']|'')*'"
    r"|(?<![\w.\-])(?P<context>secrets|vars|env|inputs|github|matrix|steps|needs)"
    r"(?:(?:\s*\.\s*(?P<name>[A-Za-z_][\w-]*))|(?:\s*\[\s*(?:'(?P<index>(?:[^']|'')*)'|(?P<odd>[^\]]{0,200}))\s*\]))?(?![\w-])",
    re.IGNORECASE,
)
UNKNOWN = "*"
"""The name of a reference that the text does not tell: `toJSON(secrets)`, `secrets[matrix.name]`."""


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """What an expression reads: `secrets.NPM_TOKEN` is ("secrets", "NPM_TOKEN"). Contexts are in lower case, names as
    written; GitHub compares both without regard to case."""

    context: str
    name: str


def references(text: str) -> tuple[Reference, ...]:
    """What the expressions in a text read, each once, in their order: fallbacks (`a || b`) and arguments of functions
    alike, whatever stands in quotes not."""
    found = []
    for expression in _EXPRESSION.findall(text):
        for match in _READ.finditer(expression):
            if match["context"]:
                name = match["name"] or (match["index"] or "").replace("''", "'") or UNKNOWN
                found.append(Reference(match["context"].lower(), name))
    return tuple(dict.fromkeys(found))


def has_expression(text: str) -> bool:
    """Whether the runner replaces something in it."""
    return _EXPRESSION.search(text) is not None


def without_expressions(text: str) -> str:
    """The text with a word in place of each expression."""
    return _EXPRESSION.sub("…", text)


def is_written(text: str, shown: str) -> bool:
    """Whether `shown` can be `text` with its expressions replaced, each by anything."""
    parts = _EXPRESSION.split(text)[::2]
    if len(parts) == 1:
        return text == shown
    if not shown.startswith(parts[0]) or not shown.endswith(parts[-1]) or len(shown) < len(parts[0]) + len(parts[-1]):
        return False
    at, end = len(parts[0]), len(shown) - len(parts[-1])
    for part in parts[1:-1]:
        at = shown.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def words_of(text: str) -> str:
    """What of a text is no expression: the more there is, the surer a match."""
    return "".join(_EXPRESSION.split(text)[::2]).strip()
