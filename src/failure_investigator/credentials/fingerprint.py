"""A way to tell two values apart, or the same, without showing them.

Shown are the public prefix and two characters of the end, and only of a long value with a known prefix. The beginning
of its SHA-256 is offered only for what a machine made at random: of a password that can be guessed, a hash would tell
whoever reads the log when the guess is right.
"""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from failure_investigator.credentials.encoded import decoded

if TYPE_CHECKING:
    from failure_investigator.credentials.model import Subject

_LEAST = 20
_LEAST_AFTER_PREFIX = 16
_LEAST_WITHOUT = 32
"""Without a public prefix nothing says that a machine made it; people rarely make up so much."""
_TAIL = 2
_DIGITS = 8
_DISTINCT = 10
_TURNS = 0.25
"""A random value changes between small, capital, digit and mark at every second character, words rarely."""
_RUNS = 3


def fingerprint(subject: Subject, prefix: str) -> str | None:
    """`ghp_…9f, SHA-256 begins 1a2b3c4d`, one of the two, or None; `prefix` is the public one that the value has."""
    core = subject.core.reveal()
    if len(core) < _LEAST or not re.fullmatch(r"[\x21-\x7e]+", core):
        return None
    rest = core[len(prefix) :]
    shown = [f"{prefix}…{core[-_TAIL:]}"] if prefix and len(rest) >= _LEAST_AFTER_PREFIX else []
    made = bool(prefix) or (subject.wants == "token" and not re.search(r"[:{]", core) and not decoded(core))
    if made and looks_random(rest, _LEAST_AFTER_PREFIX if prefix else _LEAST_WITHOUT):
        shown.append(f"SHA-256 begins {hashlib.sha256(core.encode()).hexdigest()[:_DIGITS]}")
    return ", ".join(shown) or None


def looks_random(text: str, least: int) -> bool:
    """Whether only a machine makes such text: many different characters, digits all over it, kinds that alternate."""
    if len(text) < least or len(set(text)) < _DISTINCT:
        return False
    if len(re.findall(r"[0-9]+", text)) < _RUNS:
        return False
    kinds = re.sub(r"[^A-Za-z0-9]", "-", re.sub(r"[0-9]", "0", re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", text))))
    turns = sum(one != two for one, two in pairwise(kinds))
    return turns >= _TURNS * len(text)
