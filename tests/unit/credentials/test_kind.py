from __future__ import annotations

import hashlib

import pytest

from failure_investigator.credentials.formats import formats_of
from failure_investigator.credentials.table import FORMATS
from tests.unit.credentials.made import GH, SERVICES, SK, github, noise, openai, says, told


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("p", "a personal access token (classic)"),
        ("o", "an OAuth app's token"),
        ("u", "a GitHub App's token for a user"),
        ("s", "an installation token"),
    ],
)
def test_github_s_kinds_are_told_apart(kind: str, what: str) -> None:
    """By the public prefix."""
    assert [] == told("GITHUB_TOKEN", github(kind))
    assert what in says("GITHUB_TOKEN", github(kind), "format")


def test_a_refresh_token_opens_nothing() -> None:
    """And the fine-grained one is known by its longer prefix."""
    assert [("format", "wrong")] == told("GH_PAT", github("r"))
    assert "fine-grained" in says("GH_PAT", f"{GH[0]}ithub_pat_{noise(82)}", "format")


def test_an_installation_token_in_a_secret_has_ended() -> None:
    """GITHUB_TOKEN is made anew for every job; a stored one is not."""
    assert [("format", "suspicious")] == told("GH_PAT", github("s"))


@pytest.mark.parametrize(
    ("name", "value", "owner"),
    [
        ("OPENAI_API_KEY", github(), "GitHub"),
        ("OPENAI_API_KEY", f"{SK}ant-api03-{noise(80)}", "Anthropic"),
        ("OPENAI_API_KEY", f"{SK}or-v1-{noise(64)}", "OpenRouter"),
        ("DEEPSEEK_API_KEY", openai(), "OpenAI"),
        ("NPM_TOKEN", github(), "GitHub"),
        ("GITHUB_TOKEN", "np" + "m_" + noise(36), "npm"),
        ("VERCEL_TOKEN", "glp" + "at-" + noise(20), "GitLab"),
        ("TWINE_PASSWORD", "h" + "f_" + noise(34), "Hugging Face"),
    ],
)
def test_another_service_s_format_is_wrong_and_named(name: str, value: str, owner: str) -> None:
    """And it says to revoke what was shown to the wrong one."""
    assert ("format", "wrong") in told(name, value)
    assert f"It has the format of another service: {owner} (" in says(name, value, "format")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CR_PAT", github()),
        ("NODE_AUTH_TOKEN", github()),
        ("DEEPSEEK_API_KEY", SK + noise(32)),
        ("GEMINI_API_KEY", "AI" + "za" + noise(35)),
    ],
)
def test_a_format_that_services_share_belongs_to_each(name: str, value: str) -> None:
    """GitHub's registries take GitHub's tokens."""
    assert [] == told(name, value)


@pytest.mark.parametrize(
    ("name", "value", "severity", "part"),
    [
        ("AWS_SECRET_ACCESS_KEY", "AK" + "IA" + noise(16).upper(), "wrong", "it is no secret, its other half is"),
        ("AWS_ACCESS_KEY_ID", "AK" + "IA" + noise(16).upper(), "fine", "the id of a long-lived access key"),
        ("ANTHROPIC_API_KEY", f"{SK}ant-admin01-{noise(80)}", "suspicious", "opens the administration API"),
        ("GITHUB_TOKEN", github(length=30), "wrong", "it was cut"),
        ("HF_TOKEN", noise(37), "suspicious", "does not begin as Hugging Face documents it"),
        ("GITHUB_TOKEN", hashlib.sha1(b"", usedforsecurity=False).hexdigest(), "suspicious", "before April 2021"),
        ("TAILSCALE_AUTHKEY", "tskey-" + "client-" + noise(30), "suspicious", "has another format (tskey-auth-…)"),
        ("NPM_TOKEN", "-".join(("0a1b2c3d", "0a1b", "0a1b", "0a1b", "0a1b2c3d4e5f")), "wrong", "classic tokens were revoked"),
        ("DATADOG_API_KEY", "abc12", "suspicious", "short for a token"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_its_variable_is_told(name: str, value: str, severity: str, part: str) -> None:
    """Half of a pair, a kind that does little, cut, old."""
    assert severity in {"fine", *(found for check, found in told(name, value) if check == "format")}
    assert ([("format", severity)] if severity != "fine" else []) == told(name, value)
    assert part in says(name, value, "format")


def test_the_longest_prefix_decides() -> None:
    """A word that begins like one has none."""
    assert [(f"{SK}proj-",), (f"{SK}",), ()] == [
        tuple(each.prefix for each in formats_of(text, SERVICES)) for text in (openai(), SK + noise(32), f"{SK}word")
    ]


def test_the_table_names_services_of_the_library() -> None:
    """And no prefix twice."""
    assert set() == {id_ for each in FORMATS for id_ in each.services} - set(SERVICES)
    assert len(FORMATS) == len({each.prefix for each in FORMATS})
