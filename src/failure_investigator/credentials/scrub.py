"""What a service answered, without any piece of the credential in it: services repeat what they were sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from failure_investigator.console import clean
from failure_investigator.redact import MASK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.values import Secret

PIECE = 4
"""So many characters in a row that stand in the value too are a piece of it."""
LONGEST = 200
_READ = 4096
_LEAST = 8
"""Of a shorter value nothing from outside is shown: every word would be a piece of it."""
_MESSAGE = re.compile(r'"(?:message|error_description|detail|error|title|msg|reason)"\s*:\s*"((?:[^"\\]|\\.){3,})"')
_TITLE = re.compile(r"<title[^>]*>([^<]{3,300})<", re.IGNORECASE)


def said(body: bytes, secrets: Sequence[Secret]) -> str:
    """One line of at most `LONGEST` characters: the message in JSON, a page's title, or the first line; redacted."""
    text = body[:_READ].decode("utf-8", "replace")
    found = _MESSAGE.search(text) or _TITLE.search(text)
    if not found and text.lstrip().startswith("<"):
        return ""
    line = found[1] if found else next((line for line in text.splitlines() if line.strip()), "")
    shown = scrubbed(" ".join(clean(line).split()), secrets)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def scrubbed(text: str, secrets: Sequence[Secret]) -> str:
    """`text` with everything that is a piece of a secret, in any case or URL-encoded, as `***`."""
    values = [secret.reveal() for secret in secrets if secret]
    if any(len(value) < _LEAST for value in values):
        return ""
    forms = {form.lower() for value in values for form in (value, quote(value, safe="", errors="replace"))}
    lowered = text.lower() if len(text.lower()) == len(text) else text
    hidden = [False] * len(text)
    for at in range(len(text) - PIECE + 1):
        if any(lowered[at : at + PIECE] in form for form in forms):
            hidden[at : at + PIECE] = [True] * PIECE
    masked = "".join("\0" if hide else char for char, hide in zip(text, hidden, strict=True))
    return re.sub(r"\0+", lambda _: MASK, masked)
