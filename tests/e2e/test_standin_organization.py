"""The stand-in with many repositories: what is shared, what is kept apart."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from failure_investigator.model import Workflow
from tests.e2e.conftest import TOKEN
from tests.e2e.standin import Fault, Organization, StandIn
from tests.e2e.test_standin import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NIGHTLY = Workflow(7, "Nightly", ".github/workflows/nightly.yml")
PERSON = "gh" + "p_" + "p" * 36


def made(kind: str = "Organization") -> Organization:
    """Three repositories, one of them public; an installation's token and a person's."""
    organization = Organization("octo-org", NOW, kind)
    organization.add("beta", visibility="public", topics=("ci",))
    organization.add("alpha", archived=True)
    organization.add("Gamma", disabled=True, visibility="internal")
    organization.add_token(TOKEN)
    organization.add_token(PERSON, user=True, login="octocat")
    return organization


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """The stand-in that serves them."""
    with StandIn(made()) as started:
        yield started


def test_repositories_are_listed_by_name_with_what_is_special_of_each(standin: StandIn) -> None:
    """Archived, disabled, topics and visibility, by pages."""
    _, first, headers = ask(standin, "/orgs/octo-org/repos?per_page=2", token=PERSON)
    _, second, _ = ask(standin, "/orgs/octo-org/repos?per_page=2&page=2", token=PERSON)

    told = [(one["name"], one["visibility"], one["archived"], one["disabled"], one["topics"]) for one in first + second]
    assert [
        ("alpha", "private", True, False, []),
        ("beta", "public", False, False, ["ci"]),
        ("Gamma", "internal", False, True, []),
    ] == told
    assert 'rel="next"' in headers["link"]


def test_an_installation_lists_what_it_may_see(standin: StandIn) -> None:
    """With their number; to a person the same is refused."""
    _, body, _ = ask(standin, "/installation/repositories")
    standin.hub.tokens[TOKEN].sees = frozenset({"beta"})
    _, fewer, _ = ask(standin, "/installation/repositories")
    hidden, _, _ = ask(standin, "/repos/octo-org/alpha")

    assert (3, "all", 1, "selected", 404) == (
        body["total_count"], body["repository_selection"], fewer["total_count"], fewer["repository_selection"], hidden,
    )  # fmt: skip
    assert 403 == ask(standin, "/installation/repositories", token=PERSON)[0]


def test_a_person_is_no_organization() -> None:
    """404 under /orgs, and under /users the public repositories only."""
    with StandIn(made(kind="User")) as standin:
        answers = [ask(standin, path) for path in ("/orgs/octo-org/repos", "/users/octo-org/repos", "/orgs/nobody")]

    assert [404, 200, 404] == [status for status, _, _ in answers]
    assert ["beta"] == [one["name"] for one in answers[1][1]]


def test_each_repository_answers_for_itself(standin: StandIn) -> None:
    """Its runs, jobs and logs, whose ids are nobody else's; an unknown one is 404."""
    organization = standin.hub
    assert isinstance(organization, Organization)
    for name in ("alpha", "beta"):
        world = organization.worlds[f"octo-org/{name}"]
        run = world.add_run(NIGHTLY, NOW - timedelta(hours=1))
        world.add_job(run, "build", [f"this is {name}"])

    seen = {}
    for name in ("alpha", "beta"):
        _, runs, _ = ask(standin, f"/repos/octo-org/{name}/actions/runs")
        number = runs["workflow_runs"][0]["id"]
        _, jobs, _ = ask(standin, f"/repos/octo-org/{name}/actions/runs/{number}/jobs")
        _, _, there = ask(standin, f"/repos/octo-org/{name}/actions/jobs/{jobs['jobs'][0]['id']}/logs")
        seen[number] = f"this is {name}".encode() in ask(standin, there["location"], token="")[1]
    assert [True, True] == list(seen.values())
    assert 404 == ask(standin, "/repos/octo-org/delta")[0]


def test_the_limit_is_shared_and_ends(standin: StandIn) -> None:
    """All repositories count against one limit; then everything but asking for the limit is refused."""
    standin.hub.tokens[TOKEN].limit = 2
    asked = [ask(standin, f"/repos/octo-org/{name}")[0] for name in ("alpha", "beta", "gamma")]
    status, told, _ = ask(standin, "/rate_limit")

    assert [200, 200, 403] == asked
    assert (200, 0, 2) == (status, told["resources"]["core"]["remaining"], told["resources"]["core"]["used"])


def test_a_server_without_limits_tells_none(standin: StandIn) -> None:
    """404 to the question, and no headers."""
    standin.hub.tokens[TOKEN].limit = 0
    _, _, headers = ask(standin, "/repos/octo-org/alpha")

    assert (404, False) == (ask(standin, "/rate_limit")[0], "x-ratelimit-limit" in headers)


@pytest.mark.parametrize(("etags", "status"), [("github", 200), ("body", 304)])
def test_a_tag_is_one_tokens(etags: str, status: int) -> None:
    """As GitHub's are: what was unchanged for one token comes whole to another."""
    with StandIn(made(), etags=etags) as standin:  # type: ignore[arg-type]
        _, _, first = ask(standin, "/repos/octo-org/alpha")
        again, _, _ = ask(standin, "/repos/octo-org/alpha", **{"If-None-Match": first["etag"]})
        other, _, _ = ask(standin, "/repos/octo-org/alpha", token=PERSON, **{"If-None-Match": first["etag"]})

    assert (304, status) == (again, other)


def test_an_answer_takes_as_long_as_it_should() -> None:
    """The latency of each answer of the API; faults strike as with one repository."""
    organization = made()
    organization.faults.append(Fault("GET", "/alpha$", "status", status=502))
    with StandIn(organization, latency=0.05, keep_answers=False) as standin:
        start = time.monotonic()
        asked = [ask(standin, "/repos/octo-org/alpha")[0] for _ in range(2)]

        assert ([502, 200], [None, None]) == (asked, [entry.answer for entry in standin.journal])
        assert time.monotonic() - start >= 0.1


def test_who_closed_an_issue_is_told_by_the_issue_alone(standin: StandIn) -> None:
    """A list leaves it out."""
    issue = standin.world.file_issue("octocat", "one", "body")
    path = f"/repos/{standin.world.repository.name}/issues"
    ask(standin, f"{path}/{issue['number']}", "PATCH", {"state": "closed"})

    listed = ask(standin, f"{path}?state=all")[1][0]
    assert (False, "github-actions[bot]") == ("closed_by" in listed, ask(standin, f"{path}/1")[1]["closed_by"]["login"])
