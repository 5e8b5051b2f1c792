from __future__ import annotations

import pytest

from failure_investigator.credentials.routes import past, routes

PROXY = "http://user:word@proxy.example:3128"


@pytest.mark.parametrize(
    ("url", "environ", "proxies"),
    [
        ("https://api.example/v1", {}, []),
        ("https://api.example/v1", {"HTTPS_PROXY": PROXY}, [PROXY]),
        ("https://api.example/v1", {"https_proxy": PROXY, "HTTPS_PROXY": "http://other"}, [PROXY]),
        ("https://api.example/v1", {"ALL_PROXY": "proxy.example:3128"}, ["http://proxy.example:3128"]),
        ("https://api.example/v1", {"HTTP_PROXY": PROXY}, []),
        ("http://127.0.0.1:8080/", {"http_proxy": PROXY}, [PROXY]),
        ("https://api.example/v1", {"HTTPS_PROXY": PROXY, "NO_PROXY": "localhost,.example"}, []),
        ("https://api.example/v1", {"HTTPS_PROXY": " "}, []),
    ],
)
def test_the_proxy_of_the_environment_is_a_second_route(url: str, environ: dict[str, str], proxies: list[str]) -> None:
    """By the scheme of the address, unless NO_PROXY names the host; the straight way is always there."""
    found = routes(url, environ)

    assert ["direct", *["proxy"] * len(proxies)] == [route.name for route in found]
    assert proxies == [route.proxy.reveal() for route in found[1:]]


@pytest.mark.parametrize("address", ["socks5://proxy.example:1080", "http://", "http://proxy.example:0", "http://[::1"])
def test_a_proxy_that_cannot_be_used_has_a_note(address: str) -> None:
    """Nothing is sent over it, and the other way still is."""
    direct, proxy = routes("https://api.example", {"HTTPS_PROXY": address})

    assert ("", True) == (direct.note, "http and https proxies only" in proxy.note)


@pytest.mark.parametrize(
    ("host", "port", "exceptions", "named"),
    [
        ("api.example", None, "*", True),
        ("api.example", None, "example", True),
        ("api.example", None, "*.example", True),
        ("api.example", None, ".example other", True),
        ("example", None, ".example", True),
        ("myexample", None, "example", False),
        ("api.example", 8443, "api.example:8443", True),
        ("api.example", None, "api.example:8443", False),
        ("10.1.2.3", None, "10.0.0.0/8", True),
        ("10.1.2.3", None, "10.1.2.4", False),
        ("::1", None, "::1", True),
        ("api.example", None, "", False),
        ("api.example", None, ", ,", False),
    ],
)
def test_exceptions_are_names_ports_and_networks(host: str, port: int | None, exceptions: str, named: bool) -> None:  # noqa: FBT001
    """As curl reads NO_PROXY."""
    assert named == past(host, port, exceptions)


def test_a_proxy_s_password_is_not_shown() -> None:
    """Neither in a repr nor as its host."""
    route = routes("https://api.example", {"HTTPS_PROXY": PROXY})[1]

    assert ("proxy.example", False) == (route.host, "word" in repr(route))
