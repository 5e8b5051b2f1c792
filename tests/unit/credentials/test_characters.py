from __future__ import annotations

import pytest

from tests.unit.credentials.made import github, noise, openai, pem, says, service_account, told

KEY = openai()


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\u200b", "U+200B zero width space"),
        ("\u00ad", "U+00AD soft hyphen"),
        ("\u00a0", "U+00A0 no-break space"),
        ("\u202e", "U+202E right-to-left override"),
        ("\ufeff", "U+FEFF zero width no-break space"),
        ("\x1b", "U+001B control character"),
        ("\u3164", "U+3164 hangul filler"),
    ],
)
def test_an_invisible_character_is_named(char: str, name: str) -> None:
    """Wherever it stands."""
    value = KEY[:20] + char + KEY[20:]

    assert ("characters", "wrong") in told("OPENAI_API_KEY", value)
    assert f"1 invisible character in it ({name})" in says("OPENAI_API_KEY", value, "characters")


@pytest.mark.parametrize(
    ("value", "part"),
    [
        (KEY[:20] + "–" + KEY[20:], "typographic dash"),
        ("“" + KEY, "typographic quotation mark"),
        (KEY[:20] + "…" + KEY[-4:], "typographic ellipsis"),
        (KEY + "é", "1 character in it is not ASCII"),
        (KEY + "éé", "2 characters in it are not ASCII"),
        (KEY + "\udcff", "1 byte in it are no UTF-8"),
        (KEY[:20] + " " + KEY[20:], "1 blank inside it"),
        (KEY + "\n" + KEY, "It has 2 lines"),
    ],
)
def test_what_no_token_has_is_wrong(value: str, part: str) -> None:
    """With its count and kind, never the characters around it."""
    assert ("characters", "wrong") in told("OPENAI_API_KEY", value)
    assert part in says("OPENAI_API_KEY", value, "characters")


def test_a_password_may_have_letters_of_any_language_and_blanks() -> None:
    """Clients encode the letters differently, so they are suspicious; blanks are fine."""
    assert [("characters", "suspicious")] == told("MY_PASSWORD", "pässwörter sind schön")
    assert [] == told("MY_PASSWORD", "correct horse battery staple")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSH_PRIVATE_KEY", pem("OPENSSH PRIVATE KEY")),
        ("GCP_SA_KEY", service_account(client_email="böt@project.example")),
        ("FLY_API_TOKEN", f"Fly{'V1'} {noise(60)}"),
        ("GITHUB_TOKEN", github()),
    ],
)
def test_what_a_form_is_documented_to_hold_is_fine(name: str, value: str) -> None:
    """Line breaks of a document, the blank of Fly's tokens."""
    assert [] == told(name, value)
