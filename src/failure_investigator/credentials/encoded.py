"""Base64 of the real thing: of a token, of `user:password`, of a JSON document or a key."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from failure_investigator.credentials.formats import formats_of
from failure_investigator.credentials.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from failure_investigator.credentials.model import Severity, Subject
    from failure_investigator.signatures.rulebook import Service

CHECK = "encoding"
_ENCODED = re.compile(r"[A-Za-z0-9+/_\-]{16,}={0,2}")
_PAIR = re.compile(r"[\x21-\x39\x3b-\x7e]{0,100}:[\x21-\x7e]{3,}")
_DECODE = 'Save it decoded: `printf "%s" "$VALUE" | base64 --decode`.'


def check_encoding(subject: Subject, services: Mapping[str, Service]) -> Iterator[Finding]:
    """Whether the value, or what follows a user name in it, is a credential in other clothes."""
    core = subject.core.reveal()
    inner = decoded(core)
    known = formats_of(inner, services)
    if known:
        yield Finding(CHECK, "wrong", f"It is base64 of {known[0].owner}'s {_form(known[0].prefix)}.", _DECODE)
    elif inner.lstrip().startswith(("{", "-----BEGIN")):
        what = "a JSON document" if inner.lstrip().startswith("{") else "a key"
        severity: Severity = "wrong" if subject.wants == "token" else "suspicious"
        says = f"It is base64 of {what}: right only where the step decodes it first."
        yield Finding(CHECK, severity, says, "Decode it in the step, or save it as it is.")
    elif _PAIR.fullmatch(inner.strip()):
        yield from _pair(subject)
    elif subject.wants == "token" and formats_of(core.partition(":")[2], services) and "://" not in core:
        says = "A user name and a colon stand in front of the token."
        yield Finding(CHECK, "wrong", says, "Save the token alone; the user name has a field or variable of its own.")


def _pair(subject: Subject) -> Iterator[Finding]:
    if subject.service and "base64" in subject.service.header:
        yield Finding(CHECK, "fine", "It is base64 of a user and a password, as the header wants it.")
        return
    says = "It is base64 of a user and a password: what stands in a header Basic, not what a client is given."
    yield Finding(CHECK, "suspicious", says, "Save the password or token alone, unless the client asks for this form.")


def _form(prefix: str) -> str:
    return f"format ({prefix}…)"


def decoded(text: str) -> str:
    """The text inside base64 of either alphabet, or '' when it is none or holds no text."""
    packed = re.sub(r"\s", "", text)
    if not _ENCODED.fullmatch(packed):
        return ""
    plain = packed.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        inner = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return inner if re.fullmatch(r"[\x20-\x7e\r\n\t]+", inner) else ""
