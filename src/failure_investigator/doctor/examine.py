"""All checks in their order, each request made once; what a refusal makes pointless is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.doctor import access, schedule
from failure_investigator.doctor.model import Check
from failure_investigator.sources.meter import RESERVE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from failure_investigator.doctor.access import Probe
    from failure_investigator.settings import Settings


def examine(
    probe: Probe,
    settings: Settings,
    now: datetime,
    read: Callable[[str], str | None],
    configuration: Callable[[], tuple[Settings, Check]],
    bot: Callable[[], Check],
    job: str = "",
) -> Iterator[Check]:
    """Every check, as it is made. `read` reads a file at the default branch, `configuration` the settings with the file
    in, `bot` who writes the issues, `job` is the key of the job that runs us (`GITHUB_JOB`). Raises errors of ours when
    GitHub cannot be asked."""
    kind, found = access.token(settings.github_token.reveal())
    yield found
    if found.state == "refused":
        return
    swept = probe.get(f"/repos/{settings.repository}")
    found = access.repository(settings.repository, swept, kind)
    yield found
    if found.state == "refused":
        return
    yield from access.reads(probe, settings.repository, kind)
    settings, found = configuration()
    yield found
    name = settings.issue_repository or settings.repository
    target = swept if name.lower() == settings.repository.lower() else probe.get(f"/repos/{name}")
    yield from access.issues(probe, name, target, kind)
    yield bot()
    evidence = access.target(swept, target, (settings.repository, name), redact_private=settings.redact_private)
    if evidence is not None:
        yield evidence
    yield from own_workflow(probe, settings, now, read, job)
    yield budget(probe.get("/rate_limit").headers, target.headers)


def own_workflow(
    probe: Probe, settings: Settings, now: datetime, read: Callable[[str], str | None], job: str
) -> Iterator[Check]:
    """The bot's own workflow: there, let run, and running."""
    home = settings.own_repository.lower() in ("", settings.repository.lower())
    if not home:
        yield Check("workflow", "unknown", f"it lies in {settings.own_repository}: run doctor there too")
        return
    found = schedule.find(probe, settings.repository, settings.own_workflow, read)
    yield from schedule.workflow(found, job if settings.own_workflow else "")
    if found is not None:
        yield from schedule.runs(probe, settings.repository, found[0], now, settings.lookback)


def budget(*answers: Mapping[str, str]) -> Check:
    """What is left of the rate limit, by the last answer that tells it; asking for it is free."""
    for headers in answers:
        limit, left = headers.get("x-ratelimit-limit", ""), headers.get("x-ratelimit-remaining", "")
        if limit.isdigit() and left.isdigit():
            says = f"{left} of {limit} requests are left in this hour"
            if int(left) < int(limit) * RESERVE:
                do = f"A sweep leaves the last {RESERVE:.0%} to others and stops."
                return Check("API budget", "warning", says, do)
            return Check("API budget", "ok", says)
    return Check("API budget", "ok", "this server tells no rate limit")
