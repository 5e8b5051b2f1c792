from __future__ import annotations

import hashlib

import pytest

from failure_investigator.credentials.fingerprint import looks_random
from tests.unit.credentials.made import base64_of, github, looked, noise, pem, service_account


def shown(name: str, value: str) -> str | None:
    """The fingerprint."""
    return looked(name, value)[0].fingerprint


def test_a_long_value_with_a_public_prefix_shows_prefix_and_two_characters() -> None:
    """And the beginning of a hash of what stands inside its wrapping, to compare two places."""
    value = github()
    expected = f"{value[:4]}…{value[-2:]}, SHA-256 begins {hashlib.sha256(value.encode()).hexdigest()[:8]}"

    assert [expected] * 3 == [shown("GITHUB_TOKEN", form) for form in (value, f"{value}\n", f"'{value}'")]


def test_a_random_token_without_a_prefix_shows_a_hash_alone() -> None:
    """None of its characters is public."""
    value = noise(40)

    assert f"SHA-256 begins {hashlib.sha256(value.encode()).hexdigest()[:8]}" == shown("VERCEL_TOKEN", value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VERCEL_TOKEN", noise(24)),  # too short to be surely random
        ("VERCEL_TOKEN", "MyCompanyDeployPasswordOfTheYear2024"),
        ("VERCEL_TOKEN", "Winter2024Winter2024Winter2024Winter2024"),
        ("DATABASE_PASSWORD", noise(40)),  # people choose passwords
        ("VERCEL_TOKEN", base64_of("deploy:hunter2-hunter2-hunter2-hunter2")),
        ("GITHUB_TOKEN", github(length=10)),
        ("SSH_PRIVATE_KEY", pem()),
        ("GCP_SA_KEY", service_account()),
        ("MONGODB_URI", f"mongodb://user:{noise(40)}@db.example/a"),
        ("VERCEL_TOKEN", ""),
        ("OPENAI_API_KEY", "ö" * 40),
    ],
)
def test_what_could_be_guessed_has_none(name: str, value: str) -> None:
    """A hash would tell whoever reads the log when a guess is right."""
    assert None is shown(name, value)


def test_words_do_not_look_random() -> None:
    """Digits at one place, few different characters, long runs of one kind."""
    assert [True, True, False, False, False] == [
        looks_random(text, 20)
        for text in (
            noise(30),
            hashlib.sha256(b"x").hexdigest(),
            "a" * 30,
            "password-123456789012345",
            "ababab1ababab2ab3ababab",
        )
    ]
