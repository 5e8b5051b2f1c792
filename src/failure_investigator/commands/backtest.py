"""`backtest`: what the present library, configuration and packs would have filed on a recording."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failure_investigator.commands.options import add_options, given_flags
from failure_investigator.errors import UsageError
from failure_investigator.settings import Settings
from failure_investigator.values import convert, duration

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from failure_investigator.backtest import Backtest
    from failure_investigator.commands import Surroundings

HELP = "what the present library, configuration and packs would have opened, closed and missed on a recording"
OPTIONS = (
    "snapshot", "lookback", "workflows", "exclude-workflows", "branches", "min-failures", "close-after", "signatures", "config",
)  # fmt: skip
"""The options of the settings that decide; where issues go is not among them."""
_EVERY = "6h"


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    parser.add_argument(
        "--every", metavar="TIME", default=_EVERY, help=f"how far two sweeps lie apart, such as 1h (default: {_EVERY})"
    )
    parser.add_argument(
        "--against", metavar="DIRECTORY", type=Path, help="compare with the issues that were filed, as Markdown files"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    add_options(parser, OPTIONS)


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Prints what became of each incident on stdout. Nothing is written but to a temporary folder."""
    from failure_investigator.backtest import against, backtest_json
    from failure_investigator.console import clean
    from failure_investigator.trackers.directory import DirectoryTracker

    flags = given_flags(arguments)
    settings = Settings.load({}, flags)
    if settings.snapshot is None:
        raise UsageError(
            "No recording is named", do="Give --snapshot DIRECTORY; `failure-investigator snapshot` makes one."
        )
    found, repository = _replayed(settings, flags, arguments.every, around)
    compared = None
    if arguments.against is not None:
        if not arguments.against.is_dir():
            raise UsageError(f"There is no directory {arguments.against}")
        compared = against(found, DirectoryTracker(arguments.against, repository).observe().issues)
    told = backtest_json(found, compared)
    if arguments.format == "json":
        around.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        around.stdout.writelines(f"{clean(line)}\n" for line in _lines(told))
    return 0


def _replayed(
    settings: Settings, flags: dict[str, str | None], every: str, around: Surroundings
) -> tuple[Backtest, str]:
    """The replay in a folder that is gone afterwards, and the recorded repository."""
    import tempfile

    from failure_investigator.backtest import backtest
    from failure_investigator.compose import configured
    from failure_investigator.packfiles import library_of
    from failure_investigator.signatures.scanner import built_in
    from failure_investigator.sources.snapshot import SnapshotSource
    from failure_investigator.trackers.directory import DirectoryTracker

    step = convert(duration, every, "--every")
    source = SnapshotSource(settings.snapshot or Path())
    name = source.repository("").name
    settings = configured({}, flags, source, replace(settings, repository=name))
    library = library_of(settings, source)
    for note in library.notes if library else ():
        around.console.warn(note)
    scanner = library.scanner if library else built_in()
    window = (source.manifest.since, source.manifest.until)
    with tempfile.TemporaryDirectory() as folder:
        own = replace(settings, issue_repository=name, issues_directory=Path(folder), dry_run=False)
        found = backtest(source, DirectoryTracker(Path(folder), name), own, scanner, window, step)
    found.notes[:0] = library.notes if library else ()
    return found, name


def _lines(told: dict[str, Any]) -> Iterator[str]:
    """The same for a person."""
    filed = [each for each in told["incidents"] if each["filed"]]
    yield f"sweeps {told['sweeps']}, issues {len(filed)}, refused runs {told['refused_runs']}"
    for each in told["incidents"]:
        yield f"{each['title'] or each['fingerprint']} ({each['cause']}, {each['runs']} runs)"
        yield f"  first failure {each['first_failure']}"
        yield from (f"  {event['event']} {event['at']}: {event['reason']}" for event in each["events"])
        if not each["filed"]:
            yield f"  not filed: {each['not_filed_because']}"
    for path, count in told["unexplained"].items():
        yield f"no refusal found: {path}, {count} failed runs"
    for what, marks in (told["against"] or {}).items():
        yield from (f"{what}: {mark}" for mark in marks)
    yield from (f"note: {note}" for note in told["notes"])
