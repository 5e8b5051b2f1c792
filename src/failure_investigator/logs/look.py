"""The first look at a log, from memory or in blocks: one pass that leaves the text to read and the places to read it at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from failure_investigator.logs.blocks import file_blocks, line_start
from failure_investigator.logs.excerpt import Keeper, excerpt
from failure_investigator.logs.marks import MARKS, SIGNALS
from failure_investigator.logs.text import LogText
from failure_investigator.signatures.scanner import Pass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from failure_investigator.logs.blocks import Block
    from failure_investigator.signatures.engine import Hit
    from failure_investigator.signatures.scanner import Scanner

T = TypeVar("T")
R = TypeVar("R")
WHOLE = 8 << 20
"""Bytes of a log that is kept whole; of a larger one an excerpt is."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A log after the first look."""

    log: LogText
    hits: tuple[Hit, ...]
    """Lines that hold a pattern of the library."""
    marks: tuple[int, ...]
    """Offsets of the runner's structural lines."""


def look_at(data: bytes | bytearray, scanner: Scanner) -> Looked:
    """Look at a log in memory."""
    return _sorted(LogText(data), scanner.look(data), scanner)


def look_at_blocks(blocks: Iterable[Block], size: int, scanner: Scanner) -> Looked:
    """Look at a log of about `size` bytes that comes in blocks and is not kept."""
    return _excerpted([_kept(blocks, size, scanner)], scanner)


def look_at_file(path: Path, size: int, scanner: Scanner) -> Looked:
    """Look at a large file, in as many parts as there are processors. Raises `OSError`."""
    bounds = sorted({0, size, *(line_start(path, size * part // threads()) for part in range(1, threads()))})
    parts = list(pairwise(bounds))

    def keep(part: tuple[int, int]) -> Keeper:
        return _kept(file_blocks(path, *part), size - part[0], scanner)

    return _excerpted(in_threads(keep, parts, threads()), scanner)


def threads() -> int:
    """Processors that this process may use, up to four: more threads need more memory and gain little."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(count, 4)


def in_threads(work: Callable[[T], R], things: Sequence[T], most: int) -> list[R]:
    """The results of `work` in order, from at most so many threads; inflating and scanning run beside each other."""
    if most < 2 or len(things) < 2:
        return [work(thing) for thing in things]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=min(most, len(things))) as pool:
        return list(pool.map(work, things))


def _kept(blocks: Iterable[Block], size: int, scanner: Scanner) -> Keeper:
    """`size` counts from the first block to the log's end."""
    keeper, one_pass = Keeper(_narrow(scanner)), Pass(scanner)
    for data, end in blocks:
        keeper.take(data, end, one_pass.lines(data, 0, end, left=size - keeper.size - end))
    keeper.end()
    return keeper


def _narrow(scanner: Scanner) -> frozenset[int]:
    """Pattern numbers of marks and signals, but for errors, whose message says what to make of them."""
    library = len(scanner.names)
    noted = range(library, library + len(MARKS) + len(SIGNALS))
    return frozenset(noted) - {library + MARKS.index("##[error]")}


def _excerpted(keepers: Sequence[Keeper], scanner: Scanner) -> Looked:
    kept = excerpt(keepers)
    return _sorted(LogText(kept.data, kept.gaps), kept.hits, scanner)


def _sorted(log: LogText, hits: Sequence[Hit], scanner: Scanner) -> Looked:
    library, marks = len(scanner.names), len(scanner.names) + len(MARKS)
    return Looked(
        log,
        tuple(hit for hit in hits if hit.pattern < library),
        tuple(hit.start for hit in hits if library <= hit.pattern < marks),
    )
