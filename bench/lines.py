"""Lines as the programs of a build print them, made of `bench/lines.txt`: what stands around a refusal in a log.

The file is steps under `[names]`. `| ` begins a line that is printed; `40-400` says how many times one of the `? ` lines
below is printed, each with the `+ ` lines that belong to it. `<word>`, `<n>` and the others of `MADE` are made up anew each
time, `<a|b>` is one of them, and what stands behind `<*20-400>` is repeated so often within its line.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

BARE = "\0"
"""Begins a line that stands in the log without a time, as the rest of a message with newlines in it does."""
SOURCE = Path(__file__).with_suffix(".txt")
_MADE = re.compile(r"<(?:(word|Word|name|version|n|status|bare|empty)|(hex|base64):(\d+)|([\w-]+(?:\|[\w-]+)+))>")
_REPEATED = re.compile(r"<\*(\d+)(?:-(\d+))?>")
_TIMES = re.compile(r"(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Part:
    """Between so many and so many times one of the groups of lines."""

    least: int
    most: int
    groups: list[list[str]] = field(default_factory=list)


class Maker:
    """Makes lines of templates."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._words: list[str] = []
        self._steps: list[list[Part]] = []
        for line in SOURCE.read_text(encoding="utf-8").replace("\\e", "\x1b").splitlines():
            self._read(line)
        self._made: dict[str, Callable[[], str]] = {
            "word": self._word,
            "Word": lambda: self._word().title(),
            "name": lambda: f"{self._word()}-{self._word()}",
            "version": lambda: f"{self._number(20)}.{self._number(40)}.{self._number(30)}",
            "n": lambda: str(self._number(1000)),
            "status": lambda: random.choice(("401", "403", "429")),
            "bare": lambda: BARE,
            "empty": str,
        }

    def lines(self) -> Iterator[str]:
        """One step after the other without an end, all of them before one comes again."""
        while True:
            for step in self._random.sample(self._steps, len(self._steps)):
                for part in step:
                    for _ in range(self._random.randint(part.least, part.most)):
                        yield from map(self._line, self._random.choice(part.groups))

    def _read(self, line: str) -> None:
        if line.startswith("words: "):
            self._words += line.split()[1:]
        elif line.startswith("["):
            self._steps.append([])
        elif line.startswith("| "):
            self._steps[-1].append(Part(1, 1, [[line[2:]]]))
        elif line.startswith("? "):
            self._steps[-1][-1].groups.append([line[2:]])
        elif line.startswith("+ "):
            self._steps[-1][-1].groups[-1].append(line[2:])
        elif times := _TIMES.fullmatch(line):
            self._steps[-1].append(Part(int(times[1]), int(times[2])))

    def _line(self, template: str) -> str:
        repeated = _REPEATED.search(template)
        if repeated:
            least = int(repeated[1])
            times = self._random.randint(least, int(repeated[2] or least))
            template = template[: repeated.start()] + template[repeated.end() :] * times
        return _MADE.sub(self._make, template)

    def _make(self, match: re.Match[str]) -> str:
        if match[1]:
            return self._made[match[1]]()
        if match[4]:
            words: list[str] = match[4].split("|")
            return self._random.choice(words)
        size = int(match[3])
        if match[2] == "hex":
            return self._random.randbytes(size).hex()[:size]
        return base64.b64encode(self._random.randbytes(size)).decode()

    def _word(self) -> str:
        return self._words[self._number(len(self._words))]

    def _number(self, below: int) -> int:
        return int(self._random.random() * below)
