"""Where the issues of an organisation go, what they list, and when they close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.organization.company import NAME, Company, at, pages, writes
from tests.e2e.standin import Fault, Somebody
from tests.unit.signatures.test_packs import PACK

if TYPE_CHECKING:
    from tests.e2e.runner_place import Done

EACH = {"INPUT_ISSUE-REPOSITORY": ""}
BOTH = pytest.mark.parametrize("shards", [0, 3], ids=["at once", "in parts"])


def sweep(company: Company, day: int, shards: int, environ: dict[str, str] | None = None) -> Done:
    """A sweep at noon that succeeds."""
    when = at(day, 12)
    done = company.fan_out(when, shards, environ) if shards else company.investigate(when, environ)
    assert (0, "") == (done.code, done.stderr)
    return done


def day(company: Company, number: int, failing: tuple[str, ...], good: tuple[str, ...] = ()) -> None:
    """Two runs of the morning in each repository."""
    for hour in (2, 5):
        for name in failing:
            company.fails(name, at(number, hour))
        for name in good:
            company.succeeds(name, at(number, hour))


@BOTH
def test_each_repository_gets_its_own_issue(company: Company, shards: int) -> None:
    """No repository is named in another's; one without issues is told, and one that recovers closes its own."""
    company.world("cat", has_issues=False)
    day(company, 0, ("ant", "bee", "cat"))
    first = sweep(company, 0, shards, EACH)
    opened = {name: [one["title"] for one in issues] for name, issues in company.pages().items()}
    day(company, 1, ("bee",), ("ant",))
    second = sweep(company, 1, shards, EACH)

    title = "Release: npm answers 401, no credential reached it (NODE_AUTH_TOKEN)"
    assert {f"{NAME}/ant": [title], f"{NAME}/bee": [title]} == opened
    assert f"issues are disabled in 1 repositories with findings: {NAME}/cat" in first.report["notes"]
    assert {"ant": "closed", "bee": "open"} == {
        name.partition("/")[2]: issues[0]["state"] for name, issues in company.pages().items()
    }
    assert f'[{{"repository": "{NAME}/ant", "number": 1}}]' == second.outputs["closed"]
    assert [] == [body for name, issues in company.pages().items() if (body := issues[0]["body"]).count("octo-org/cat")]


@BOTH
def test_a_repository_whose_issues_cannot_be_read_costs_itself_alone(company: Company, shards: int) -> None:
    """Where each gets its own: it is told, and the others get theirs."""
    day(company, 0, ("ant", "bee"))
    company.hub.faults.append(Fault("GET", "/ant/issues$", "status", times=99, status=502))
    done = sweep(company, 0, shards, EACH)
    assert [f"{NAME}/bee"] == list(company.pages())
    assert 1 == sum("could not" in note.lower() and f"{NAME}/ant" in note for note in done.report["notes"])


def test_issues_that_cannot_be_read_any_more_are_left_as_they_are(company: Company) -> None:
    """Between the plan and the report."""
    day(company, 0, ("ant", "bee"))
    plan, findings = company.place(), company.place()
    company.command(at(0, 12), "plan", "--plan", str(plan), "--shards", "1", environ=EACH)
    company.scan(at(0, 12), plan, findings, 0, EACH)
    company.hub.faults.append(Fault("GET", "/ant/issues$", "status", times=99, status=502))
    done = company.report(at(0, 12), plan, findings, EACH)
    assert (0, [f"{NAME}/bee"]) == (done.code, list(company.pages()))
    assert 1 == sum(note.startswith(f"the issues of {NAME}/ant were left as they are") for note in done.report["notes"])


@pytest.mark.parametrize("issues", [{}, EACH], ids=["one repository", "each its own"])
@BOTH
def test_the_report_says_what_all_parts_cost(company: Company, shards: int, issues: dict[str, str]) -> None:
    """Every request of the API, those for what is filed too."""
    day(company, 0, ("ant", "bee"), ("cat",))
    done = sweep(company, 0, shards, issues)
    asked = [line for line in company.standin.asked() if not line.endswith("/rate_limit")]
    own = (
        len(company.standin.asked()) - len(asked) + 3 * bool(shards)
    )  # each scan and the report look for packs and files
    assert len(asked) - done.report["requests"]["total"] in range(own + 1)


@BOTH
def test_one_cause_is_one_incident_with_all_its_places(company: Company, shards: int) -> None:
    """Repositories, workflows and criteria; a repository more is one comment; only the last recovery closes it."""
    day(company, 0, ("ant", "bee"))
    sweep(company, 0, shards)
    day(company, 1, ("cat",), ("ant",))
    sweep(company, 1, shards)
    middle = pages(company.tracker)[0]
    day(company, 2, (), ("bee", "cat"))
    sweep(company, 2, shards)
    last = pages(company.tracker)[0]

    places = [f"{NAME}/{name}" for name in ("ant", "bee", "cat")]
    criteria = [line for line in middle["body"].splitlines() if line.startswith("- [")]
    assert (1, 3, 1) == (len(company.tracker.issues), len(criteria), len(middle["comments"]))
    assert [True] * 3 == [any(place in line for line in criteria) for place in places]
    assert [True] == [line.startswith("- [x]") for line in criteria if f"{NAME}/ant" in line]
    assert ("open", "closed", "completed") == (middle["state"], last["state"], last["state_reason"])
    assert [True] * 3 == [place in last["comments"][-1] for place in places]
    assert (True, f"in `{NAME}/cat`" in middle["comments"][0]) == (
        "spread to another workflow" in middle["comments"][0],
        True,
    )


def test_a_cause_seen_once_in_three_repositories_is_filed(company: Company) -> None:
    """One failed run each says enough of a credential that all of them use."""
    for name in ("ant", "bee", "cat"):
        company.fails(name, at(0, 5))
    sweep(company, 0, 3)
    assert ["3 repositories: npm answers 401, no credential reached it (NODE_AUTH_TOKEN)"] == [
        one["title"] for one in company.tracker.issues
    ]


def test_what_a_person_says_counts_for_all_repositories(company: Company) -> None:
    """Muted and handed over as in one repository."""
    day(company, 0, ("ant", "bee"))
    sweep(company, 0, 0)
    person = Somebody(company.tracker)
    person.label(1, "investigator:mute")
    day(company, 1, ("ant", "bee", "cat"))
    sweep(company, 1, 2)
    assert [] == writes(company)


@BOTH
def test_the_configuration_of_the_issue_repository_counts_in_all_parts(company: Company, shards: int) -> None:
    """Thresholds, labels, packs and templates are those that were planned by, whatever stands in a scan's checkout."""
    config = "min-failures: 3\nlabels: ci-refusals\nsignatures: .github/packs/*.yml\ntemplates: .github/pages\n"
    files = {
        ".github/failure-investigator.yml": config,
        ".github/packs/vault-corp.yml": PACK,
        ".github/pages/comment.md.j2": "Acme says: {{ message }}\n",
    }
    company.tracker.files |= {("HEAD", path): text for path, text in files.items()}
    day(company, 0, ("ant",))
    for hour in (2, 5, 8):
        company.fails("bee", at(0, hour), ["corp-vault: team payments may not read kv/prod"])
    sweep(company, 0, shards)
    day(company, 1, (), ("bee",))
    sweep(company, 1, shards)

    found = [(one["title"], one["labels"], one["state"]) for one in company.tracker.issues]
    assert [("Release in octo-org/bee: Corp vault answers 403, a right is missing", ["ci-refusals"], "closed")] == found
    assert "Acme says: **Resolved.**" in company.tracker.comments[1][0]["body"]
