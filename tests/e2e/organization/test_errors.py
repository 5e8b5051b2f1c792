"""What stops the sweep of an organisation: one line, its exit code, and nothing written."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.e2e.organization.company import NAME, TOKEN, TRACKER, Company, at, writes
from tests.e2e.standin import Fault

if TYPE_CHECKING:
    from tests.e2e.runner_place import Done

BOTH = pytest.mark.parametrize("shards", [0, 2], ids=["at once", "in parts"])


@pytest.fixture
def failing(company: Company) -> Company:
    """Three repositories that fail of one cause."""
    for hour in (5, 8, 11):
        for name in ("ant", "bee", "cat"):
            company.fails(name, at(0, hour))
    return company


def sweep(company: Company, shards: int, **environ: str) -> Done:
    """At once or in parts; `environ` are inputs."""
    given = {f"INPUT_{name.upper().replace('_', '-')}": value for name, value in environ.items()}
    when = at(0, 12)
    return company.fan_out(when, shards, given) if shards else company.investigate(when, given)


@BOTH
def test_an_organisation_that_nobody_knows(failing: Company, shards: int) -> None:
    """Exit code 3, with its name."""
    failing.hub.tokens[TOKEN].user = True
    done = sweep(failing, shards, organization="nobody-inc")
    assert (3, True, []) == (done.code, "nobody-inc" in done.stderr, writes(failing))


@BOTH
@pytest.mark.parametrize(
    ("permission", "entry"), [("actions", "actions: read"), ("issues", "issues: write"), ("metadata", "metadata")]
)
def test_a_token_without_a_permission(failing: Company, shards: int, permission: str, entry: str) -> None:
    """Exit code 3; the message names what is missing."""
    del failing.hub.tokens[TOKEN].permissions[permission]
    done = sweep(failing, shards)
    assert (3, True, []) == (done.code, entry in done.stderr, writes(failing))
    assert 1 == done.stderr.count("error:")


@BOTH
def test_a_token_that_is_none(failing: Company, shards: int) -> None:
    """Exit code 3, before anything is read."""
    failing.hub.tokens.clear()
    done = sweep(failing, shards)
    assert (3, "error: GitHub refused the token: 401 Bad credentials", []) == (
        done.code, done.stderr.partition(". ")[0], writes(failing),
    )  # fmt: skip


@BOTH
def test_a_listing_of_repositories_that_is_cut_short(failing: Company, shards: int) -> None:
    """Exit code 4: fewer came than there are."""
    failing.hub.short = 2
    done = sweep(failing, shards)
    said = f"error: Could not list all repositories of {NAME}: 2 of 4 came"
    assert (4, said, []) == (done.code, done.stderr[: len(said)], writes(failing))


@BOTH
def test_a_listing_of_issues_that_fails(failing: Company, shards: int) -> None:
    """Exit code 4: whether something is filed is not known."""
    failing.hub.faults.append(Fault("GET", "/issues$", "status", times=99, status=502))
    done = sweep(failing, shards)
    assert (4, True, []) == (done.code, "issues" in done.stderr, writes(failing))


@BOTH
def test_an_issue_repository_that_takes_no_issues(failing: Company, shards: int) -> None:
    """Exit code 2, before a run is read."""
    failing.tracker.rename(has_issues=False)
    done = sweep(failing, shards)
    said = f"error: Issues are disabled in {TRACKER}"
    assert (2, said, []) == (done.code, done.stderr[: len(said)], writes(failing))


def test_no_organisation_is_planned(failing: Company) -> None:
    """`plan` without one says what is meant for one repository."""
    done = failing.command(at(0, 12), "plan", environ={"INPUT_ORGANIZATION": ""})
    assert (2, "error: No organisation is named. Give --organization; one repository is swept by `investigate`.\n") == (
        done.code, done.stderr.partition("::")[0],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("scan", "--shard", "0"), "error: There is no plan in failure-investigator-plan"),
        (("report",), "error: There is no plan in failure-investigator-plan"),
        (("scan",), "error: No shard is named. Give --shard NUMBER"),
    ],
)
def test_parts_without_a_plan(failing: Company, words: tuple[str, ...], said: str) -> None:
    """Exit code 2 and what to do."""
    done = failing.command(at(0, 12), *words)
    assert (2, said) == (done.code, done.stderr[: len(said)])


def test_a_shard_that_is_not_in_the_plan(failing: Company) -> None:
    """Exit code 2 says which there are."""
    plan = failing.place()
    failing.command(at(0, 12), "plan", "--output", str(plan), "--shards", "2")
    done = failing.scan(at(0, 12), plan, failing.place(), 2)
    assert (2, True) == (done.code, "has no shard 2. It has 2, from 0 on" in done.stderr)


def test_findings_that_are_broken_count_as_missing(failing: Company) -> None:
    """They are told; the others are concluded from."""
    plan, findings = failing.place(), failing.place()
    failing.command(at(0, 12), "plan", "--output", str(plan), "--shards", "3")
    for number in range(3):
        failing.scan(at(0, 12), plan, findings, number)
    path = next(findings.rglob("findings-0001.jsonl.gz"))
    path.write_bytes(path.read_bytes()[:200])
    done = failing.report(at(0, 12), plan, findings)

    notes = [note for note in done.report["notes"] if "findings-0001" in note or "nothing came" in note]
    assert (0, 2) == (done.code, len(notes))
    assert "2 repositories: npm" in failing.tracker.issues[0]["title"]


def test_a_plan_of_another_version_is_refused(failing: Company) -> None:
    """All parts are one version's."""
    plan = failing.place()
    failing.command(at(0, 12), "plan", "--output", str(plan))
    path = plan / "plan.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).replace(b'"version": 1', b'"version": 2')
    path.write_bytes(gzip.compress(lines))
    done = failing.report(at(0, 12), plan, failing.place())
    assert (4, True) == (done.code, "is no plan of this version" in done.stderr)


@BOTH
def test_an_organisation_without_failures(company: Company, shards: int) -> None:
    """No shard, no issue, and no error."""
    done = sweep(company, shards)
    assert (0, "", []) == (done.code, done.stderr, writes(company))
