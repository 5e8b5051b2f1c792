from __future__ import annotations

import pytest

from tests.unit.credentials.made import pem, says, told

KEY = pem("OPENSSH PRIVATE KEY")


@pytest.mark.parametrize(
    ("value", "severity", "part"),
    [
        (KEY.replace("\n", "\\n"), "wrong", "backslash and n"),
        (KEY.replace("\n", " "), "wrong", "line breaks are gone"),
        (KEY.replace("\n", ""), "wrong", "line breaks are gone"),
        (KEY[: len(KEY) // 2], "wrong", "no matching END line"),
        (KEY[60:], "wrong", "no BEGIN line"),
        (KEY.replace("OPENSSH", "RSA", 1), "wrong", "no matching END line"),
        (KEY[:80] + KEY[83:], "wrong", "is damaged"),
        (KEY.replace("\n", "\r\n"), "suspicious", "end as on Windows"),
        (KEY.rstrip("\n"), "suspicious", "has no line break"),
        (pem("ENCRYPTED PRIVATE KEY"), "suspicious", "encrypted with a passphrase"),
    ],
)
def test_what_is_wrong_with_a_block_is_told(value: str, severity: str, part: str) -> None:
    """Cut, flattened, escaped, changed, or not usable alone."""
    assert ("content", severity) in told("SSH_PRIVATE_KEY", value)
    assert part in says("SSH_PRIVATE_KEY", value, "content")


def test_a_whole_key_is_fine() -> None:
    """With its line breaks, whatever its kind."""
    assert [] == [
        one for label in ("RSA ", "EC ", "OPENSSH ", "") for one in told("DEPLOY_KEY", pem(f"{label}PRIVATE KEY"))
    ]
