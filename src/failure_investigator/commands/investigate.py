"""`investigate`: the whole job on a repository, as the action runs it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.commands.options import add_options, given_flags
from failure_investigator.errors import UsageError
from failure_investigator.kit import equipped, remembered
from failure_investigator.render.markdown import using
from failure_investigator.settings import Settings

if TYPE_CHECKING:
    import argparse

    from failure_investigator.commands import Surroundings
    from failure_investigator.kit import Kit
    from failure_investigator.render.report import Report
    from failure_investigator.runner import Runner
    from failure_investigator.sources.base import Source
    from failure_investigator.state import StateFile

HELP = "find the refused jobs of a repository, work out why, and keep one issue per cause"
OUTPUTS = ("incidents", "incident-count", "created", "updated", "closed", "reopened", "report")
_CHANGED = {"created": "create", "updated": "update", "closed": "close", "reopened": "reopen"}


def configure(parser: argparse.ArgumentParser) -> None:
    """See the package."""
    add_options(parser)


def run(arguments: argparse.Namespace, around: Surroundings) -> int:
    """Prints what was found and done on stdout, progress on stderr; in Actions also outputs, summary, annotations."""
    from failure_investigator.compose import protect
    from failure_investigator.runner import Runner

    flags = given_flags(arguments)
    settings = Settings.load(around.environ, flags)
    settings.require_repository()
    runner = Runner(around.stdout, active=settings.in_actions, output=settings.output, summary=settings.summary)
    protect(settings, runner, around.console)
    swept = _sweep(settings, flags, around)
    with using(swept.kit.templates):
        tell(swept.report, swept.kit.settings, runner, around)
    return 0


class _Swept(NamedTuple):
    report: Report
    kit: Kit


def _sweep(settings: Settings, flags: dict[str, str | None], around: Surroundings) -> _Swept:
    from failure_investigator.compose import opened_source, opened_state

    with (
        opened_state(settings, around.clock) as state,
        opened_source(settings, around.clock, state) as (source, settings, clock),
    ):
        kit = equipped(settings, flags, source, around)
        with using(kit.templates):
            sweep = _organization if kit.settings.organization else _repository
            report = sweep(kit, source, state, replace(around, clock=clock))
    return _Swept(replace(report, notes=(*kit.notes, *report.notes, *remembered(state, source))), kit)


def _repository(kit: Kit, source: Source, state: StateFile | None, around: Surroundings) -> Report:
    from failure_investigator.compose import opened_tracker
    from failure_investigator.investigate import investigate
    from failure_investigator.sources.watched import WatchedSource

    with opened_tracker(kit.settings, around.clock) as tracker, around.console.progress() as progress:
        watched = WatchedSource(source, progress)
        return investigate(
            watched, tracker, kit.settings, around.clock, around.console.detail, kit.scanner, state=state
        )


def _organization(kit: Kit, source: Source, state: StateFile | None, around: Surroundings) -> Report:
    from failure_investigator.fanout.sweep import sweep_organization
    from failure_investigator.sources.github import GitHubSource

    if not isinstance(source, GitHubSource):
        raise UsageError("A snapshot holds one repository", do="Leave --organization out.")
    return sweep_organization(source, kit, state, around.clock, around.console.detail)


def tell(report: Report, settings: Settings, runner: Runner, around: Surroundings) -> None:
    """The report in all its forms: JSON file, outputs, step summary, annotations, and text for a person."""
    from failure_investigator.console import clean
    from failure_investigator.render.report import report_json
    from failure_investigator.render.summary import render_summary, terminal_text

    public = report_json(report)
    if settings.report:
        _write(settings, json.dumps(public, ensure_ascii=False, indent=2) + "\n")
    runner.outputs(dict(zip(OUTPUTS, _outputs(report, public["incidents"], settings), strict=True)))
    runner.summarize("\n\n".join([render_summary(report), *_planned(report)]))
    _annotate(report, runner)
    with runner.group():
        around.stdout.writelines(f"{clean(text).rstrip()}\n" for text in (terminal_text(report), *_planned(report)))
        around.stdout.flush()


def _annotate(report: Report, runner: Runner) -> None:
    """A warning for missed schedules, before all others as the runner shows ten, and one for each issue that changes."""
    from failure_investigator.console import clean
    from failure_investigator.render.decisions import decisions
    from failure_investigator.render.summary import missed_text, named

    if told := missed_text(report):
        runner.annotate("warning", told, "Missed schedules")
    for decision in decisions(report.applied):
        if decision.changes:
            title = decision.main.change.title or named(decision, report)
            said = f"{decision.words}: {decision.reason} {decision.url}".strip()
            runner.annotate("warning", clean(said), clean(title))


def _planned(report: Report) -> list[str]:
    """The pages that a dry run would have written."""
    changes = [done.change for done in report.applied if report.dry_run and done.change.body]
    return [f"### Planned: {change.verb} “{change.title}”\n\n{change.body}" for change in changes]


def _outputs(report: Report, incidents: list[object], settings: Settings) -> list[str]:
    """The values of `OUTPUTS`, in their order."""
    changed = [json.dumps(report.numbers(verb)) for verb in _CHANGED.values()]
    return [json.dumps(incidents, ensure_ascii=False), str(len(incidents)), *changed, str(settings.report or "")]


def _write(settings: Settings, text: str) -> None:
    if settings.report is None:
        return
    try:
        settings.report.parent.mkdir(parents=True, exist_ok=True)
        settings.report.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"Cannot write the report {settings.report}", why=error.strerror or str(error)) from error
