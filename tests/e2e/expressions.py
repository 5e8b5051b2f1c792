"""GitHub's expressions, of the kinds that action.yml and the workflows use; what is not known is a mistake, not empty.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Contexts = Mapping[str, Any]
Function = Callable[..., Any]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|-?\d+(?:\.\d+)?|[A-Za-z_][\w-]*|\|\||&&|==|!=|[!().,])")
_FUNCTIONS: dict[str, Function] = {
    "format": lambda text, *given: re.sub(r"\{(\d+)\}", lambda found: as_text(given[int(found[1])]), text),
    "fromJSON": json.loads,
    "toJSON": json.dumps,
}
_WORDS = {"true": True, "false": False, "null": None}


class Outputs(dict[str, Any]):
    """A context whose missing entries are null, as those of a step that was skipped or of a job without outputs."""

    def __missing__(self, _: str) -> None:
        return None


def filled(text: str, contexts: Contexts, functions: Mapping[str, Function] | None = None) -> str:
    """The text with its expressions evaluated."""
    return _EXPRESSION.sub(lambda found: as_text(evaluate(found[1], contexts, functions)), text)


def value(text: str, contexts: Contexts) -> Any:
    """What a key is whose value is one expression, such as a matrix; any other text is itself."""
    whole = _EXPRESSION.fullmatch(text.strip())
    return evaluate(whole[1], contexts) if whole else filled(text, contexts)


def holds(condition: str, contexts: Contexts, functions: Mapping[str, Function]) -> bool:
    """Whether an `if:` holds, with or without its braces. Without a status function, it needs `success()` too."""
    whole = _EXPRESSION.fullmatch(condition.strip())
    text = whole[1] if whole else condition
    told = bool(evaluate(text, contexts, functions))
    asks = re.search(r"\b(success|failure|cancelled|always)\(", text)
    return told and (bool(asks) or functions["success"]())


def evaluate(text: str, contexts: Contexts, functions: Mapping[str, Function] | None = None) -> Any:
    """The value of an expression without its braces. Raises `KeyError` for a name that nothing defines."""
    reader = _Reader(text, contexts, {**_FUNCTIONS, **(functions or {})})
    found = reader.either()
    assert [] == reader.tokens, text
    return found


def as_text(given: Any) -> str:
    """A value inside text."""
    if given is None:
        return ""
    if isinstance(given, bool):
        return str(given).lower()
    return str(given)


class _Reader:
    def __init__(self, text: str, contexts: Contexts, functions: Mapping[str, Function]) -> None:
        self.tokens: list[str] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            assert found, f"{text!r} at {place}"
            self.tokens.append(found[1])
            place = found.end()
        self.contexts, self.functions = contexts, functions

    def took(self, token: str) -> bool:
        """Whether the next token is this one, which is then gone."""
        if self.tokens[:1] != [token]:
            return False
        self.tokens.pop(0)
        return True

    def either(self) -> Any:
        """`a || b`: the first that is something, else the last."""
        found = self.both()
        while self.took("||"):
            other = self.both()
            found = found or other
        return found

    def both(self) -> Any:
        """`a && b`."""
        found = self.compared()
        while self.took("&&"):
            other = self.compared()
            found = found and other
        return found

    def compared(self) -> Any:
        """`a == b`, `a != b`; null is the empty string."""
        left = self.negated()
        for sign, wanted in (("==", True), ("!=", False)):
            if self.took(sign):
                return (as_text(left).lower() == as_text(self.negated()).lower()) is wanted
        return left

    def negated(self) -> Any:
        """`!a`."""
        return not self.negated() if self.took("!") else self.member()

    def member(self) -> Any:
        """`a.b.c`."""
        found = self.single()
        while self.took("."):
            name = self.tokens.pop(0)
            found = None if found is None else found[name]
        return found

    def single(self) -> Any:
        """A literal, a context, a call or what is in parentheses."""
        token = self.tokens.pop(0)
        if token == "(":
            found = self.either()
            assert self.took(")")
            return found
        if token[0] == "'":
            return token[1:-1].replace("''", "'")
        if re.match(r"-?\d", token):
            return json.loads(token)
        if self.took("("):
            return self.functions[token](*self.given())
        return _WORDS[token] if token in _WORDS else self.contexts[token]

    def given(self) -> list[Any]:
        """What stands in a call's parentheses."""
        found: list[Any] = []
        while not self.took(")"):
            found.append(self.either())
            self.took(",")
        return found
