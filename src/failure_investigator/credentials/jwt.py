"""The times in a JSON Web Token: decoded, never verified (https://www.rfc-editor.org/rfc/rfc7519#section-4.1)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from failure_investigator.credentials.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.credentials.model import Subject

CHECK = "expiry"
_FORM = re.compile(r"[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*")
_SKEW = timedelta(minutes=5)
"""What services commonly forgive."""
_SHORT = timedelta(hours=24)
_AGAIN = "Get a new one; if it always lives that short, make it in the job instead of storing it."
_CLOCK = "Set the clock of the machine that made it, or of this one."


def claims_of(text: str) -> dict[str, Any] | None:
    """The claims of a signed token, or None when the text is none."""
    if not _FORM.fullmatch(text):
        return None
    header, claims = (_decoded(part) for part in text.split(".")[:2])
    return claims if "alg" in header else None


def check_expiry(subject: Subject, now: datetime) -> Iterator[Finding]:
    """Whether a token's own times let it be used at `now`; nothing is said of other credentials."""
    core = subject.core.reveal()
    claims = claims_of(core)
    if claims is None:
        return
    issued, begins, ends = (_time(claims.get(name)) for name in ("iat", "nbf", "exp"))
    if ends and ends <= now:
        yield Finding(CHECK, "wrong", f"It is a JSON Web Token that expired on {_shown(ends)}.", _AGAIN)
    elif begins and begins > now + _SKEW:
        yield Finding(CHECK, "wrong", f"It is a JSON Web Token that counts only from {_shown(begins)} on.", _CLOCK)
    elif issued and issued > now + _SKEW:
        says = f"It is a JSON Web Token that says it was made in the future ({_shown(issued)}): services refuse that."
        yield Finding(CHECK, "wrong", says, _CLOCK)
    elif ends and ends - now < _SHORT:
        says = f"It is a JSON Web Token that expires on {_shown(ends)}."
        yield Finding(CHECK, "suspicious", says, "Stored as a secret it will soon be refused: make it in the job.")
    elif ends:
        yield Finding(CHECK, "fine", f"It is a JSON Web Token that counts until {_shown(ends)}.")
    else:
        says = "It is a JSON Web Token that names no end that can be read; the service may still have ended it."
        yield Finding(CHECK, "fine", says)


def _decoded(part: str) -> dict[str, Any]:
    try:
        data = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _time(value: object) -> datetime | None:
    """Seconds since 1970; None for what no calendar has."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
