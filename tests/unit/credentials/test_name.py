from __future__ import annotations

import pytest

from failure_investigator.credentials.name import named
from failure_investigator.errors import UsageError
from tests.unit.credentials.made import SERVICES, github, noise, openai, pem


@pytest.mark.parametrize(
    "given",
    ["NPM_TOKEN", "MY_OWN_SECRET", "INPUT_GITHUB-TOKEN", "TF_TOKEN_app_terraform_io", "_PRIVATE", "AWS_S3_KEY_2"],
)
def test_a_name_is_taken_whether_it_is_set_or_not(given: str) -> None:
    """As variables are written, or as the library has it."""
    assert given == named([given], {}, SERVICES)


def test_whatever_is_set_is_a_name() -> None:
    """However it is written."""
    assert "my-odd.name" == named(["my-odd.name"], {"my-odd.name": "x"}, SERVICES)


@pytest.mark.parametrize(
    "given",
    [[], [""], [openai()], [github()], ["hunter2"], ["Hunter", "Two"], [noise(32)], [noise(24).upper()], [pem()],
     ["AK" + "IA" + noise(16).upper()]],
)  # fmt: skip
def test_what_may_be_a_value_is_refused_and_not_repeated(given: list[str]) -> None:
    """`check-credential $NPM_TOKEN` gives the value where the name belongs."""
    with pytest.raises(UsageError) as raised:
        named(given, {}, SERVICES)

    assert [] == [text for text in given if text and text in raised.value.line()]
    assert "Give the name without `$`" in raised.value.line()
