"""`scan`: the second part of an organisation's sweep: reads one shard of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from failure_investigator.commands.options import add_options, given_flags
from failure_investigator.settings import Settings

if TYPE_CHECKING:
    import argparse

    from failure_investigator.commands import Surroundings

HELP = "read the jobs, logs and files of one shard of a plan, and write what was found"
OUTPUT = Path("failure-investigator-findings")


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    from failure_investigator.commands.plan import OUTPUT as PLAN

    parser.add_argument("--shard", metavar="NUMBER", type=int, required=True, help="which shard of the plan, from 0")
    parser.add_argument(
        "--plan", metavar="DIRECTORY", type=Path, default=PLAN, help=f"where the plan is (default: {PLAN})"
    )
    parser.add_argument(
        "--output", metavar="DIRECTORY", type=Path, default=OUTPUT, help=f"where the findings go (default: {OUTPUT})"
    )
    add_options(parser)


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Writes `findings-NUMBER.jsonl.gz`, whole or not at all, and what the state gained."""
    from failure_investigator.compose import github_source, protect
    from failure_investigator.fanout.files import read_shard, state_of, write_findings
    from failure_investigator.fanout.scan import noted, scan_shard
    from failure_investigator.kit import equipped_with
    from failure_investigator.runner import Runner
    from failure_investigator.verdicts import Recorded

    flags = given_flags(arguments)
    settings = Settings.load(around.environ, flags)
    protect(settings, Runner(around.stdout, active=settings.in_actions), around.console)
    header, planned = read_shard(arguments.plan, arguments.shard)
    with (
        state_of(arguments.plan, arguments.output, arguments.shard, around.clock) as state,
        github_source(settings, state, header.budget) as source,
    ):
        kit = equipped_with(header.config, settings, flags, source, around)
        verdicts = Recorded(state, kit.scanner)
        scans = list(scan_shard(source, header, planned, kit.settings, kit.scanner, verdicts))
        write_findings(arguments.output, arguments.shard, noted(arguments.shard, scans, source), scans)
    read, found = sum(scan.counts.logs_read for scan in scans), sum(len(scan.findings) for scan in scans)
    around.stdout.write(f"shard {arguments.shard}: {len(scans)} repositories, {read} logs read, {found} refusals.\n")
    return 0
