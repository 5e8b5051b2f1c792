"""`scan`: the second part of an organisation's sweep: reads one shard of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.commands.options import ALL, add_options, given_flags
from failure_investigator.errors import UsageError
from failure_investigator.settings import Settings

if TYPE_CHECKING:
    import argparse

    from failure_investigator.commands import Surroundings

HELP = "read the jobs, logs and files of one shard of a plan, and write what was found"


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    add_options(parser, (*ALL, "plan", "shard", "findings"), output="findings")


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Writes `findings-NUMBER.jsonl.gz`, whole or not at all, and what the state gained."""
    from failure_investigator.compose import github_source, protect
    from failure_investigator.fanout.files import read_shard, state_of, write_findings
    from failure_investigator.fanout.scan import scan_shard
    from failure_investigator.fanout.types import Noted
    from failure_investigator.kit import equipped_with
    from failure_investigator.runner import Runner
    from failure_investigator.verdicts import Recorded

    flags = given_flags(arguments)
    settings = Settings.load(around.environ, flags)
    protect(settings, Runner(around.stdout, active=settings.in_actions), around.console)
    if settings.shard is None:
        raise UsageError("No shard is named", do="Give --shard NUMBER; the plan says how many there are.")
    header, planned = read_shard(settings.plan, settings.shard)
    with (
        state_of(settings.plan, settings.findings, settings.shard, around.clock) as state,
        github_source(settings, state, header.budget) as source,
    ):
        kit = equipped_with(header.config, settings, flags, source, around)
        verdicts = Recorded(state, kit.scanner)
        scans = list(scan_shard(source, header, planned, kit.settings, kit.scanner, verdicts))
        write_findings(settings.findings, Noted(settings.shard, source.usage()), scans)
    read, found = sum(scan.counts.logs_read for scan in scans), sum(len(scan.findings) for scan in scans)
    around.stdout.write(f"shard {settings.shard}: {len(scans)} repositories, {read} logs read, {found} refusals.\n")
    return 0
