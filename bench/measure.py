"""Many things measured in turn, round after round, so that what else the machine does falls on all of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]


class Best:
    """The best time of each name."""

    def __init__(self) -> None:
        self._measures: list[tuple[str, Callable[[], float], int]] = []
        self._best: dict[str, float] = defaultdict(lambda: float("inf"))

    def add(self, name: str, measure: Callable[[], float], times: int = 1) -> None:
        """Something that returns its seconds, and how often a round calls it."""
        self._measures.append((name, measure, times))

    def time(self, name: str, work: Callable[..., object], *arguments: object) -> None:
        """Something that is quick: three times a round."""
        self.add(name, partial(seconds, work, *arguments), 3)

    def round(self) -> None:
        """Everything once more."""
        for name, measure, times in self._measures:
            for _ in range(times):
                self._best[name] = min(self._best[name], measure())

    def __contains__(self, name: str) -> bool:
        return name in self._best

    def __getitem__(self, name: str) -> float:
        return self._best[name]


def seconds(work: Callable[..., object], *arguments: object) -> float:
    """What a call takes."""
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


class Child:
    """Python in a process of its own: its modules compiled, the library cached in a folder or nowhere."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        self._environment = {**kept, "PYTHONPATH": path, "PYTHONPYCACHEPREFIX": str(folder / "modules")}

    def __call__(self, *words: str, cold: bool = False) -> str:
        """What it prints."""
        self._count += cold
        cache = str(self._folder / (f"cold-{self._count}" if cold else "cache"))
        environment = {**self._environment, "FAILURE_INVESTIGATOR_CACHE": cache}
        done = subprocess.run(
            [sys.executable, *words], check=True, capture_output=True, text=True, env=environment, cwd=self._folder
        )
        return done.stdout
