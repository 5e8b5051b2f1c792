"""`report`: the third part of an organisation's sweep: decides from all findings and writes the issues."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.commands.options import ALL, add_options, given_flags
from failure_investigator.settings import Settings

if TYPE_CHECKING:
    import argparse

    from failure_investigator.commands import Surroundings

HELP = "decide from a plan and its findings, and write the issues"


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    add_options(parser, (*ALL, "plan", "findings"))


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Writes the issues, and in Actions outputs, summary and annotations as `investigate` does."""
    from failure_investigator.commands.investigate import tell
    from failure_investigator.compose import github_source, protect
    from failure_investigator.fanout.files import merged_state, read_findings, read_plan
    from failure_investigator.fanout.report import conclude_all, gathered
    from failure_investigator.fanout.sweep import keep_reach, opener
    from failure_investigator.kit import equipped_with
    from failure_investigator.render.markdown import using
    from failure_investigator.runner import Runner

    flags = given_flags(arguments)
    settings = Settings.load(around.environ, flags)
    runner = Runner(around.stdout, active=settings.in_actions, output=settings.output, summary=settings.summary)
    protect(settings, runner, around.console)
    plan = read_plan(settings.plan)
    noted, scans, broken = read_findings(settings.findings, plan.shards)
    with (
        merged_state(settings.state, settings.plan, settings.findings, around.clock) as state,
        github_source(settings) as source,
    ):
        kit = equipped_with(plan.header.config, settings, flags, source, around)
        brought = gathered(plan, scans, noted)
        with using(kit.templates):
            report = conclude_all(
                plan,
                brought,
                opener(kit.settings, around.clock),
                kit.settings,
                kit.scanner.rulebook,
                around.clock,
                state,
            )
            report = replace(report, notes=(*report.notes, *kit.notes, *broken, *(state.notes if state else ())))
            tell(report, kit.settings, runner, around)
        keep_reach(state, plan, brought)
    return 0
