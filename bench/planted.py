"""Whether what was planted in a log was found, and only that."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.generator import Log, Planted

    from failure_investigator.signatures.engine import Hit


def missed(log: Log, hits: Iterable[Hit], names: Sequence[str]) -> list[Planted]:
    """Refusals whose signature has no hit on their lines."""
    return [entry for entry, found in _found(log, hits, names) if entry.example.refusal and not found]


def mistaken(log: Log, hits: Iterable[Hit], names: Sequence[str]) -> list[Planted]:
    """Near-misses that were taken for what they nearly are."""
    return [entry for entry, found in _found(log, hits, names) if found and not entry.example.refusal]


def stray(log: Log, hits: Iterable[Hit]) -> list[Hit]:
    """Hits where nothing was planted."""
    starts = [entry.start for entry in log.planted]
    inside = ((hit, bisect_left(starts, hit.start + 1) - 1) for hit in hits)
    return [hit for hit, at in inside if at < 0 or hit.start >= log.planted[at].end]


def _found(log: Log, hits: Iterable[Hit], names: Sequence[str]) -> Iterator[tuple[Planted, bool]]:
    """Each planted example, and whether its own signature has a hit there."""
    places = [(hit.start, names[hit.pattern]) for hit in hits]
    for entry in log.planted:
        here = places[bisect_left(places, (entry.start, "")) : bisect_left(places, (entry.end, ""))]
        yield entry, any(name == entry.example.signature for _, name in here)
