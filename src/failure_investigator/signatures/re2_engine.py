"""RE2 alone, where hyperscan has no wheel: an alternation finds the lines, a set tells their patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from failure_investigator.signatures.engine import Hit, byte_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.signatures.engine import Buffer


class Re2Engine:
    """See `Engine`."""

    name = "re2"

    def __init__(self, patterns: Sequence[str]) -> None:
        options = byte_options()
        options.max_mem = 256 << 20  # below 32 MiB the automaton thrashes: 1 MB/s
        self._any = re2.compile("|".join(f"(?:{p})" for p in patterns).encode(), options=options)
        self._set = re2.Set.SearchSet(options)
        for pattern in patterns:
            self._set.Add(pattern.encode())
        self._set.Compile()

    def lines(self, data: Buffer, start: int, end: int, *, once: bool = False) -> list[Hit]:
        """See `Engine.lines`."""
        block = bytes(data[start:end])
        hits: list[Hit] = []
        told: set[int] = set()
        at = 0
        while at <= len(block) and (match := self._any.search(block, at)) is not None:
            first = block.rfind(b"\n", 0, match.start()) + 1
            found = block.find(b"\n", match.start())
            last = found if found >= 0 else len(block)
            ids = self._set.Match(block[first:last]) or ()
            hits.extend(Hit(start + first, start + last, i) for i in sorted(ids) if i not in told)
            told.update(ids if once else ())
            at = last + 1
        return hits
