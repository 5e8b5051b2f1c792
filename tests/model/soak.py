"""Thousands of seeded random histories on two processes: `python -m tests.model.soak --histories 10000 --seed 0`.

Exit code 1 where a sweep broke a rule, with the seed and the steps that it takes, or where a transition came too seldom.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool

from tests.model.history import ViolationError
from tests.model.walk import shrunk, start, steps

TRANSITIONS = (
    "open", "ongoing", "widened", "reclassified", "recovering", "resolved", "regressed", "older commit",
    "new after 90 days", "claimed", "dormant", "abandoned", "muted", "accepted", "insisted", "handed over", "twin closed",
    "capped",
)  # fmt: skip
"""What the table "Issue lifecycle" of docs/design.md has, as the oracle counts it."""
LEAST = 100
"""Of 10,000 histories, how many times each of them has to be walked through."""
PROCESSES = 2


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def lived(seed: int) -> tuple[int, Counter[str], int, int, str]:
    """The seed, what was counted, its steps and sweeps, and how it broke a rule, if it did."""
    history, rng = start(seed)
    broken = ""
    try:
        for name, arguments in steps(history, rng):
            history.do(name, *arguments)
    except ViolationError as error:
        broken = str(shrunk(history, error))
    return seed, history.counts, len(history.steps), history.sweeps, broken


def main() -> int:
    """Walks, and tells what was walked."""
    parser = argparse.ArgumentParser(prog="tests.model.soak")
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    walked = sweeps = 0
    broken = []
    began = time.monotonic()
    with Pool(PROCESSES) as pool:
        for seed, seen, many, swept, why in pool.imap(lived, range(given.seed, given.seed + given.histories), 20):
            counts += seen
            walked, sweeps = walked + many, sweeps + swept
            if why:
                broken.append(seed)
                say(f"seed {seed}: {why}")
    told = f"{given.histories} histories from seed {given.seed}: {walked / given.histories:.1f} steps at the mean"
    say(f"{told}, {sweeps} sweeps in {time.monotonic() - began:.0f} s")
    width = max(map(len, TRANSITIONS))
    say("\n".join(f"  {name:{width}} {counts[name]}" for name in TRANSITIONS))
    seldom = [name for name in TRANSITIONS if counts[name] < LEAST * given.histories // 10_000]
    if seldom:
        say(f"too seldom: {', '.join(seldom)}")
    if broken:
        say(f"{len(broken)} histories broke a rule: seeds {', '.join(map(str, broken[:20]))}")
    return 1 if broken or seldom else 0


if __name__ == "__main__":
    sys.exit(main())
