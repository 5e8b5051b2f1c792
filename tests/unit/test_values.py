from __future__ import annotations

import pickle

import pytest

from failure_investigator.values import BadValueError, Secret, names, url


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
