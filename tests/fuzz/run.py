"""Read hostile logs until the time is over, and hold each answer against what must be true of any.

    python -m tests.fuzz.run [--seconds 300] [--seed N]

A case that fails is written down with its seed; a case that takes half a minute ends the run with a traceback.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import sys
import time
from pathlib import Path

from failure_investigator.errors import UsageError
from failure_investigator.explain import explain_bytes
from failure_investigator.logs.archive import read_zip
from failure_investigator.signatures.scanner import built_in
from tests.fuzz.cases import make_case

LONGEST = 30
"""Seconds for one case of less than a few megabytes."""


def check(data: bytes) -> int:
    """Explain one case; the number of places found. Raises `AssertionError` for an answer that cannot be."""
    scanner = built_in()
    for hit in scanner.look(data):
        assert 0 <= hit.start <= hit.end <= len(data), hit
        assert b"\n" not in data[hit.start : hit.end], hit
    try:
        answer = explain_bytes("case", data, scanner).answer
    except UsageError:
        return 0
    json.loads(json.dumps(answer))
    texts = {None: data} if all(entry["member"] is None for entry in answer["refusals"]) else dict(read_zip(data))
    for entry in answer["refusals"]:
        assert 1 <= entry["line"] <= texts[entry["member"]].count(b"\n") + 1, entry
    for diagnosis in answer["diagnoses"]:
        for fact in diagnosis["evidence"]:
            assert fact["line"] is None or 1 <= fact["line"] <= texts[diagnosis["member"]].count(b"\n") + 1, fact
    return len(answer["refusals"])


def walk(seed: int, *, cases: int | None = None, seconds: float = 0) -> tuple[int, int]:
    """Cases from `seed` on, so many or so long; how many there were and how many places they held."""
    done = places = 0
    end = time.monotonic() + seconds
    while done < cases if cases is not None else time.monotonic() < end:
        data = make_case(random.Random(seed + done))  # noqa: S311 - to be repeated, not to be secret
        faulthandler.dump_traceback_later(LONGEST, exit=True)
        try:
            places += check(data)
        except Exception:
            Path(f"fuzz-{seed + done}.bin").write_bytes(data)
            sys.stderr.write(f"The case of seed {seed + done} fails; it lies in fuzz-{seed + done}.bin\n")
            raise
        finally:
            faulthandler.cancel_dump_traceback_later()
        done += 1
    return done, places


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**9)
    args = parser.parse_args()
    done, places = walk(args.seed, seconds=args.seconds)
    sys.stdout.write(f"{done} cases from seed {args.seed} on, {places} places found in them, nothing wrong.\n")


if __name__ == "__main__":
    main()
