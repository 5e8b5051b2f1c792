from __future__ import annotations

import pytest

from tests.unit.credentials.made import SK, github, noise, openai, says, told


@pytest.mark.parametrize(
    "value",
    [
        "changeme", "CHANGE_ME", "your-token", "<your token here>", "YOUR_API_KEY", "my-secret-key", "insert token here",
        "xxx", "XXXXXXXX", f"{SK}xxxxxxxx", "gh" + "p_xxxxxxxxxxxx", "xxxx-xxxx-xxxx", "***", "...", f"{SK}...", "<token>",
        "[API KEY]", "{{ token }}", "__TOKEN__", "#{token}#", "undefined", "null", "None", "[object Object]",
        "${{ secrets.OPENAI_API_KEY }}", "$OPENAI_API_KEY", "${OPENAI_API_KEY}", "${OPENAI_API_KEY:-}", "%OPENAI_API_KEY%",
        "$env:OPENAI_API_KEY", "$(cat key.txt)", "OPENAI_API_KEY", "secrets.OPENAI_API_KEY", "op://vault/openai/key",
        "arn:aws:secretsmanager:eu-west-1:1:secret:a", "projects/p/secrets/s/versions/1", "REPLACE_ME", "placeholder",
    ],
)  # fmt: skip
def test_text_in_the_place_of_a_credential_is_wrong(value: str) -> None:
    """Examples, masks, gaps, expressions, references."""
    assert [("placeholder", "wrong")] == told("OPENAI_API_KEY", value)


@pytest.mark.parametrize("value", ["secret", "Password", "test", "true"])
def test_a_plain_word_is_suspicious(value: str) -> None:
    """Somebody may have such a password."""
    assert [("placeholder", "suspicious")] == told("MY_PASSWORD", value)


@pytest.mark.parametrize(
    "value",
    [
        openai(),
        github(),
        noise(32),
        "hunter2",
        "your1Pass!word9",
        "a-b-c",
        "my-team-deploy-token-81",
        "$2b$12$abc",
        "xXx-Kq81",
        "notnull",
    ],
)
def test_what_may_be_a_credential_is_none(value: str) -> None:
    """The near misses."""
    assert "" == says("MY_PASSWORD", value, "placeholder").replace("It does not look like the text of an example.", "")


def test_an_expression_says_where_expressions_count() -> None:
    """The advice belongs to the form."""
    assert "evaluated in workflow and action files only" in says("A_TOKEN", "${{ secrets.A_TOKEN }}", "placeholder")
