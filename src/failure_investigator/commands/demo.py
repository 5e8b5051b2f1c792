"""`demo`: the whole job on a recorded incident and on the morning after, into Markdown files; no token, no network."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from failure_investigator.commands import Surroundings
    from failure_investigator.render.report import Report

HELP = "the whole job on a recorded incident, into a directory of Markdown files: no token, no network"
OUTPUT = Path("failure-investigator-demo")
RECORDINGS = ("snapshot", "cure")
"""Folders of `failure_investigator/demo`, in the order in which they are swept."""
_DONE = {"create": "opened", "comment": "commented", "close": "closed", "update": "updated", "reopen": "reopened"}


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    parser.add_argument(
        "--output", metavar="DIRECTORY", type=Path, default=OUTPUT, help=f"where the issues go (default: {OUTPUT})"
    )


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Says each step on stderr and prints the issue files on stdout; the second time it says that nothing changed."""
    import failure_investigator

    home = Path(failure_investigator.__file__).parent / "demo"
    steps = count(1)
    for name in RECORDINGS:
        _tell(_swept(home / name, arguments.output, steps, around), steps, around)
    pages = sorted(arguments.output.glob("[0-9]*.md"), key=lambda path: (path.name.partition(".")[0], len(path.name)))
    around.stdout.writelines(f"{path}\n" for path in pages)
    return 0


def _swept(snapshot: Path, output: Path, steps: Iterator[int], around: Surroundings) -> Report:
    from failure_investigator.compose import opened_source, opened_tracker
    from failure_investigator.investigate import investigate
    from failure_investigator.settings import Settings

    flags = {"snapshot": str(snapshot), "issues-directory": str(output)}
    with opened_source(Settings.load({}, flags), around.clock) as (source, settings, clock):
        around.console.say(f"{next(steps)}. Read {settings.repository} as it was recorded at {clock():%Y-%m-%d %H:%M}.")
        with opened_tracker(settings, clock) as tracker:
            return investigate(source, tracker, settings, clock)


def _tell(report: Report, steps: Iterator[int], around: Surroundings) -> None:
    say = around.console.say
    counts = report.counts
    say(f"{next(steps)}. Listed {counts.runs_listed} runs, {counts.failed_runs} failed; read {counts.logs_read} logs.")
    for incident in report.incidents:
        found, runs = incident.diagnosis, len(incident.findings)
        if not any(finding.how == "read" for finding in incident.findings):
            say(f"{next(steps)}. Its {runs} runs were judged before: the issue remembers them, no log is read again.")
            continue
        say(
            f"{next(steps)}. Diagnosed: {found.service} {found.status}, {found.cause} ({found.confidence}), in {runs} runs:"
        )
        for fact in found.evidence:
            say(f"   - {fact.says}")
    changed = [done for done in report.applied if done.change.verb != "none"]
    for done in changed:
        say(
            f"{next(steps)}. Issue {done.number}: {_DONE.get(done.change.verb, done.change.verb)}, because {done.change.reason}."
        )
    if not changed:
        say(f"{next(steps)}. Nothing changed since the last time: no issue was written.")
