from __future__ import annotations

import pytest

from failure_investigator.credentials.address import probe_url
from failure_investigator.values import BadValueError


@pytest.mark.parametrize(
    "text",
    ["https://gitlab.example/api/v4/user", "http://127.0.0.1:80/a?b=c", "http://localhost/", "http://[::1]:8080"],
)
def test_https_and_loopback_are_taken(text: str) -> None:
    """As they are."""
    assert text == probe_url(text)


@pytest.mark.parametrize(
    "text",
    ["", "http://gitlab.example/", "ftp://a", "https://", "https://user:word@a", "https://a/#b", "https://a b", "https://[::1",
     "https://ä.example", "http://127.0.0.1.example/", "https://a:0/", "https://a:x/"],
)  # fmt: skip
def test_everything_else_is_not(text: str) -> None:
    """A credential does not go over the network in the clear."""
    with pytest.raises(BadValueError, match="takes an address such as"):
        probe_url(text)
