from __future__ import annotations

import pickle

import pytest

from failure_investigator.values import (
    BadNameError,
    BadValueError,
    Secret,
    handles,
    job_token,
    login,
    names,
    owned,
    url,
)


def test_a_secret_has_no_text_of_its_own() -> None:
    """repr, str, format and pickle give nothing away; equality and truth work."""
    text = "a" * 20
    secret = Secret(text)

    assert (repr(secret), str(secret), f"{secret}") == ("Secret('***')",) * 3
    assert (True, False, True) == (secret == Secret(text), bool(Secret()), len({secret, Secret(text)}) == 1)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(secret)


def test_names_come_by_comma_or_line_once_each() -> None:
    """Order is kept, blanks go."""
    assert ("a b", "c", "d") == names(" a b ,c\n\nd,c,")


@pytest.mark.parametrize("text", ["http://[::1", "https://u@h", "https://h/?q", "h", "file:///x", "https://h#f"])
def test_an_address_is_plain(text: str) -> None:
    """No credentials, query or fragment can ride along."""
    with pytest.raises(BadValueError):
        url(text)


def test_an_address_loses_its_last_slash() -> None:
    """Paths are put behind it."""
    assert "https://ghe.example.com/api/v3" == url("https://ghe.example.com/api/v3/")


@pytest.mark.parametrize(
    ("handle", "expected"),
    [
        ("@octocat", True), ("@a-b-c", True), ("@" + "a" * 39, True), ("@octo_acme", True), ("@octo-org/team_1", True),
        ("@octo-org/ent:platform", True), ("octocat", False), ("@-a", False), ("@a-", False), ("@a--b", False),
        ("@" + "a" * 40, False), ("@octo-org/", False), ("@octo-org/a/b", False), ("@a b", False), ("@@a", False),
    ],
)  # fmt: skip
def test_a_handle_is_a_user_or_a_team(handle: str, expected: bool) -> None:  # noqa: FBT001 (a table's column)
    """As GitHub names them; managed users carry their enterprise's short code."""
    try:
        taken = handles(handle) == (handle,)
    except BadValueError:
        taken = False

    assert expected == taken


@pytest.mark.parametrize(
    "key", ["*", "openai", "rate_limited", "CI / *", ".github/workflows/a_b.yml", "build_and_test"]
)
def test_a_service_a_cause_or_a_glob_has_owners(key: str) -> None:
    """A workflow may be called anything but what begins like a cause."""
    assert key == owned(key)
    with pytest.raises(BadNameError) as raised:
        owned("rate_limits")
    assert "rate_limited" in raised.value.known


@pytest.mark.parametrize("text", ["octocat", "my-app[bot]", "mona_octo", "github-actions[bot]"])
def test_a_login_is_a_user_s_or_an_app_s(text: str) -> None:
    """As GitHub shows it beside an issue."""
    assert text == login(text)


@pytest.mark.parametrize("text", ["@octocat", "my app[bot]", "[bot]", "app/my-app", "my-app[Bot]", "-a", "a" * 102])
def test_what_is_no_login_is_refused(text: str) -> None:
    """A mention, the name of `gh`, and white space."""
    with pytest.raises(BadValueError, match=r"my-app\[bot\]"):
        login(text)


INSTALLATION, OTHER, PERSON = "gh" + "s_a", "gh" + "s_b", "gh" + "p_c"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, ""),
        ({"GITHUB_TOKEN": INSTALLATION}, ""),
        ({"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": INSTALLATION}, INSTALLATION),
        ({"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": PERSON}, ""),
        (
            {"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": OTHER, "FAILURE_INVESTIGATOR_JOB_TOKEN": INSTALLATION},
            INSTALLATION,
        ),
        ({"FAILURE_INVESTIGATOR_JOB_TOKEN": INSTALLATION}, INSTALLATION),
    ],
)
def test_the_job_s_token_is_what_the_action_hands_over(environ: dict[str, str], expected: str) -> None:
    """Else the GITHUB_TOKEN of a job, unless somebody put a person's there; outside Actions nobody knows."""
    assert Secret(expected) == job_token(environ)
