"""The figures as a table, each beside the bar that it has to reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bench.measure import Best

HEAD = f"{'':48} {'engine':>10} {'other':>10} {'':>9} {'bar':>14}"
MIB = 1024


class Row(NamedTuple):
    """A line of the table. The bar is the least ratio or rate, or the most seconds or memory."""

    what: str
    ours: str
    other: str
    value: float
    unit: str
    bar: float
    least: bool = True

    def __str__(self) -> str:
        line = f"{self.what:48} {self.ours:>10} {self.other:>10} {self.value:7.2f} {self.unit:4}"
        reached = self.value >= self.bar if self.least else self.value <= self.bar
        bar = f"{'>=' if self.least else '<='} {self.bar:g} {self.unit}"
        return f"{line} {bar:>11}" + ("" if reached else "   NOT REACHED")


def rows(best: Best, sizes: Mapping[str, int], memory: Mapping[str, int]) -> Iterator[Row]:
    """All lines; those of a program that is not there are left out."""
    yield from _text(best, sizes)
    yield from _zip(best, sizes["zip"])
    rate = sizes["refusals"] / best["refusals"] / 1e6
    other = _rate(sizes["refusals"], best["refusals c"]) if "refusals c" in best else ""
    yield Row("nothing but refusals; C", _rate(sizes["refusals"], best["refusals"]), other, rate, "MB/s", 150)
    if "text rg" in best:
        ratio = best["text rg"] / best["explain"]
        yield Row("explain, a process; ripgrep", _time(best["explain"]), _time(best["text rg"]), ratio, "x", 2)
    bare = best["bare"]
    for name, what, bar in START_UP:
        yield Row(what, _time(best[name]), _time(bare), best[name] - bare, "s", bar, least=False)
    peak = (memory["peak"] - memory["imports"]) / MIB
    library = (memory["ready"] - memory["imports"]) / MIB
    yield Row(
        "memory, two threads; of it the library", f"{peak:.1f} MiB", f"{library:.1f} MiB", peak, "MiB", 40, least=False
    )


START_UP = (
    ("ready", "scanner ready; bare interpreter", 0.06),
    ("library", "whole library; bare interpreter", 0.3),
    ("cold", "whole library, nothing cached; bare interpreter", 1.5),
)


def _text(best: Best, sizes: Mapping[str, int]) -> Iterator[Row]:
    size, took = sizes["text"], best["text"]
    ours = _rate(size, took)
    if "text c" in best:
        yield Row("text -> line numbers; C", ours, _rate(size, best["text c"]), best["text c"] / took, "x", 0.8)
    if "text rg" in best:
        yield Row("text -> line numbers; ripgrep", ours, _rate(size, best["text rg"]), best["text rg"] / took, "x", 3.5)
        rest, beyond = size - sizes["head"], best["text rg"] - best["head rg"]
        if beyond > 0:
            what = "  the same; ripgrep beyond the first quarter"
            yield Row(what, ours, _rate(rest, beyond), size / took / (rest / beyond), "x", 3.5)


def _zip(best: Best, size: int) -> Iterator[Row]:
    one, two = best["zip 1"], best["zip 2"]
    if "zip c" in best:
        yield Row(
            "zip -> hits, one thread; C", _rate(size, one), _rate(size, best["zip c"]), best["zip c"] / one, "x", 0.85
        )
    yield Row("zip -> hits, two threads; one", _rate(size, two), _rate(size, one), one / two, "x", 1.5)


def _rate(size: int, seconds: float) -> str:
    return f"{size / seconds / 1e6:.0f} MB/s"


def _time(seconds: float) -> str:
    return f"{seconds:.3f} s"
