"""The status that a refusal printed: a number that decides nothing, but that people search for.

`\\b(401|403|429)\\b` alone matches test names, durations, line numbers and lint codes (docs/field-notes.md); so a number counts
where the words around it make it an HTTP status, and a bare one only on the matched line itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.signatures.close import Window

STATUSES = frozenset({401, 403, 407, 429})
_NUMBER = r"(401|403|407|429)(?![\d%])"
_IN_WORDS = (
    re.compile(
        rf"(?i)(?<![\d.]){_NUMBER}\W{{1,4}}(?:unauthori|not authori|forbidden|too many|proxy auth|client error)"
    ),
    re.compile(
        r"(?i)(?:status(?:[ _-]?code)?|\bcode|error|https?(?:/[\d.]+)?|returned|responded|response|answered|received)"
        rf"[\"'`\\\s:=(\[<>#-]{{0,6}}(?:(?:code|of|was|is|with|status|error)[\"'`\\\s:=(\[]{{1,4}})?{_NUMBER}"
    ),
    re.compile(rf"\bE{_NUMBER}\b|_{_NUMBER}\b"),
)
_BARE = re.compile(r"(?<![\w.:/#\-+,])(401|403|407|429)(?![\w/%\-]|[.:]\d)")


def printed_status(window: Window) -> int | None:
    """The HTTP status printed on the matched line, else on the nearest line that calls it one; None if there is none."""
    line = window.lines[window.at]
    found = _in_words(line)
    if found is None:
        bare = _BARE.search(line)
        found = int(bare.group(1)) if bare else None
    if found is not None:
        return found
    return next((status for near in window.outwards(6)[1:] if (status := _in_words(near)) is not None), None)


def _in_words(line: str) -> int | None:
    for pattern in _IN_WORDS:
        match = pattern.search(line)
        if match:
            return int(next(group for group in match.groups() if group))
    return None
