"""The first part: what is planned, what is quiet, what is put off; where evidence may go is decided before anything is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from failure_investigator.errors import IncompleteError, RefusedError, TargetError, UnknownError
from failure_investigator.fanout.plan import Made, Targets, filter_of, headers, make_plan
from failure_investigator.model import Counts, Issue, Listing, Memory, Repository, Tracked
from failure_investigator.settings import Settings
from failure_investigator.sources.budget import Budget
from failure_investigator.sources.organization import RepositoryFilter
from tests.unit.factory import NIGHTLY, NOW, make_marker
from tests.unit.fanout.real import Company, failed, issue

SETTINGS = Settings(organization="octo-org", lookback=timedelta(days=1))
TRACKER = Repository("octo-org/tracker", "private", "main")


def company(**failures: int) -> Company:
    """Repositories with so many failed runs, and a green one each."""
    listings: dict[str, Any] = {}
    for short, count in failures.items():
        name = f"octo-org/{short}"
        runs = [failed(name, number) for number in range(count)]
        listings[name] = Listing((*runs, failed(name, 11, "success")))
    return Company(listings)


def plan(source: Company, memory: Memory | None = None, **more: Any) -> Made:
    """A plan with one issue repository."""
    targets = more.pop("targets", Targets(TRACKER, memory or Memory(), lambda _: Memory()))
    return make_plan(source, more.pop("settings", SETTINGS), targets, NOW, **more)


def names(made: Made) -> list[list[str]]:
    """The repositories of each shard, in short."""
    return [[each.repository.name.partition("/")[2] for each in shard] for shard in made.shards]


def test_only_what_failed_is_planned() -> None:
    """Of the others the counts are kept, and no run travels."""
    made = plan(company(ant=2, bee=0, cat=1), wanted_shards=2)
    assert ([["ant"], ["cat"]], ("octo-org/ant", "octo-org/cat"), 2) == (
        names(made),
        made.plan.planned,
        made.plan.shards,
    )
    assert (Counts(1, 1), ("octo-org/ant", "octo-org/bee", "octo-org/cat")) == (made.plan.quiet, made.plan.repositories)
    assert ({"archived": 1}, ("octo-org is small",), 3) == (
        made.plan.left_out, made.plan.notes, made.plan.usage.total,
    )  # fmt: skip


def test_nothing_to_read_is_no_shard() -> None:
    """The matrix is empty."""
    made = plan(company(ant=0))
    assert (0, ()) == (made.plan.shards, made.shards)


def test_a_stream_that_an_open_issue_waits_for_is_planned() -> None:
    """In any case of its name; not for a closed one, nor for another repository."""
    recorded = {f"Octo-Org/BEE:{NIGHTLY.id}:default": Tracked("1.1", "2026-05-01T00:00:00Z")}
    waits = issue(marker=make_marker(streams=recorded))
    closed = replace(waits, state="closed")
    assert [["bee"]] == names(plan(company(ant=0, bee=0), Memory((waits,))))
    assert [] == names(plan(company(ant=0, bee=0), Memory((closed,))))
    junk = issue(marker=make_marker(streams={"junk": Tracked("1.1", "")}))
    assert [] == names(plan(company(ant=0), Memory((junk,))))


def test_a_sealed_issue_may_mean_any_repository_of_which_counts_are_filed() -> None:
    """Its streams are hashes; a repository that is not hidden cannot be one of them."""
    hidden = make_marker("v1:credential:sealed:abc", streams={"0" * 24: Tracked("1.1", "2026-05-01T00:00:00Z")})
    source = company(ant=0, bee=0)
    source.visibility["octo-org/ant"] = "public"
    targets = Targets(replace(TRACKER, visibility="public"), Memory((issue(marker=hidden),)), lambda _: Memory())
    made = plan(source, targets=targets, settings=replace(SETTINGS, redact_private=True))
    assert ([["bee"]], True) == (names(made), made.shards[0][0].counts_only)


def test_a_listing_that_travels_is_whole() -> None:
    """The scan has to see which workflows were left out; a failure of these alone is no work, and is not counted."""
    other = replace(NIGHTLY, id=8, path=".github/workflows/other.yml")
    source = company(ant=1, bee=1)
    runs = source.listings["octo-org/bee"].runs  # type: ignore[union-attr]
    source.listings["octo-org/bee"] = Listing((*runs, replace(failed("octo-org/bee", 3), workflow=other)))
    made = plan(source, settings=replace(SETTINGS, workflows=("other*",)))
    assert ([["bee"]], 3, Counts()) == (names(made), len(made.shards[0][0].listing.runs), made.plan.quiet)


def test_what_waits_from_last_time_comes_first() -> None:
    """In its own order, then the others by name."""
    source = company(ant=0, bee=0, cat=0, dog=0)
    plan(source, first=("octo-org/dog", "octo-org/gone", "octo-org/bee"))
    assert {"octo-org/dog", "octo-org/bee", "octo-org/ant", "octo-org/cat"} == set(source.asked)
    few = company(ant=0, bee=0, cat=0, dog=0)
    few.left = 0
    made = plan(few, first=("octo-org/dog", "octo-org/bee"))
    assert ("octo-org/dog", "octo-org/bee", "octo-org/ant", "octo-org/cat") == made.plan.postponed
    assert ("octo-org is small", "nothing is left") == made.plan.notes


def test_a_repository_that_cannot_be_listed_is_put_off() -> None:
    """Told, not counted and not planned."""
    source = company(ant=1, bee=1)
    source.listings["octo-org/bee"] = UnknownError("bee is gone")
    made = plan(source)
    assert ([["ant"]], ("octo-org/bee",), True) == (names(made), made.plan.postponed, "bee is gone" in made.plan.notes)


@pytest.mark.parametrize("error", [RefusedError("no right"), IncompleteError("broken")])
def test_when_none_can_be_listed_there_is_no_plan(error: Exception) -> None:
    """An error is never read as nothing."""
    source = company(ant=1)
    source.listings["octo-org/ant"] = error  # type: ignore[assignment]
    with pytest.raises(type(error)):
        plan(source)


def test_evidence_that_would_leave_its_visibility_is_refused_before_a_run_is_read() -> None:
    """For the issues as for the sweep's own runs."""
    source = company(ant=1)
    public = replace(TRACKER, visibility="public")
    with pytest.raises(TargetError, match=r"octo-org/ant \(private\) would go to octo-org/tracker \(public\)"):
        plan(source, targets=Targets(public, Memory(), lambda _: Memory()))
    with pytest.raises(TargetError, match="would stand in the runs of octo-org/tracker"):
        plan(source, home=public)
    assert [] == source.asked


def test_counts_only_is_decided_for_each_repository() -> None:
    """A public one keeps its evidence."""
    source = company(ant=1, bee=1)
    source.visibility["octo-org/ant"] = "public"
    targets = Targets(replace(TRACKER, visibility="public"), Memory(), lambda _: Memory())
    made = plan(source, targets=targets, settings=replace(SETTINGS, redact_private=True), wanted_shards=1)
    assert [False, True] == [each.counts_only for each in made.shards[0]]


def test_each_repository_has_a_memory_of_its_own() -> None:
    """Where each gets its own issues; the pages' texts stay behind."""

    def own(repository: Repository) -> Memory:
        return Memory((Issue(repository.name, 7, "title", "body", "open", marker=make_marker()),))

    made = plan(company(ant=1, bee=0), targets=Targets(None, Memory(), own))
    [[ant]] = made.shards
    assert ant.memory is not None
    assert [("octo-org/ant", 7, "", "")] == [(i.repository, i.number, i.title, i.body) for i in ant.memory.issues]
    assert (Memory(), False) == (made.plan.header.memory, ant.counts_only)


def test_the_configuration_and_the_window_travel() -> None:
    """All parts follow the same ones."""
    header = plan(company(ant=1), config="labels: x").plan.header
    assert ("labels: x", NOW, NOW - timedelta(days=1)) == (header.config, header.now, header.since)


def test_the_budget_is_shared_among_the_shards() -> None:
    """Without limits there is none."""
    made = plan(company(ant=3, bee=3), wanted_shards=2)
    assert [41, 40] == [each.budget for each in headers(made.plan, Budget(100, 101, NOW))]
    assert [None, None] == [each.budget for each in headers(made.plan, None)]


def test_the_filters_are_those_of_the_settings() -> None:
    """Names, topics, visibility."""
    settings = replace(
        SETTINGS, repositories=("a*",), exclude_repositories=("ab",), topics=("ci",), visibility="public"
    )
    assert RepositoryFilter(("a*",), ("ab",), ("ci",), ("public",)) == filter_of(settings)
    assert RepositoryFilter() == filter_of(SETTINGS)
