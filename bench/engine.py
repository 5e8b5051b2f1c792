"""The engine side by side with ripgrep and with the same work in C, in one run: seconds, ratios, and the bars to reach.

    python -m bench.engine [--mib N] [--jobs N] [--job-mib N] [--rounds N] [--seed N]

Every figure is the best of the rounds, in each of which everything is measured in turn: figures of one run compare, those
of two runs do not. The logs are made by `bench/generator.py` with refusals of the library planted in them; one that is
not found makes the exit code 1. A bar that is not reached is printed as such and no more: machines differ.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench import ours, reference, rg
from bench.generator import Log, examples, make_log, make_refusals, make_run
from bench.measure import Best, Child, seconds
from bench.planted import missed
from bench.table import HEAD, rows

from failure_investigator.signatures.scanner import built_in

if TYPE_CHECKING:
    from collections.abc import Iterable

MIB = 1 << 20
REFUSALS = 32 * MIB


class Files:
    """All that is read, made once."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self._folder = folder
        pool = examples(built_in().rulebook)
        self.log = make_log(options.mib * MIB, options.seed, pool)
        self.refused = make_refusals(REFUSALS, options.seed, pool)
        self.run = make_run(options.jobs, options.job_mib * MIB, options.seed, pool)
        self.patterns = self._write("patterns", "".join(f"{p}\n" for p in ours.patterns()).encode())
        self.text = self._write("log.txt", self.log.data)
        self.head = self._write("head.txt", self.log.data[: self.log.data.rfind(b"\n", 0, len(self.log.data) // 4) + 1])
        self.refusals = self._write("refusals.txt", self.refused.data)
        self.zip = self._write("run.zip", self.run.data)

    def _write(self, name: str, data: bytes) -> Path:
        path = self._folder / name
        path.write_bytes(data)
        return path

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of text; a zip counts each job once."""
        texts = {name: getattr(self, name).stat().st_size for name in ("text", "head", "refusals")}
        return {**texts, "zip": sum(len(log.data) for log in self.run.jobs.values())}


def measures(files: Files, child: Child) -> Best:
    """What the engine and the program are measured at."""
    best = Best()
    best.time("text", ours.scan_text, files.text)
    for threads in (1, 2):
        best.time(f"zip {threads}", ours.scan_zip, files.zip, threads)
    best.time("refusals", ours.scan_text, files.refusals)
    best.time("bare", child, "-c", "pass")
    best.time("ready", child, "-c", ours.READY)
    best.time("library", child, "-c", ours.LIBRARY)
    best.add("cold", partial(seconds, partial(child, "-c", ours.LIBRARY, cold=True)))
    best.add("explain", partial(seconds, child, "-m", "failure_investigator", "explain", str(files.text)))
    return best


def add_reference(best: Best, files: Files, folder: Path) -> reference.Reference | None:
    """The program in C, if it can be built here."""
    built = reference.build(folder, files.patterns)
    if isinstance(built, str):
        print(f"Without the program in C: {built}.")
        return None
    for name, what, path in (
        ("text c", "text", files.text),
        ("refusals c", "text", files.refusals),
        ("zip c", "zip", files.zip),
    ):
        best.add(name, partial(_reference_seconds, built, what, path))
    return built


def _reference_seconds(program: reference.Reference, what: str, path: Path) -> float:
    return program.run(what, path, 3).seconds


def add_ripgrep(best: Best, files: Files) -> set[int] | None:
    """ripgrep, if it is here, at its best setting; the lines that it prints."""
    version = rg.version()
    if version is None:
        print("Without ripgrep: there is no rg.")
        return None
    setting = rg.best_setting(files.patterns, files.head)
    print(f"{version}: {' '.join([*rg.COMMAND, *setting])}")
    best.add("text rg", lambda: rg.run(files.patterns, files.text, setting).seconds)
    best.add("head rg", lambda: rg.run(files.patterns, files.head, setting).seconds)
    return rg.run(files.patterns, files.text, setting).lines


def check(files: Files, program: reference.Reference | None, lines: set[int] | None) -> int:
    """Say how many planted refusals were found, and whether the others found the same; how many were missed."""
    names = built_in().names
    scanned = ours.scan_zip(files.zip, 2)
    found = [(log, scanned.get(name, [])) for name, log in files.run.jobs.items()]
    found += [(files.log, built_in().scan(files.log.data))]
    lost = [entry for log, hits in found for entry in missed(log, hits, names)]
    print(f"{_refusals(log for log, _ in found)} refusals planted, {len(lost)} missed")
    told = {names[hit.pattern] for hit in built_in().scan(files.refused.data)}
    lacking = {entry.example.signature for entry in files.refused.planted} - told
    print(f"{len(told)} kinds of refusal told of the flood, {len(lacking)} missed {' '.join(sorted(lacking)[:10])}")
    for entry in lost[:10]:
        print(f"  line {entry.line}: {entry.example.signature}: {entry.example.lines!r}")
    patterns = [pattern for pattern, _ in built_in().rulebook.patterns]
    own = {(line, patterns[at]) for line, at in ours.scan_text(files.text)}
    if lines is not None:
        print(f"ripgrep prints {'the same' if lines == {line for line, _ in own} else 'OTHER'} lines")
    if program is not None:
        hits = program.hits(files.text)
        print(f"The program in C finds {len(hits)} patterns on lines, the engine {len(own)}, both {len(own & hits)}")
    return len(lost) + len(lacking)


def _refusals(logs: Iterable[Log]) -> int:
    return sum(entry.example.refusal for log in logs for entry in log.planted)


def main() -> int:
    """Print the table; 1 if a planted refusal was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("mib", 256), ("jobs", 16), ("job-mib", 4), ("rounds", 3), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=value, metavar="N", help=f"default: {value}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        files, child = Files(folder, options), Child(folder)
        best = measures(files, child)
        program, lines = add_reference(best, files, folder), add_ripgrep(best, files)
        lost = check(files, program, lines)
        child("-c", ours.LIBRARY)
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            best.round()
        memory = json.loads(child("-m", "bench.ours", "memory", str(files.zip), "2"))
        print(_about(files, options))
        print(HEAD)
        for row in rows(best, files.sizes, memory):
            print(row)
    return 1 if lost else 0


def _about(files: Files, options: argparse.Namespace) -> str:
    """What was read."""
    mib = {name: size / MIB for name, size in files.sizes.items()}
    zipped = files.zip.stat().st_size / MIB
    return (
        f"{len(ours.patterns())} patterns; a log of {mib['text']:.0f} MiB; a run's zip of {zipped:.0f} MiB with"
        f" {options.jobs} jobs, {mib['zip']:.0f} MiB of text, each twice; {mib['refusals']:.0f} MiB of refusals;"
        f" best of {options.rounds} rounds, {os.cpu_count()} processors"
    )


if __name__ == "__main__":
    sys.exit(main())
