"""Which repositories are listed, by which token, and that an incomplete list is never taken for all."""

from __future__ import annotations

from typing import Any

import pytest

from failure_investigator.errors import IncompleteError, RefusedError
from failure_investigator.sources.github import GitHubSource
from failure_investigator.sources.github_client import connect
from failure_investigator.sources.organization import OrganizationLister, Repositories, RepositoryFilter
from failure_investigator.sources.payloads import RepositoryPayload
from tests.unit.sources.conftest import API, TOKEN, Answer, Asked, Hub

ORG, USER, INSTALLED = "/orgs/octo/repos", "/users/octo/repos", "/installation/repositories"
PERSONAL = "gh" + "p_" + "p" * 36


def told(name: str, **changes: Any) -> dict[str, Any]:
    """A repository as a list has it."""
    return {"full_name": f"octo/{name}", "visibility": "private", "default_branch": "main", **changes}


def pages(*several: Any) -> Any:
    """Pages by number, each with a link to the next."""

    def page(asked: Asked) -> Answer:
        number = int(asked.query.get("page", "1"))
        link = {"Link": f'<{API}{asked.path}?page={number + 1}>; rel="next"'} if number < len(several) else {}
        return Answer(several[number - 1], headers=link)

    return page


def listed(token: str = PERSONAL, wanted: RepositoryFilter | None = None) -> Repositories:
    """What a token sees of the organisation."""
    with GitHubSource(token, API) as source:
        return source.repositories("octo", wanted)


def names(found: Repositories) -> list[str]:
    """Theirs."""
    return [one.name for one in found.repositories]


def test_all_pages_are_read_and_each_repository_counts_once(hub: Hub) -> None:
    """Pages shift while repositories are made; a short page is not the end."""
    hub.rules[ORG] = pages([told("b"), told("a")], [told("b")], [told("c")])
    assert ["octo/a", "octo/b", "octo/c"] == names(listed())
    first = {"per_page": "100", "type": "all", "sort": "full_name"}
    assert [first, first | {"page": "2"}, first | {"page": "3"}] == [asked.query for asked in hub.journal]


def test_archived_and_disabled_ones_are_counted_and_left_out(hub: Hub) -> None:
    """Nothing runs there."""
    hub.rules[ORG] = Answer([told("a", archived=True), told("b"), told("c", disabled=True), told("d", archived=True)])
    found = listed()
    assert (["octo/b"], {"archived": 2, "disabled": 1}) == (names(found), found.left_out)


@pytest.mark.parametrize(
    ("wanted", "kept", "left_out"),
    [
        (RepositoryFilter(), ["api", "Web-App", "web-old"], {}),
        (RepositoryFilter(include=("web-*",)), ["Web-App", "web-old"], {"name": 1}),
        (RepositoryFilter(include=("octo/WEB-*",), exclude=("*-old",)), ["Web-App"], {"name": 2}),
        (RepositoryFilter(topics=("CI", "other")), ["api"], {"topic": 2}),
        (RepositoryFilter(visibilities=("public", "internal")), ["api", "web-old"], {"visibility": 1}),
        (RepositoryFilter(exclude=("*",)), [], {"name": 3}),
    ],
)
def test_filters(hub: Hub, wanted: RepositoryFilter, kept: list[str], left_out: dict[str, int]) -> None:
    """By name, topic and visibility; the number of those left out is told by reason."""
    hub.rules[ORG] = Answer(
        [
            told("api", topics=["ci"], visibility="internal"),
            told("Web-App", topics=["web"]),
            told("web-old", visibility="public"),
        ]
    )
    found = listed(wanted=wanted)
    assert ([f"octo/{name}" for name in kept], left_out) == (names(found), found.left_out)


def test_a_server_without_visibility_tells_private(hub: Hub) -> None:
    """The filter looks at the same as everybody else."""
    payload = RepositoryPayload.model_validate(told("a", visibility=None, private=True))
    assert "visibility" == RepositoryFilter(visibilities=("public",)).reason(payload)


def test_an_installation_is_asked_for_what_it_may_see(hub: Hub) -> None:
    """Those of other owners are not the organisation's; a selection is told."""
    selected = {"total_count": 2, "repository_selection": "selected"}
    hub.rules[INSTALLED] = pages(
        selected | {"repositories": [told("a")]}, selected | {"repositories": [told("b", full_name="other/b")]}
    )
    found = listed(TOKEN)
    assert (["octo/a"], ("The installation sees selected repositories only (2), not all of octo",)) == (
        names(found),
        found.notes,
    )
    assert [INSTALLED] * 2 == hub.paths()


@pytest.mark.parametrize("status", [403, 404])
def test_a_token_that_is_no_installations_asks_the_organization(hub: Hub, status: int) -> None:
    """Where the first question is refused."""
    hub.rules |= {INSTALLED: Answer({"message": "no"}, status), ORG: Answer([told("a")])}
    assert ["octo/a"] == names(listed(TOKEN))


def test_an_installation_elsewhere_is_told(hub: Hub) -> None:
    """Not one repository of the organisation: that is no empty organisation."""
    page = {"total_count": 1, "repositories": [told("a", full_name="other/a")]}
    hub.rules[INSTALLED] = Answer(page)
    with pytest.raises(RefusedError, match="sees no repository of octo: it is an installation's of other"):
        listed(TOKEN)


def test_a_user_has_repositories_too(hub: Hub) -> None:
    """404 for the organisation leads to the user, whose public repositories alone are told."""
    hub.rules[USER] = Answer([told("a", visibility="public")])
    found = listed()
    assert (["octo/a"], ("octo is a user: its public repositories alone are listed",)) == (names(found), found.notes)
    assert [ORG, USER] == hub.paths()


@pytest.mark.parametrize("token", [TOKEN, PERSONAL])
def test_an_unknown_organization_is_refused(hub: Hub, token: str) -> None:
    """The error names it."""
    with pytest.raises(RefusedError, match="Could not list the repositories of octo: octo is unknown, or invisible"):
        listed(token)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (Answer({"message": "Bad credentials"}, 401), RefusedError, "GitHub refused the token"),
        (Answer({"message": "SSO"}, 403, {"X-GitHub-SSO": "required; url=x"}), RefusedError, "SSO"),
        (Answer({"message": "Server Error"}, 500), IncompleteError, "GitHub kept failing"),
        (Answer([told("a")], 200, {"X-GitHub-SSO": "partial-results; organizations=5"}), IncompleteError, "sign-on"),
        (Answer({"repositories": 5}), IncompleteError, "not what GitHub documents"),
        (Answer(b"<html>"), IncompleteError, "unexpected answer"),
    ],
)
def test_a_failure_is_never_an_empty_organization(hub: Hub, answer: Answer, error: type[Exception], words: str) -> None:
    """Refusals, failures, partial results and answers of another form are errors, whichever list was asked for."""
    hub.rules |= {ORG: answer, INSTALLED: answer if answer.status != 403 else Answer({"message": "no"}, 404)}
    for token in (PERSONAL, TOKEN):
        with pytest.raises(error, match=words):
            listed(token)


def test_fewer_than_announced_is_an_error(hub: Hub) -> None:
    """The installation's list tells its length."""
    hub.rules[INSTALLED] = Answer({"total_count": 2, "repositories": [told("a")]})
    with pytest.raises(IncompleteError, match="Could not list all repositories of octo: 1 of 2 came"):
        listed(TOKEN)


def test_the_page_cap_is_an_error(hub: Hub) -> None:
    """Never a part of the organisation in the place of the whole."""
    hub.rules[ORG] = pages([told("a")], [told("b")], [told("c")])
    lister = OrganizationLister(connect(PERSONAL, API).requester, PERSONAL, pages=2)
    with pytest.raises(IncompleteError, match="Could not list all repositories of octo: there are more than 200"):
        lister.repositories("octo")


def test_an_empty_organization_is_empty(hub: Hub) -> None:
    """When it says so itself."""
    hub.rules |= {ORG: Answer([]), INSTALLED: Answer({"total_count": 0, "repositories": []})}
    assert [Repositories(())] * 2 == [listed(), listed(TOKEN)]
