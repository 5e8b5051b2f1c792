from __future__ import annotations

import pytest

from failure_investigator.credentials.wrapping import peel
from tests.unit.credentials.made import github, openai, pem, service_account

TOKEN = github()


@pytest.mark.parametrize(
    ("around", "checks"),
    [
        (f"{TOKEN}\n", ["white-space"]),
        (f"{TOKEN}\r\n", ["white-space"]),
        (f"  {TOKEN}", ["white-space"]),
        (f"\ufeff{TOKEN}", ["white-space"]),
        (f"{TOKEN}\u00a0", ["white-space"]),
        (f"{TOKEN}\\n", ["white-space"]),
        (f'"{TOKEN}"', ["quotes"]),
        (f"“{TOKEN}”", ["quotes"]),
        (f"'{TOKEN}'\n", ["white-space", "quotes"]),
        (f"Bearer {TOKEN}", ["scheme"]),
        (f"token {TOKEN}", ["scheme"]),
        (f"Authorization: Bearer {TOKEN}", ["header-inside", "scheme"]),
        (f"NPM_TOKEN={TOKEN}", ["name-inside"]),
        (f"export NPM_TOKEN='{TOKEN}'", ["name-inside", "quotes"]),
        (f"NPM_TOKEN: {TOKEN}", ["name-inside"]),
        (f"OTHER_API_KEY={TOKEN}", ["name-inside"]),
    ],
)
def test_what_stands_around_a_value_is_taken_off_and_told(around: str, checks: list[str]) -> None:
    """From the outside in, all of it."""
    peeled = peel("NPM_TOKEN", around)

    assert (TOKEN, checks) == (peeled.core, [finding.check for finding in peeled.findings])
    assert {"wrong"} == {finding.severity for finding in peeled.findings}


@pytest.mark.parametrize(
    "value",
    [
        TOKEN,
        openai(),
        pem().rstrip(),
        "QUJDREVGR0hJSktMTU5PUA==",
        "a=b",
        "https://example.com/a?TOKEN=b",
        "tokens",
        '"',
        "it's",
    ],
)
def test_a_value_with_nothing_around_it_stays(value: str) -> None:
    """Padding, an address and an odd quote are no wrapping."""
    assert (value, ["fine"]) == (peel("NPM_TOKEN", value).core, [each.severity for each in peel("A", value).findings])


@pytest.mark.parametrize("document", [pem(), service_account() + "\n"])
def test_a_document_may_end_in_a_line_break(document: str) -> None:
    """Files do."""
    peeled = peel("SSH_KEY", document)

    assert (document.strip(), ["fine"]) == (peeled.core, [each.severity for each in peeled.findings])


@pytest.mark.parametrize(
    ("end", "name"), [("\n", "a newline"), ("\r\n", "a Windows line end"), ("\t ", "a tab, a blank")]
)
def test_the_white_space_is_named(end: str, name: str) -> None:
    """So that one knows which tool put it there."""
    assert f"at its end ({name})" in peel("A", TOKEN + end).findings[0].says


def test_a_variable_for_a_whole_header_may_hold_a_scheme() -> None:
    """By its name."""
    assert ["suspicious"] == [each.severity for each in peel("AUTH_HEADER", f"Bearer {TOKEN}").findings]
