"""`demo`: the whole job on a bundled snapshot, into a directory of Markdown files; no token, no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from failure_investigator.commands import Surroundings
    from failure_investigator.render.report import Report

HELP = "the whole job on a recorded incident, into a directory of Markdown files: no token, no network"
OUTPUT = Path("failure-investigator-demo")


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    parser.add_argument(
        "--output", metavar="DIRECTORY", type=Path, default=OUTPUT, help=f"where the issues go (default: {OUTPUT})"
    )


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Says each step on stderr and prints the issue files on stdout; the second time it says that nothing changed."""
    import failure_investigator
    from failure_investigator.compose import opened_source, opened_tracker
    from failure_investigator.investigate import investigate
    from failure_investigator.settings import Settings

    snapshot = Path(failure_investigator.__file__).parent / "demo" / "snapshot"
    flags = {"snapshot": str(snapshot), "issues-directory": str(arguments.output)}
    with opened_source(Settings.load({}, flags), around.clock) as (source, settings, clock):
        around.console.say(f"1. Read {settings.repository} as it was recorded at {clock():%Y-%m-%d %H:%M}.")
        with opened_tracker(settings, clock) as tracker:
            report = investigate(source, tracker, settings, clock)
    _tell(report, around)
    return 0


def _tell(report: Report, around: Surroundings) -> None:
    say = around.console.say
    say(
        f"2. Listed {report.counts.runs_listed} runs, {report.counts.failed_runs} failed; read {report.counts.logs_read} logs."
    )
    for incident in report.incidents:
        found, runs = incident.diagnosis, len(incident.findings)
        if not any(finding.how == "read" for finding in incident.findings):
            say(f"3. Its {runs} runs were judged before: the issue remembers them, no log is read again.")
            continue
        say(f"3. Diagnosed: {found.service} {found.status}, {found.cause} ({found.confidence}), in {runs} runs:")
        for fact in found.evidence:
            say(f"   - {fact.says}")
    changed = [done for done in report.applied if done.change.verb != "none"]
    for done in changed:
        say(f"4. Issue {done.number}: {done.change.verb}, because {done.change.reason}.")
    if not changed:
        say("4. Nothing changed since the last time: no issue was written.")
    for done in report.applied:
        if done.number:
            around.stdout.write(f"{done.url or f'issue {done.number}: {done.change.reason}'}\n")
