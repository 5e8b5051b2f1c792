"""The checks of an organisation's sweep: what the token sees of it, where evidence would go, and what a sweep costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.doctor import access
from failure_investigator.doctor.examine import budget, own_workflow
from failure_investigator.doctor.model import Check
from failure_investigator.errors import RefusedError
from failure_investigator.fanout.plan import filter_of
from failure_investigator.sources.meter import RESERVE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from failure_investigator.doctor.access import Probe
    from failure_investigator.doctor.token import Kind
    from failure_investigator.model import Repository
    from failure_investigator.settings import Settings
    from failure_investigator.sources.github_probe import Answer
    from failure_investigator.sources.organization import Repositories, RepositoryFilter

    List = Callable[[str, RepositoryFilter], Repositories]

SHOWN = 5
"""Repositories that are named; of more there is a number."""


def examine_organization(
    probe: Probe,
    settings: Settings,
    now: datetime,
    listed: List,
    read: Callable[[str], str | None],
    configuration: Callable[[], tuple[Settings, Check]],
    bot: Callable[[], Check],
    job: str = "",
) -> Iterator[Check]:
    """Every check, as it is made; `listed` lists repositories, the others are those of `examine.examine`."""
    kind, found = access.token(settings.github_token.reveal())
    yield found
    if found.state == "refused":
        return
    settings, told = configuration()
    try:
        seen = listed(settings.organization, filter_of(settings))
    except RefusedError as error:
        yield Check("repositories", "refused", error.line())
        return
    yield repositories(settings.organization, seen)
    yield told
    if not seen.repositories:
        return
    sample = settings.repository or seen.repositories[0].name
    yield from access.reads(probe, sample, kind)
    yield from _issues(probe, settings, seen.repositories, kind)
    yield bot()
    if settings.repository:
        yield home(seen.repositories, settings.repository, probe.get(f"/repos/{settings.repository}"))
        yield from own_workflow(probe, settings, now, read, job)
    yield enough(budget(headers := probe.get("/rate_limit").headers), headers, len(seen.repositories))


def _issues(probe: Probe, settings: Settings, swept: Sequence[Repository], kind: Kind) -> Iterator[Check]:
    """One repository for all issues, or each its own: whether they can be read there, and may be."""
    if settings.issue_repository:
        target = probe.get(f"/repos/{settings.issue_repository}")
        yield from access.issues(probe, settings.issue_repository, target, kind)
        yield evidence(swept, settings.issue_repository, target, allowed=settings.redact_private)
        return
    yield own_issues(swept)
    for one in [one for one in swept if one.has_issues][:1]:
        _, *found = access.issues(probe, one.name, probe.get(f"/repos/{one.name}"), kind)
        yield from found


def repositories(login: str, seen: Repositories) -> Check:
    """How many repositories the token sees, and what is left out for which reason."""
    left = ", ".join(f"{reason} {count}" for reason, count in seen.left_out.items())
    says = f"{len(seen.repositories)} of {login} are swept{f'; left out: {left}' if left else ''}"
    notes = "; ".join(seen.notes)
    if not seen.repositories:
        return Check("repositories", "refused", says, notes or "Install the App on them, or widen the filters.")
    return Check("repositories", "warning" if notes else "ok", says, notes)


def evidence(swept: Sequence[Repository], name: str, target: Answer, *, allowed: bool) -> Check:
    """Whether evidence would go to more people than may read its source."""
    if target.status != 200:
        return Check("evidence", "unknown", f"{name} cannot be seen")
    theirs = access.visibility(target.data)
    wider = _wider(swept, theirs)
    if not wider:
        return Check("evidence", "ok", f"{name} ({theirs}) is at least as restricted as all that is swept")
    says = f"evidence of {_few(wider)} would go to {name} ({theirs})"
    if allowed:
        return Check("evidence", "ok", f"{says}: counts only, as redact-private says")
    do = "Name a repository that is at least as restricted, or file counts only."
    return Check("evidence", "refused", says, do, "redact-private: true")


def home(swept: Sequence[Repository], name: str, answer: Answer) -> Check:
    """Whether the sweep's own runs could be read by more people than what is swept: log, summary and artifacts show it."""
    if answer.status != 200:
        says = f"{name} is unknown, or invisible to this token"
        return Check("runs", "refused", says, "The App has to be installed on the repository that sweeps, too.")
    ours = access.visibility(answer.data)
    wider = _wider(swept, ours)
    if not wider:
        return Check(
            "runs", "ok", f"{name} ({ours}), where the sweep runs, is at least as restricted as all that is swept"
        )
    do = "Sweep from a repository that is at least as restricted, or leave them out."
    add = (
        f"visibility: {ours}"
        if ours == "public"
        else "exclude-repositories: " + ", ".join(one.name for one in wider[:SHOWN])
    )
    return Check("runs", "refused", f"evidence of {_few(wider)} would stand in the runs of {name} ({ours})", do, add)


def own_issues(swept: Sequence[Repository]) -> Check:
    """Whether each repository can have its own issues."""
    without = [one for one in swept if not one.has_issues]
    if not without:
        return Check("issues enabled", "ok", "in every repository, which each gets its own")
    do = "What is found there is told in the summary alone; one repository can have all issues."
    return Check("issues enabled", "warning", f"not in {_few(without)}", do, "issue-repository: OWNER/NAME")


def enough(told: Check, headers: Mapping[str, str], count: int) -> Check:
    """The budget, with what the first sweep of so many repositories asks for."""
    limit, left = headers.get("x-ratelimit-limit", ""), headers.get("x-ratelimit-remaining", "")
    if told.state != "ok" or not (limit.isdigit() and left.isdigit()):
        return told
    usable = int(left) - int(int(limit) * RESERVE)
    says = f"{told.says}; the first sweep takes about {count}, and some for each failure"
    if usable >= count:
        return Check(told.name, "ok", says)
    do = f"{usable} may be used; the repositories that are not reached are said, and come first next time."
    return Check(told.name, "warning", says, do)


def _wider(swept: Sequence[Repository], visibility: str) -> list[Repository]:
    """The repositories that fewer people may read than something of that visibility."""
    return [one for one in swept if access.RANK[one.visibility] > access.RANK.get(visibility, 0)]


def _few(some: Sequence[Repository]) -> str:
    shown = ", ".join(f"{one.name} ({one.visibility})" for one in some[:SHOWN])
    return f"{shown} and {len(some) - SHOWN} more" if len(some) > SHOWN else shown
