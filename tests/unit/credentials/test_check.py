from __future__ import annotations

import pytest

from failure_investigator.credentials.wants import wanted
from tests.unit.credentials.made import SERVICES, github, looked, noise, openai, pem, says, service_account, told

GOOD = {"any": noise(30), "json": service_account(), "pem": pem(), "url": "https://a.example/b", "path": "./a.json"}


def test_a_good_credential_is_wholly_fine() -> None:
    """Every check says so, and the header that the service wants stands there."""
    checked, _ = looked("OPENAI_API_KEY", openai())

    assert {"fine"} == {finding.severity for finding in checked.findings}
    assert ("openai", True, len(openai())) == (checked.service, checked.set, checked.length)
    assert [
        "service", "set", "wrapping", "placeholder", "characters", "content", "format", "header",
    ] == [finding.check for finding in checked.findings]  # fmt: skip
    assert "`Authorization: Bearer <key>`" in checked.findings[-1].says


def test_a_variable_that_is_not_set_says_how_it_is_passed_on() -> None:
    """With the close name that is set, if there is one: only names, never values."""
    checked, _ = looked("NPM_TOKEN", None, NPM_TOKENS=github())

    assert (False, 0, None) == (checked.set, checked.length, checked.fingerprint)
    assert [("set", "wrong")] == told("NPM_TOKEN", None)
    assert "NPM_TOKENS is set: perhaps one of the names is misspelt." in checked.findings[0].says
    assert "`env: NPM_TOKEN: ${{ secrets.NPM_TOKEN }}`" in checked.findings[0].do


def test_an_empty_variable_is_another_thing_than_none() -> None:
    """It is set: the workflow passes it on, and the secret is empty."""
    checked, _ = looked("NPM_TOKEN", "")

    assert (True, 0) == (checked.set, checked.length)
    assert [("set", "wrong")] == told("NPM_TOKEN", "")
    assert "It is set and empty" in says("NPM_TOKEN", "", "set")


@pytest.mark.parametrize("value", [" ", "\n", '""', "Bearer ", "\u200b\ufeff"])
def test_nothing_but_what_stands_around_a_value_is_no_value(value: str) -> None:
    """White space, quotes, a scheme without anything after it."""
    assert ("set", "wrong") in told("NPM_TOKEN", value)


def test_several_things_that_are_wrong_are_all_told() -> None:
    """In the order in which they lie around the value."""
    value = f' "Bearer {openai()}\n"'

    assert ["white-space", "quotes", "white-space", "scheme"] == [check for check, _ in told("OPENAI_API_KEY", value)]


def test_of_a_placeholder_nothing_else_is_said() -> None:
    """Neither its form nor a fingerprint matters."""
    checked, _ = looked("OPENAI_API_KEY", "your-openai-api-key-goes-here")

    assert [("placeholder", "wrong")] == told("OPENAI_API_KEY", "your-openai-api-key-goes-here")
    assert None is checked.fingerprint


def test_a_credential_of_no_known_service_gets_the_general_checks() -> None:
    """And it says that it is so."""
    checked, _ = looked("MY_PASSWORD", "hunter-two\n")

    assert (None, [("white-space", "wrong")]) == (checked.service, told("MY_PASSWORD", "hunter-two\n"))
    assert "Give --service" in says("MY_PASSWORD", "hunter-two\n", "service")


def test_a_value_of_the_right_form_is_fine_for_every_variable_of_the_library() -> None:
    """A wrong alarm costs a person an hour; Azure's document has fields of its own."""
    variables = [(service, entry) for service in SERVICES.values() for entry in service.credentials]
    kinds = [(service, entry, wanted(entry.name, service)) for service, entry in variables]
    alarms = {
        entry.name: found
        for service, entry, kind in kinds
        if (service.id, kind) != ("azure", "json")
        and (found := told(entry.name, GOOD.get(kind) or entry.prefix + noise(100), service.id))
    }

    assert {} == alarms
