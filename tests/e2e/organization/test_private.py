"""Evidence of private repositories stays within their visibility, in issues, comments and the sweep's own runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.e2e.organization.company import MISSING, NAME, PUSH, TRACKER, Company, at, writes

if TYPE_CHECKING:
    from tests.e2e.runner_place import Done

HOST = [
    "error: unexpected status from POST request to https://wombat.internal.example/token: 401 Unauthorized",
]
WORDS = ("zebra", "xylophone", "quagga", "narwhal", "wombat", "internal.example", "ibex", "NODE_AUTH", "npm error")
REDACTED = {"INPUT_REDACT-PRIVATE": "true"}
HOME = {"GITHUB_WORKFLOW_REF": f"{TRACKER}/.github/workflows/investigate.yml@refs/heads/main"}


def zebra(company: Company, when: object, lines: list[str], *, fail: bool = True, file: str = "xylophone") -> None:
    """A run in the private repository, every name of which is a word that nothing else has."""
    company.world("zebra", default_branch="narwhal")
    ended = company.fails if fail else company.succeeds
    more = {"lines": lines} if fail else {}
    ended("zebra", when, file=file, job="quagga", **more)  # type: ignore[arg-type]


def leaks(company: Company) -> list[str]:
    """Words of the private repository, and numbers of its runs, in the issues and comments of the tracker."""
    world = company.tracker
    texts = [text for one in world.issues for text in (one["title"], one["body"], *one["labels"])]
    texts += [one["body"] for several in world.comments.values() for one in several]
    shown = re.sub(r"^<!-- failure-investigator:v1 .* -->$", "", "\n".join(texts), flags=re.MULTILINE)
    numbers = [str(run.id) for run in company.world("zebra").runs]
    found = [word for word in WORDS if word.lower() in "\n".join(texts).lower()]
    return found + [number for number in numbers if number in shown]


def states(company: Company) -> list[str]:
    """The state of every issue."""
    return [one["state"] for one in company.tracker.issues]


def swept(company: Company, day: int, hour: int, shards: int) -> Done:
    """A sweep that succeeds, with counts only."""
    when = at(day, hour)
    done = company.fan_out(when, shards, REDACTED) if shards else company.investigate(when, REDACTED)
    assert (0, "") == (done.code, done.stderr)
    return done


@pytest.mark.parametrize("shards", [0, 2])
def test_nothing_is_written_to_a_less_restricted_repository(public_company: Company, shards: int) -> None:
    """Exit code 2 names both repositories, before any run is read."""
    company = public_company
    for hour in (2, 5):
        zebra(company, at(0, hour), MISSING)
    done = company.fan_out(at(0, 12), shards) if shards else company.investigate(at(0, 12))

    said = f"error: Evidence of {NAME}/zebra (private) would go to {TRACKER} (public)"
    assert (2, said) == (done.code, done.stderr[: len(said)])
    assert ([], []) == (writes(company), [path for path in company.standin.asked() if "/actions/" in path])


@pytest.mark.parametrize(
    ("lines", "shards"), [(MISSING, 0), (HOST, 2), (PUSH, 0)], ids=["known service", "private host", "workflow"]
)
def test_counts_are_all_that_is_filed(public_company: Company, lines: list[str], shards: int) -> None:
    """Opened, grown, widened, recovering, closed and back: no name, number, line or link of it in pages or comments."""
    company = public_company
    for hour in (2, 5):
        zebra(company, at(0, hour), lines)
    swept(company, 0, 12, shards)
    seen = [(states(company), leaks(company))]
    for hour in (1, 2, 3, 4):
        zebra(company, at(1, hour), lines)
        zebra(company, at(1, hour, 30), lines, file="ibex")
    swept(company, 1, 12, shards)
    seen.append((sorted(set(states(company))), leaks(company)))
    for hour in (1, 2):
        zebra(company, at(2, hour), lines, fail=False)
        zebra(company, at(2, hour, 30), lines, fail=False, file="ibex")
    swept(company, 2, 12, shards)
    seen.append((sorted(set(states(company))), leaks(company)))
    for hour in (1, 2, 3):
        zebra(company, at(3, hour), lines)
    swept(company, 3, 12, shards)
    seen.append((sorted(set(states(company)))[-1:], leaks(company)))

    assert [(["open"], []), (["open"], []), (["closed"], []), (["open"], [])] == seen
    first = company.tracker.issues[0]
    told = [one["body"].split("**")[1] for one in company.tracker.comments[first["number"]]]
    assert (True, ["Resolved.", "It is back."]) == ("failed runs, all read" in first["body"], told[-2:])


def test_a_public_repository_beside_it_keeps_its_names(public_company: Company) -> None:
    """The same cause in both: two issues, one of which names its repository."""
    company = public_company
    company.world("yak", visibility="public")
    for hour in (2, 5):
        zebra(company, at(0, hour), MISSING)
        company.fails("yak", at(0, hour))
    swept(company, 0, 12, 0)

    bodies = [one["body"] for one in company.tracker.issues]
    sealed = [body for body in bodies if ":sealed:" in body]
    assert (2, 1) == (len(bodies), len(sealed))
    assert [] == [word for word in WORDS if word.lower() in sealed[0].lower()]
    assert 1 == sum(f"{NAME}/yak" in body for body in bodies)
    assert 0 == sum("zebra" in body for body in bodies)


def test_an_outage_in_private_repositories_names_none(public_company: Company) -> None:
    """One issue for the service in what everybody may read, and one for the counts."""
    company = public_company
    limit = ["Error response from daemon: toomanyrequests: You have reached your pull rate limit."]
    broken = [*PUSH, "503 Service Unavailable"]
    company.world("yak", visibility="public")
    for hour in (2, 3, 5):
        zebra(company, at(0, hour), broken)
        company.fails("yak", at(0, hour), broken)
        for number in range(5):
            company.fails(f"secret-{number}", at(0, hour), broken)
            company.fails(f"secret-{number}", at(0, hour), limit, file="image")
    swept(company, 0, 12, 2)

    bodies = [one["title"] + one["body"] for one in company.tracker.issues]
    assert (True, []) == (bool(bodies), leaks(company))
    assert 0 == sum("secret-" in body for body in bodies)
    assert 1 == sum("v1:outage:github -->" in body for body in bodies)
    assert 2 == sum("v1:outage:sealed:" in body.partition("begin v1")[2] for body in bodies)


@pytest.mark.parametrize("shards", [0, 2])
def test_a_sweep_never_runs_where_more_people_can_read_it(public_company: Company, shards: int) -> None:
    """Its log, summary and artifacts show what was found: refused before a run is listed, whatever else is allowed."""
    company = public_company
    for hour in (2, 5):
        zebra(company, at(0, hour), MISSING)
    environ = {**REDACTED, **HOME}
    done = company.fan_out(at(0, 12), shards, environ) if shards else company.investigate(at(0, 12), environ)

    said = f"error: Evidence of {NAME}/zebra (private) would stand in the runs of {TRACKER} (public)"
    assert (2, said) == (done.code, done.stderr[: len(said)])
    assert ([], []) == (writes(company), [path for path in company.standin.asked() if "/actions/" in path])
    assert ("", {}) == (done.summary, done.outputs)
    assert [] == list(company.home.rglob("*.jsonl.gz"))


def test_a_home_that_is_as_restricted_is_fine(company: Company) -> None:
    """A private repository sweeps private ones."""
    for hour in (2, 5):
        zebra(company, at(0, hour), MISSING)
    assert (0, 1) == (company.investigate(at(0, 12), HOME).code, len(company.tracker.issues))
