from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from failure_investigator.credentials.probe import Fault, Reply, Request, ask, planned
from failure_investigator.credentials.routes import Route
from failure_investigator.values import Secret
from tests.unit.credentials.made import SERVICES, github, looked, noise, openai, pem

if TYPE_CHECKING:
    from collections.abc import Iterable

DIRECT = Route("direct")
REQUEST = Request("GET", Secret("https://api.example/v1"), {"A": Secret("b")}, (200,), ())
PROBED = [service for service in SERVICES.values() if service.probe]


class Told:
    """A `Send` that gives these answers, one after the other, and remembers whom it asked."""

    def __init__(self, answers: Iterable[Reply | Fault]) -> None:
        self._answers = iter(answers)
        self.asked: list[str] = []

    def __call__(self, request: Request, route: Route) -> Reply | Fault:
        assert "direct" == route.name
        self.asked.append(request.url.reveal())
        return next(self._answers)


def plan(name: str, value: str, service: str = "", url: str = "") -> Request | str:
    """What would be sent for a value."""
    checked, subject = looked(name, value, service)
    return planned(subject, checked.findings, url)


def test_the_request_is_the_service_s_own() -> None:
    """Method, address and headers of its file, the credential in the place of its mark."""
    request = plan("ANTHROPIC_API_KEY", value := f"s{'k-'}ant-api03-{noise(60)}")

    assert isinstance(request, Request)
    assert ("GET", "https://api.anthropic.com/v1/models", (200,)) == (request.method, request.url.reveal(), request.ok)
    assert {"x-api-key": value, "anthropic-version": "2023-06-01"} == {
        k: v.reveal() for k, v in request.headers.items()
    }
    assert value not in repr(request)


def test_what_stands_around_a_value_is_not_sent() -> None:
    """So that the answer tells whether that is all that is wrong."""
    request = plan("OPENAI_API_KEY", f"'{openai()}'\n")

    assert isinstance(request, Request)
    assert f"Bearer {openai()}" == request.headers["Authorization"].reveal()


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("OPENAI_API_KEY", github(), "OpenAI is not shown what looks like another's"),
        ("OPENAI_API_KEY", "changeme", "it is no credential"),
        ("OPENAI_API_KEY", pem(), "not of the kind"),
        ("OPENAI_API_KEY", "", "there is no value"),
        ("OPENAI_API_KEY", openai() + "ö", "a header cannot carry"),
        ("OPENAI_API_KEY", f"{openai()}\r\nX-Other: a", "a header cannot carry"),
        ("NPM_TOKEN", "np" + "m_" + noise(36), "No harmless request is known for npm"),
        ("NOBODY_KNOWS", "hunter2", "No service is known"),
    ],
)
def test_what_is_no_credential_of_the_service_is_not_sent(name: str, value: str, part: str) -> None:
    """Least of all another service's."""
    answer = plan(name, value)

    assert isinstance(answer, str)
    assert part in answer


@pytest.mark.parametrize(
    ("name", "service", "header"),
    [
        ("ARTIFACTORY_TOKEN", "artifactory", ("Authorization", "Bearer ")),
        ("CARGO_REGISTRY_TOKEN", "crates-io", ("Authorization", "")),
        ("VAULT_TOKEN", "vault", ("X-Vault-Token", "")),
        ("PERCY_TOKEN", "percy", ("Authorization", "Token token=")),
    ],
)
def test_an_address_that_is_given_gets_the_service_s_header(name: str, service: str, header: tuple[str, str]) -> None:
    """For services at home on somebody's own host, which have no request of their own."""
    value = next(entry.prefix for entry in SERVICES[service].credentials if entry.name == name) + noise(40)
    request = plan(name, value, service, "https://own.example/api")

    assert isinstance(request, Request)
    assert ("https://own.example/api", {header[0]: header[1] + value}) == (
        request.url.reveal(), {name: text.reveal() for name, text in request.headers.items()}
    )  # fmt: skip


def test_a_header_of_user_and_password_cannot_be_made_of_one_value() -> None:
    """It says so instead of guessing a user."""
    assert isinstance(plan("NEXUS_PASSWORD", noise(20), "", "https://own.example/api"), str)


@pytest.mark.parametrize("service", PROBED, ids=[service.id for service in PROBED])
def test_a_probe_of_the_library_is_well_formed(service: object) -> None:
    """https, a host of the service, the credential's mark in one place at least, statuses that mean yes, a document."""
    probe, hosts = SERVICES[service.id].probe, SERVICES[service.id].hosts  # type: ignore[attr-defined]
    parts = urlsplit(probe["url"])
    texts = [probe["url"], *probe["headers"].values()]

    assert ("https", True) == (parts.scheme, bool(parts.hostname))
    assert [True] == [
        any(parts.hostname == host or re.fullmatch(host.replace("*", ".*"), parts.hostname) for host in hosts)
    ]
    assert 1 <= sum(text.count("{credential}") for text in texts)
    assert [] == [text for text in texts if re.search(r"\{(?!credential\})|[^\x20-\x7e]", text)]
    assert (True, set()) == (bool(probe["ok"]), set(probe["ok"]) - set(range(200, 300)))
    assert (True, True) == (probe["method"] in {"GET", "HEAD", "POST"}, probe["link"].startswith("https://"))


def test_a_fault_of_the_connection_is_tried_once_more() -> None:
    """And only that: a timeout has cost its time already, TLS does not change."""
    for kind, tries in (
        ("dns", 2),
        ("connection_refused", 2),
        ("network", 2),
        ("timeout", 1),
        ("tls", 1),
        ("proxy", 1),
    ):
        send = Told([Fault(kind)] * 3)  # type: ignore[arg-type]
        assert (Fault(kind), tries) == (ask(REQUEST, DIRECT, send), len(send.asked))  # type: ignore[arg-type]


def test_a_refusal_is_not_asked_twice() -> None:
    """Nor is anything else that was answered."""
    for status in (200, 401, 429, 500):
        send = Told([Reply(status, {})])
        assert (status, 1) == (ask(REQUEST, DIRECT, send)[0], len(send.asked))


def test_a_redirect_within_the_origin_is_followed() -> None:
    """Twice at most."""
    send = Told(
        [
            Reply(301, {"location": "/v2"}),
            Reply(308, {"location": "https://api.example:443/v3"}),
            Reply(302, {"location": "/v4"}),
        ]
    )

    assert (302, ["https://api.example/v1", "https://api.example/v2", "https://api.example:443/v3"]) == (
        ask(REQUEST, DIRECT, send)[0], send.asked
    )  # fmt: skip


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/v1",
        "http://api.example/v1",
        "https://api.example:8443/",
        "//evil.example",
        "https://[",
        "",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(location: str) -> None:
    """Another host, scheme or port does not get the credential."""
    send = Told([Reply(302, {"location": location})])

    assert (302, 1) == (ask(REQUEST, DIRECT, send)[0], len(send.asked))
