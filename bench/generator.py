"""Logs of any size with refusals planted in them, the same ones for the same seed.

Some megabytes of text (`bench/lines.txt`) are made line by line; a log is blocks of it in a seeded order, each block moved to
a minute of its own, with examples of the library put in between: the hits of its signatures are refusals that have to
be found, the misses are near-misses that must not be taken for them. So 256 MiB take about a second.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import TYPE_CHECKING

from bench.lines import BARE, Maker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from failure_investigator.signatures.rulebook import Rulebook

BLOCK = 256 * 1024
DISTINCT = 48
"""Blocks of text that differ in more than their minute: 12 MiB."""
EVERY = 128 * 1024
"""Bytes of text for one refusal and for one near-miss: logs of failed jobs held five lines a megabyte that match."""
MINUTE = b"2026-05-04T00:00:"
STAMP = MINUTE + b"00.0000000Z "
START = datetime(2026, 5, 4, tzinfo=UTC)
BOM = b"\xef\xbb\xbf"
END = (b"##[error]Process completed with exit code 1.", b"Post job cleanup.", b"Cleaning up orphan processes")


@dataclass(frozen=True, slots=True)
class Example:
    """One example of the library."""

    signature: str
    lines: tuple[bytes, ...]
    refusal: bool
    """A hit of the signature, else a near-miss."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Where an example stands: byte offsets of its lines, and the number of the first one."""

    example: Example
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Log:
    """A job's text and what was put into it."""

    data: bytes
    planted: tuple[Planted, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A run's zip, and the logs of its jobs by their paths in it."""

    data: bytes
    jobs: dict[str, Log]


def examples(rulebook: Rulebook) -> list[Example]:
    """All examples of the library. Near-misses that only the lines around them rule out are none for one line."""
    found = []
    for signature in rulebook.signatures.values():
        misses = () if signature.near or signature.unless else signature.misses
        for texts, refusal in ((signature.hits, True), (misses, False)):
            found += [Example(signature.name, tuple(text.encode().split(b"\n")), refusal) for text in texts]
    return found


def make_log(size: int, seed: int, pool: Sequence[Example], every: int = EVERY) -> Log:
    """A failed job's log of about `size` bytes, with one refusal and one near-miss in each `every` bytes."""
    random = Random(seed)
    chosen = [_shuffled(pool, random, refusal=refusal) for refusal in (True, False)]
    log = _Growing()
    log.add(BOM)
    for block in _blocks(random, size):
        here = max(1, round(len(block) / every))
        entries = [entry for examples in chosen for entry in islice(examples, here)]
        at = 0
        for place, entry in zip(sorted(_line_start(block, random) for _ in entries), entries, strict=True):
            log.add(block[at:place])
            log.plant(entry, block[place : place + len(STAMP)])
            at = place
        log.add(block[at:])
    log.add(b"".join(STAMP + line + b"\n" for line in END).replace(MINUTE, _minute(-(-size // BLOCK))))
    return log.done()


def make_refusals(size: int, seed: int, pool: Sequence[Example]) -> Log:
    """A log of nothing but refusals."""
    refusals = _shuffled(pool, Random(seed), refusal=True)
    log = _Growing()
    while log.size < size:
        log.plant(next(refusals), STAMP)
    return log.done()


def make_run(jobs: int, size: int, seed: int, pool: Sequence[Example]) -> Run:
    """A run's zip as GitHub lays it out (docs/log-format.md): each job as a whole, and again step by step."""
    buffer, logs = io.BytesIO(), {}
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(jobs):
            job = f"test ({number})"
            log = logs[f"{number}_{job}.txt"] = make_log(size, seed + number, pool)
            _write(archive, f"{number}_{job}.txt", log.data)
            for step, text in enumerate(re.split(rb"(?m)^(?=\S+Z ##\[group\]Run )", log.data.removeprefix(BOM)), 1):
                _write(archive, f"{job}/{step}_Step {step}.txt", BOM + text)
            _write(archive, f"{job}/system.txt", STAMP + b"Requested labels: ubuntu-latest")
    return Run(buffer.getvalue(), logs)


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    about = zipfile.ZipInfo(name, date_time=(2026, 5, 4, 0, 0, 0))
    archive.writestr(about, data, zipfile.ZIP_DEFLATED, compresslevel=6)


def _shuffled(pool: Sequence[Example], random: Random, *, refusal: bool) -> Iterator[Example]:
    chosen = [example for example in pool if example.refusal == refusal]
    random.shuffle(chosen)
    return cycle(chosen)


class _Growing:
    """A log as it is put together."""

    def __init__(self) -> None:
        self.size = 0
        self._lines = 0
        self._parts: list[bytes] = []
        self._planted: list[Planted] = []

    def add(self, data: bytes) -> None:
        self._parts.append(data)
        self.size += len(data)
        self._lines += data.count(b"\n")

    def plant(self, example: Example, stamp: bytes) -> None:
        """An example, each of its lines with a time, or without one where the log has none."""
        stamp = stamp if stamp.endswith(b"Z ") else b""
        text = b"".join(stamp + line + b"\n" for line in example.lines)
        self._planted.append(Planted(example, self.size, self.size + len(text), self._lines + 1))
        self.add(text)

    def done(self) -> Log:
        return Log(b"".join(self._parts), tuple(self._planted))


def _blocks(random: Random, size: int) -> Iterator[bytes]:
    """Text of so many bytes in all, every block a minute later."""
    lines = Maker(random).lines()
    made: list[bytes] = []
    for number in range(-(-size // BLOCK)):
        if number < DISTINCT:
            made.append(_block(lines))
        block = made[number] if number < DISTINCT else random.choice(made)
        end = block.rfind(b"\n", 0, min(BLOCK, size - number * BLOCK)) + 1
        if end:
            yield block[:end].replace(MINUTE, _minute(number))


def _block(lines: Iterator[str]) -> bytes:
    """The next lines, a little more than a block of them, spread over one minute."""
    texts: list[bytes] = []
    size = 0
    while size <= BLOCK:
        texts.append(next(lines).encode())
        size += len(texts[-1]) + (1 if texts[-1].startswith(BARE.encode()) else 1 + len(STAMP))
    return b"".join(_line(text, 60 * at / len(texts)) for at, text in enumerate(texts))


def _line(text: bytes, second: float) -> bytes:
    if text.startswith(BARE.encode()):
        return text[1:] + b"\n"
    return MINUTE + b"%010.7fZ " % second + text + b"\n"


def _minute(number: int) -> bytes:
    return f"{START + timedelta(minutes=number):%Y-%m-%dT%H:%M:}".encode()


def _line_start(block: bytes, random: Random) -> int:
    """Where some line begins."""
    return block.find(b"\n", random.randrange(len(block))) + 1
