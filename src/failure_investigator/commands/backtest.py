"""`backtest`: what the present library, configuration and packs would have filed on a recording, or on the last days."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.commands.options import add_options, given_flags
from failure_investigator.errors import UsageError
from failure_investigator.settings import Settings
from failure_investigator.values import BadValueError, convert, duration

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from failure_investigator.backtest import Backtest
    from failure_investigator.commands import Surroundings
    from failure_investigator.model import Issue
    from failure_investigator.sources.snapshot import SnapshotSource

HELP = "what the present library, configuration and packs would have opened, closed and missed on the last days"
OPTIONS = (
    "github-token", "bot-login", "repository", "issue-repository", "snapshot", "lookback", "workflows",
    "exclude-workflows", "branches", "min-failures", "close-after", "signatures", "config", "api-url", "server-url",
)  # fmt: skip
"""The options of the settings that decide, and those by which the last days are recorded."""
_EVERY = "6h"
MOST_DAYS = 90
"""GitHub keeps logs no longer unless it is told to."""


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    parser.add_argument(
        "--days", metavar="N", help=f"record the last N days of the repository, 1 to {MOST_DAYS}, and replay them"
    )
    parser.add_argument("--keep", metavar="DIRECTORY", type=Path, help="keep what --days records, for --snapshot")
    parser.add_argument(
        "--every", metavar="TIME", default=_EVERY, help=f"how far two sweeps lie apart, such as 1h (default: {_EVERY})"
    )
    parser.add_argument(
        "--against",
        metavar="DIRECTORY",
        type=Path,
        help="compare with the issues in these Markdown files (default: the bot's own issues when it was recorded)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    add_options(parser, OPTIONS)


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Prints what became of each incident on stdout. Nothing is written but files: a recording, and to a temporary folder."""
    from failure_investigator.compared import against, backtest_json, lines
    from failure_investigator.console import clean

    flags = given_flags(arguments)
    step = convert(duration, arguments.every, "--every")
    if arguments.against is not None and not arguments.against.is_dir():
        raise UsageError(f"There is no directory {arguments.against}")
    with _recording(arguments, flags, around) as recording:
        found = _replayed(recording, flags, step, around)
        issues = _issues(arguments.against, recording.source)
        compared = None if issues is None else against(found, issues, recording.source)
        found.notes[:0] = recording.source.manifest.notes
    told = backtest_json(found, compared, recording.requests)
    if arguments.format == "json":
        around.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        around.stdout.writelines(f"{clean(line)}\n" for line in lines(told))
    return 0


class _Recording(NamedTuple):
    source: SnapshotSource
    environ: Mapping[str, str]
    """The variables that count: a snapshot is judged by flags and configuration alone."""
    requests: int | None = None


@contextmanager
def _recording(
    arguments: argparse.Namespace, flags: dict[str, str | None], around: Surroundings
) -> Iterator[_Recording]:
    """The snapshot that is named, or one of the last days."""
    import tempfile

    from failure_investigator.sources.snapshot import SnapshotSource

    named = Settings.load({}, flags).snapshot
    if arguments.days is None:
        if named is None or arguments.keep is not None:
            what = "--keep belongs to --days" if named is not None else "No recording is named"
            raise UsageError(
                what,
                do="Give --days N for the last days of a repository, or --snapshot DIRECTORY for what "
                "`failure-investigator snapshot` made.",
            )
        yield _Recording(SnapshotSource(named), {})
        return
    if named is not None:
        raise UsageError("--days records the repository anew", do="Leave --snapshot out, or --days.")
    days = convert(_days, arguments.days, "--days")
    with tempfile.TemporaryDirectory() as folder:
        directory = arguments.keep or Path(folder) / "recorded"
        requests = _record(days, directory, flags, around)
        yield _Recording(SnapshotSource(directory), around.environ, requests)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise BadValueError(f"takes a whole number from 1 to {MOST_DAYS}")
    return int(text)


def _record(days: int, directory: Path, flags: dict[str, str | None], around: Surroundings) -> int:
    """Records the last days; how many requests that cost. Only reads from GitHub."""
    from failure_investigator.capture import capture
    from failure_investigator.compose import github_source, github_tracker, protect
    from failure_investigator.costs import total
    from failure_investigator.runner import Runner

    settings = Settings.load(around.environ, flags)
    if not settings.repository:
        raise UsageError("No repository is named", do="Give --repository owner/name or set GITHUB_REPOSITORY.")
    protect(settings, Runner(around.stderr, active=settings.in_actions), around.console)
    reading = replace(settings, dry_run=True)
    with github_source(settings) as source, closing(github_tracker(reading, around.clock)) as tracker:
        recorded = capture(source, tracker, settings, flags, directory, around, timedelta(days=days), strict=True)
        requests = total((source.usage(), tracker.usage())).total
    around.console.say(f"{recorded}; {requests} requests")
    return requests


def _issues(against: Path | None, source: SnapshotSource) -> Sequence[Issue] | None:
    """What was filed: as files, else as it was recorded; None where neither tells."""
    from failure_investigator.trackers.directory import DirectoryTracker

    if against is None:
        return source.issues()
    return DirectoryTracker(against, source.repository("").name).observe().issues


def _replayed(recording: _Recording, flags: dict[str, str | None], step: timedelta, around: Surroundings) -> Backtest:
    """The replay in a folder that is gone afterwards."""
    import tempfile

    from failure_investigator.backtest import backtest
    from failure_investigator.compose import configured
    from failure_investigator.packfiles import library_of
    from failure_investigator.signatures.scanner import built_in
    from failure_investigator.trackers.directory import DirectoryTracker

    source = recording.source
    name = source.repository("").name
    first = replace(Settings.load(recording.environ, flags), repository=name)
    settings = configured(recording.environ, flags, source, first)
    library = library_of(settings, source)
    for note in library.notes if library else ():
        around.console.warn(note)
    scanner = library.scanner if library else built_in()
    window = (source.manifest.since, source.manifest.until)
    with tempfile.TemporaryDirectory() as folder:
        own = replace(settings, issue_repository=name, issues_directory=Path(folder), dry_run=False, own_workflow="")
        found = backtest(source, DirectoryTracker(Path(folder), name), own, scanner, window, step)
    found.notes[:0] = library.notes if library else ()
    return found
