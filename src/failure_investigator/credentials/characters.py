"""Characters that no eye sees or no header takes: invisible, control, not ASCII, broken, and white space inside."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from failure_investigator.credentials.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.credentials.model import Subject

CHECK = "characters"
_PLAIN = " \t\r\n"
_LOOKS_ALIKE = {"Pi": "quotation mark", "Pf": "quotation mark", "Pd": "dash"}
"""What word processors and chats make of `"` and `-`."""
_RETYPE = "Copy the value again from where it was made, through plain text, and save it again."
_SPACED = ("FlyV1 ",)
"""Documented forms that hold a blank."""


def check_characters(subject: Subject) -> Iterator[Finding]:
    """Everything that is no visible ASCII, by kind and count; the characters themselves are never shown."""
    text, core = subject.value.reveal(), subject.core.reveal()
    found = [
        *_invisible(text),
        *_bytes(text),
        *_alike(core, subject),
        *_letters(core, subject),
        *_inside(core, subject),
    ]
    yield from (
        found or [Finding(CHECK, "fine", "No invisible, typographic or foreign character is in it.")]
        if not _document(core)
        else found
    )


def _document(core: str) -> bool:
    return core.lstrip()[:1] in {"{", "["} or "-----BEGIN" in core


def is_invisible(char: str) -> bool:
    """Whether a character takes no ink, or looks like a blank and is none."""
    category = unicodedata.category(char)
    return char not in _PLAIN and (category in {"Cf", "Zs", "Zl", "Zp", "Cc"} or char in "\u115f\u1160\u3164\u2800")


def _invisible(text: str) -> Iterator[Finding]:
    found = [char for char in text if is_invisible(char)]
    if not found:
        return
    kinds = sorted({_named(char) for char in found})
    yield Finding(
        CHECK,
        "wrong",
        f"{_count(len(found), 'invisible character')} in it ({', '.join(kinds[:4])}{' …' if len(kinds) > 4 else ''}): "
        "it looks right and is not.",
        _RETYPE,
    )


def _named(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, 'control character').lower()}"


def _bytes(text: str) -> Iterator[Finding]:
    """Bytes that are no UTF-8 come as lone surrogates."""
    broken = sum(unicodedata.category(char) == "Cs" for char in text)
    if broken:
        says = f"{_count(broken, 'byte')} in it are no UTF-8: it was saved in another encoding, or is a binary file."
        yield Finding(CHECK, "wrong", says, "Save it as UTF-8 without a byte order mark; a binary file in base64.")


def _alike(core: str, subject: Subject) -> Iterator[Finding]:
    found = {
        _LOOKS_ALIKE[kind]
        for char in core
        if not char.isascii() and (kind := unicodedata.category(char)) in _LOOKS_ALIKE
    }
    if "…" in core:
        found.add("ellipsis")
    if found:
        says = f"It holds a typographic {' and a '.join(sorted(found))}: a word processor, a chat or a shortened view changed it."
        yield Finding(CHECK, "wrong" if subject.wants != "any" else "suspicious", says, _RETYPE)


def _letters(core: str, subject: Subject) -> Iterator[Finding]:
    """Visible and not ASCII: right in a password or a document, impossible in a token."""
    count = sum(
        not char.isascii() and unicodedata.category(char)[0] in "LMNS" and not is_invisible(char) for char in core
    )
    if not count or _document(core):
        return
    says = f"{_count(count, 'character')} in it {'is' if count == 1 else 'are'} not ASCII"
    if subject.wants == "token":
        yield Finding(CHECK, "wrong", f"{says}: no service makes such tokens, and a header cannot carry them.", _RETYPE)
    else:
        yield Finding(CHECK, "suspicious", f"{says}: clients encode that differently.", "Use a value of ASCII only.")


def _inside(core: str, subject: Subject) -> Iterator[Finding]:
    if subject.wants != "token" or _document(core) or core.startswith(_SPACED):
        return
    lines, blanks = len(core.splitlines()), len(re.findall(r"[ \t]", core))
    if lines > 1:
        says = f"It has {lines} lines; a token has one: a whole file, two values, or a wrapped line was saved."
        yield Finding(CHECK, "wrong", says, "Save the token's line alone.")
    elif blanks:
        yield Finding(CHECK, "wrong", f"{_count(blanks, 'blank')} inside it; tokens have none.", _RETYPE)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
