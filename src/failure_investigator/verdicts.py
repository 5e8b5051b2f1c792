"""Which failed jobs were judged before to show no refusal: their logs are not downloaded again.

What was found is kept by the issues' markers; that nothing was found is kept by the state file alone. A verdict counts for
the library and the version of the program that gave it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from failure_investigator import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from failure_investigator.model import Job, Run
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.state import StateFile


class Verdicts(Protocol):
    """What is known of jobs that were judged."""

    def cleared(self, run: Run, jobs: Iterable[Job]) -> bool:
        """Whether each failed job of a run was judged to show no refusal."""

    def keep(self, run: Run, found: Mapping[int, str]) -> None:
        """Keep what reading a run's logs gave: job id → fingerprint, empty for no refusal."""


class Forgetful:
    """See `Verdicts`: nothing is known, and nothing kept."""

    def cleared(self, run: Run, jobs: Iterable[Job]) -> bool:  # noqa: ARG002 - the protocol's signature
        """See `Verdicts.cleared`."""
        return False

    def keep(self, run: Run, found: Mapping[int, str]) -> None:
        """See `Verdicts.keep`."""


class Recorded:
    """See `Verdicts`: those of a state file, for one library."""

    def __init__(self, state: StateFile, scanner: Scanner) -> None:
        self._state, self._library = state, digest(scanner)

    def cleared(self, run: Run, jobs: Iterable[Job]) -> bool:
        """See `Verdicts.cleared`."""
        known = self._state.judged(run.repository, run.key, self._library)
        failed = [job.id for job in jobs if job.failed]
        return bool(failed) and all(known.get(number) == "" for number in failed)

    def keep(self, run: Run, found: Mapping[int, str]) -> None:
        """See `Verdicts.keep`."""
        self._state.judge(run.repository, run.key, self._library, found)


def digest(scanner: Scanner) -> str:
    """What a verdict hangs on: the program's version and every pattern."""
    about = [__version__, *(f"{name} {pattern}" for pattern, name in scanner.rulebook.patterns)]
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:16]
