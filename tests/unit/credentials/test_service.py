from __future__ import annotations

import pytest

from failure_investigator.credentials.service import choose, own_name
from failure_investigator.errors import UsageError
from tests.unit.credentials.made import GH, SERVICES, github, noise, openai


def chosen(name: str, value: str = "", given: str = "") -> str | None:
    """The id of the service."""
    service = choose(name, value, SERVICES, given).service
    return service.id if service else None


@pytest.mark.parametrize(
    ("name", "value", "service"),
    [
        ("OPENAI_API_KEY", "", "openai"),
        ("GITHUB_TOKEN", "", "github"),
        ("INPUT_NPM-TOKEN", "", "npm"),
        ("NODE_AUTH_TOKEN", "", "npm"),
        ("NODE_AUTH_TOKEN", github(), "github-packages"),
        ("SONAR_TOKEN", "sq" + "u_" + noise(40), "sonarqube"),
        ("NOBODY_KNOWS", openai(), "openai"),
        ("NOBODY_KNOWS", "glp" + "at-" + noise(20), "gitlab"),
        ("NOBODY_KNOWS", "hunter2", None),
        ("NOBODY_KNOWS", GH + "ost-in-the-shell", None),
    ],
)
def test_name_then_format_decide(name: str, value: str, service: str | None) -> None:
    """A fitting prefix wins among services of one name; a value alone must have a public format."""
    assert service == chosen(name, value)


def test_what_is_given_wins() -> None:
    """Whatever name and value say."""
    assert "gitlab" == chosen("GITHUB_TOKEN", github(), "gitlab")


def test_other_services_of_the_name_are_told() -> None:
    """So that nobody is surprised by the choice."""
    assert {"ghcr", "github-packages", "coveralls.io"} <= set(choose("GITHUB_TOKEN", "", SERVICES).others)


@pytest.mark.parametrize(
    ("given", "advice"), [("opena", "Did you mean openai?"), ("zzzzzz", "`failure-investigator sig")]
)
def test_an_unknown_service_is_answered_with_the_close_one(given: str, advice: str) -> None:
    """Or with how to see them all."""
    with pytest.raises(UsageError) as raised:
        choose("A", "", SERVICES, given)

    assert raised.value.line().startswith(f"There is no service '{given}'. {advice}")


def test_what_may_be_a_value_is_not_repeated() -> None:
    """Somebody gave the credential where the service belongs."""
    for given in (openai(), noise(24).lower(), "Pass word"):
        with pytest.raises(UsageError) as raised:
            choose("A", "", SERVICES, given)
        assert given not in raised.value.line()


def test_a_service_s_own_spelling_is_found() -> None:
    """An input of an action, or small letters."""
    assert ["NPM_TOKEN", "NPM_TOKEN", ""] == [
        own_name(n, SERVICES["npm"]) for n in ("INPUT_NPM-TOKEN", "npm_token", "A")
    ]
