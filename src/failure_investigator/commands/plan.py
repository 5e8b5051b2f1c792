"""`plan`: the first part of an organisation's sweep: what is to be read, in shards for as many machines."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.commands.options import ALL, add_options, given_flags
from failure_investigator.errors import UsageError
from failure_investigator.settings import Settings

if TYPE_CHECKING:
    import argparse

    from failure_investigator.commands import Surroundings
    from failure_investigator.fanout.plan import Made
    from failure_investigator.runner import Runner

HELP = "list an organisation's repositories and runs, and write what is to be read as shards"
OUTPUTS = ("shards", "shard-count", "repository-count")


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    add_options(parser, (*ALL, "plan", "shards"), output="plan")


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Writes `plan.jsonl.gz`, a file a shard and the state; in Actions the output `shards` feeds a matrix."""
    from failure_investigator.compose import github_source, opened_state, protect
    from failure_investigator.fanout.files import STATE, write_plan
    from failure_investigator.fanout.sweep import planned
    from failure_investigator.kit import equipped, remembered
    from failure_investigator.runner import Runner

    flags = given_flags(arguments)
    settings = Settings.load(around.environ, flags)
    if not settings.organization:
        raise UsageError(
            "No organisation is named", do="Give --organization; one repository is swept by `investigate`."
        )
    runner = Runner(around.stdout, active=settings.in_actions, output=settings.output, summary=settings.summary)
    protect(settings, runner, around.console)
    with opened_state(settings, around.clock) as state, github_source(settings, state) as source:
        kit = equipped(settings, flags, source, around)
        made = planned(source, kit, state, around.clock, settings.shards)
        notes = (*kit.notes, *made.plan.notes, *remembered(state, source))
        made = replace(made, plan=replace(made.plan, notes=notes))
        write_plan(settings.plan, made, source.budget())
        if state is not None:
            state.save_as(settings.plan / STATE)
    _tell(made, runner, around)
    return 0


def _tell(made: Made, runner: Runner, around: Surroundings) -> None:
    plan = made.plan
    shards = json.dumps(list(range(plan.shards)))
    runner.outputs(dict(zip(OUTPUTS, (shards, str(plan.shards), str(len(plan.repositories))), strict=True)))
    listed, read = len(plan.repositories), len(plan.planned)
    said = f"{plan.header.organization}: {listed} repositories, {read} with something to read, in {plan.shards} shards"
    around.stdout.write(f"{said}; {plan.usage.total} requests, {plan.usage.not_modified} of them free (304).\n")
    for note in plan.notes:
        around.console.say(f"note: {note}")
