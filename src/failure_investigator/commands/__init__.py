"""The commands, a thin module each: `HELP`, `configure(parser)` and `run(arguments, surroundings) -> exit code`.

A module here parses, calls and prints; what it calls does the work and knows nothing of a command line. Heavy modules
are imported inside `run`, so that `--help` stays fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import BinaryIO, TextIO

    from failure_investigator.console import Console


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command gets from the edge instead of reaching for it."""

    environ: Mapping[str, str]
    stdin: BinaryIO
    stdout: TextIO
    """Data goes here."""
    stderr: TextIO
    console: Console
    """Talk goes here, to stderr."""
    clock: Callable[[], datetime]
