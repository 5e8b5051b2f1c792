from __future__ import annotations

import pytest

from failure_investigator.credentials.encoded import decoded
from tests.unit.credentials.made import base64_of, github, noise, openai, pem, says, service_account, told


@pytest.mark.parametrize(
    ("name", "value", "severity", "part"),
    [
        ("GITHUB_TOKEN", base64_of(github()), "wrong", "It is base64 of GitHub's format (gh" + "p_…)"),
        ("OPENAI_API_KEY", base64_of(openai() + "\n"), "wrong", "It is base64 of OpenAI's format"),
        ("OPENAI_API_KEY", base64_of(service_account()), "wrong", "It is base64 of a JSON document"),
        ("SSH_PRIVATE_KEY", base64_of(pem()), "suspicious", "It is base64 of a key"),
        ("NEXUS_PASSWORD", base64_of("deploy:" + noise(12)), "suspicious", "It is base64 of a user and a password"),
        ("GITHUB_TOKEN", "x-access-token:" + github(), "wrong", "A user name and a colon stand in front"),
    ],
)
def test_a_credential_in_other_clothes_is_told(name: str, value: str, severity: str, part: str) -> None:
    """With what is inside, never the inside itself."""
    assert ("encoding", severity) in told(name, value)
    assert part in says(name, value, "encoding")


def test_a_pair_is_fine_where_the_header_wants_one() -> None:
    """Sonatype's Central takes base64 of user and password as the token."""
    assert ("encoding", "suspicious") not in told("CENTRAL_TOKEN", base64_of("user:" + noise(12)))


@pytest.mark.parametrize("text", ["", "short", noise(32), "a b c d e f g h i j", "ab" * 20, github(), "=" * 20])
def test_what_is_no_base64_of_text_decodes_to_nothing(text: str) -> None:
    """Most tokens are letters and digits too."""
    assert "" == decoded(text)


def test_both_alphabets_and_missing_padding_are_read() -> None:
    """As URLs and configuration files have it."""
    plain = "user:pa??>>word~~~~"
    packed = base64_of(plain)

    assert [plain] * 3 == [
        decoded(packed),
        decoded(packed.rstrip("=")),
        decoded(packed.replace("/", "_").replace("+", "-")),
    ]
