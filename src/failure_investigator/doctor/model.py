"""What `doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "unknown", "warning", "refused"]
"""`refused` is whatever keeps a sweep from doing its work; `unknown` what GitHub tells nobody before something is written."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    says: str
    do: str = ""
    """What to do, as a sentence."""
    add: str = ""
    """The line or lines to add, as they are pasted; '' when nothing is to be added."""
