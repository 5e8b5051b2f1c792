"""The three parts in a row, on one machine: the same values as between many, without the files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.compose import opened_tracker
from failure_investigator.costs import total
from failure_investigator.fanout.plan import Targets, headers, make_plan
from failure_investigator.fanout.report import conclude_all, gathered
from failure_investigator.fanout.scan import scan_shard
from failure_investigator.model import Memory
from failure_investigator.state.known import known_issues
from failure_investigator.verdicts import Recorded

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from failure_investigator.fanout.plan import Made, OrganizationSource
    from failure_investigator.fanout.report import Gathered
    from failure_investigator.fanout.types import Plan
    from failure_investigator.kit import Kit
    from failure_investigator.model import Repository, Usage
    from failure_investigator.render.report import Report
    from failure_investigator.settings import Settings
    from failure_investigator.state import StateFile
    from failure_investigator.trackers.base import Tracker

    Clock = Callable[[], datetime]


def sweep_organization(
    source: OrganizationSource, kit: Kit, state: StateFile | None, clock: Clock, say: Callable[[str], None]
) -> Report:
    """Plan, scan and report at once. Raises the errors of `errors.py`; before the report nothing was written."""
    made = planned(source, kit, state, clock)
    say(f"{len(made.plan.repositories)} repositories, {len(made.plan.planned)} with something to read")
    verdicts = Recorded(state, kit.scanner) if state else None
    scans = [
        scan
        for header, shard in zip(headers(made.plan, None), made.shards, strict=True)
        for scan in scan_shard(source, header, shard, kit.settings, kit.scanner, verdicts)
    ]
    plan = replace(made.plan, usage=total((source.usage(), made.observing)))
    brought = gathered(plan, scans, ())
    report = conclude_all(
        plan,
        brought,
        opener(kit.settings, clock),
        kit.settings,
        kit.scanner.rulebook,
        clock,
        state,
    )
    keep_reach(state, plan, brought)
    return report


def planned(
    source: OrganizationSource, kit: Kit, state: StateFile | None, clock: Clock, wanted_shards: int = 0
) -> Made:
    """The plan, by what the state knows of the sweep before."""
    settings = kit.settings
    targets = targets_of(source, settings, state, clock)
    home = source.repository(settings.own_repository) if settings.own_repository else None
    first = state.postponed() if state else ()
    return make_plan(
        source, settings, targets, clock(), home=home, first=first, config=kit.config, wanted_shards=wanted_shards
    )


def targets_of(source: OrganizationSource, settings: Settings, state: StateFile | None, clock: Clock) -> Targets:
    """Where issues go, with what is filed there now."""
    opened = opener(settings, clock)
    spent: list[Usage] = []

    def observed(name: str) -> Memory:
        with opened(name) as tracker:
            found = tracker.observe(known_issues(state, name))
            spent.append(tracker.usage())
            return found

    if settings.issue_repository:
        one = source.repository(settings.issue_repository)
        return Targets(one, observed(one.name), lambda _: Memory(), spent)

    def own(repository: Repository) -> Memory:
        return observed(repository.name) if repository.has_issues else Memory()

    return Targets(None, Memory(), own, spent)


def opener(settings: Settings, clock: Clock) -> Callable[[str], AbstractContextManager[Tracker]]:
    """Opens the tracker of an issue repository."""
    return lambda repository: opened_tracker(
        settings, clock, "" if repository == settings.issue_repository else repository
    )


def keep_reach(state: StateFile | None, plan: Plan, brought: Gathered) -> None:
    """Keeps which repositories nothing is known of, so that they come first next time."""
    if state is None:
        return
    late = {*brought.late, *brought.missing}
    state.reached(name for name in plan.repositories if name not in late)
    state.postpone(sorted(late))
