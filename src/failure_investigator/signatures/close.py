"""The close look at a candidate line: the conditions around it and what the wording tells (host, right, user …).

Works on cleaned text; RE2 through one small cache, so that no pattern of a user can hang a sweep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.signatures.rulebook import Near, Signature

REACH = 20
"""Lines before and after a match that belong to it: number, words and host stand up to 20 lines apart (docs/field-notes.md)."""

_compiled: dict[str, Any] = {}


def regex(pattern: str) -> Any:
    """The compiled RE2 pattern over text."""
    found = _compiled.get(pattern)
    if found is None:
        import re2

        options = re2.Options()
        options.log_errors = False
        found = _compiled[pattern] = re2.compile(pattern, options=options)
    return found


class Hints:
    """Many patterns that each point to a name, asked all at once (an RE2 set): of several the first in order wins."""

    def __init__(self, hints: Sequence[tuple[str, str]]) -> None:
        """`hints` are (pattern, name)."""
        import re2

        options = re2.Options()
        options.log_errors = False
        self._names = [name for _, name in hints]
        self._set = re2.Set.SearchSet(options)
        for pattern, _ in hints:
            self._set.Add(pattern)
        self._set.Compile()

    def first(self, text: str) -> str:
        """The name that the text points to; '' when it points to none."""
        found = self._set.Match(text) if self._names else ()
        return self._names[min(found)] if found else ""


class Window(NamedTuple):
    """The cleaned lines around a match; `lines[at]` is the line of the match itself."""

    lines: Sequence[str]
    at: int

    def outwards(self, within: int = REACH) -> list[str]:
        """The line itself, then its neighbours by distance, the earlier one first."""
        found = [self.lines[self.at]]
        for distance in range(1, within + 1):
            near = (self.at - distance, self.at + distance)
            found += [self.lines[index] for index in near if 0 <= index < len(self.lines)]
        return found


def holds(signature: Signature, window: Window) -> bool:
    """Whether the signature's `near` patterns all stand around the match and none of its `unless` ones does."""
    return all(_stands(near, window) for near in signature.near) and not any(
        _stands(near, window) for near in signature.unless
    )


def _stands(near: Near, window: Window) -> bool:
    pattern = regex(near.match)
    return any(pattern.search(line) for line in window.outwards(near.within))


def captured(signature: Signature, window: Window) -> Mapping[str, str]:
    """What the signature's capture patterns find, nearest line first."""
    found: dict[str, str] = {}
    for what, pattern in signature.capture.items():
        compiled = regex(pattern)
        for line in window.outwards(0 if what == "status" else REACH):  # another line's number is another answer's
            match = compiled.search(line)
            if match is not None and match.group(1):
                found[what] = match.group(1)
                break
    return found
