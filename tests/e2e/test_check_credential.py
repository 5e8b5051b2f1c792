"""`check-credential` as a process of its own, asking a service and a proxy on loopback."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.services import Loopback, Proxy, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import Done, Program

VALUE = "gh" + "p_" + "a1B2c3D4e5F6" * 3
NAME = "GH_PAT"


@pytest.fixture
def service() -> Iterator[Loopback]:
    """The service."""
    with Loopback(Service) as made:
        yield made


@pytest.fixture
def proxy() -> Iterator[Loopback]:
    """The proxy."""
    with Loopback(Proxy) as made:
        yield made


def probe(
    program: Program, url: str, *flags: str, value: str = VALUE, **environ: str
) -> tuple[Done, list[dict[str, Any]]]:
    """A probe of an address, and what came of it; the value is nowhere but in the mask."""
    given = {"GITHUB_ACTIONS": "", NAME: value, **environ}
    done = program("check-credential", NAME, "--format", "json", "--probe-url", url, *flags, environ=given)
    assert [] == [
        text for text in (done.stdout, done.stderr, done.summary) if VALUE[4:12] in text or VALUE[-8:] in text
    ]
    return done, json.loads(done.stdout)["probe"]


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [
        (200, "accepted", 0),
        (401, "unauthorized", 1),
        (403, "forbidden", 1),
        (429, "throttled", 0),
        (500, "unexpected", 4),
    ],
)
def test_the_service_s_answer_decides(
    program: Program, service: Loopback, status: int, outcome: str, code: int
) -> None:
    """One request with the header that the service's file gives."""
    done, [answer] = probe(program, f"http://{service.place}/{status}")

    assert (code, "direct", outcome, status) == (done.code, answer["route"], answer["outcome"], answer["status"])
    assert [("GET", f"/{status}", f"Bearer {VALUE}")] == service.asked
    assert ("as asked" in answer["says"]) == (status != 200)


def test_what_the_service_repeats_is_masked(program: Program, service: Loopback) -> None:
    """In its words and in its headers."""
    _, [answer] = probe(program, f"http://{service.place}/echo")

    assert ("It said: “***s: ***”" in answer["says"] or "***" in answer["says"], "***" in answer["layer"]) == (
        True,
        True,
    )


def test_a_newline_is_wrong_and_the_rest_is_asked_about(program: Program, service: Loopback) -> None:
    """The answer tells that it is all that is wrong."""
    done, [answer] = probe(program, f"http://{service.place}/200", value=f"{VALUE}\n")

    assert (1, "accepted", f"Bearer {VALUE}") == (done.code, answer["outcome"], service.asked[0][2])
    assert "that is all that is wrong" in done.stdout


def test_a_redirect_to_another_host_does_not_get_the_credential(
    program: Program, service: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One within the service does."""
    with Loopback(Service) as other:
        monkeypatch.setattr(Service, "elsewhere", f"http://localhost:{other.server_port}/200")
        away, [left] = probe(program, f"http://{service.place}/elsewhere")
        near, [stayed] = probe(program, f"http://{service.place}/here")

    assert ([], 4, "redirected", 302) == (other.asked, away.code, left["outcome"], left["status"])
    assert (0, "accepted", "/200") == (near.code, stayed["outcome"], service.asked[-1][1])


def test_a_service_that_does_not_answer_is_a_timeout(program: Program, service: Loopback) -> None:
    """It is asked once, for so long as --timeout says."""
    done, [answer] = probe(program, f"http://{service.place}/slow", "--timeout", "1")

    assert (4, "timeout", None, 1) == (done.code, answer["outcome"], answer["status"], len(service.asked))
    assert "error: GitHub gave no answer about GH_PAT: direct: timeout." in done.stderr


def test_a_closed_port_is_a_refused_connection(program: Program) -> None:
    """Not a refused credential."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done, [answer] = probe(program, f"http://127.0.0.1:{taken.getsockname()[1]}/")

    assert (4, "connection_refused") == (done.code, answer["outcome"])


def test_tls_to_a_port_that_speaks_none_is_tls_trouble(program: Program, service: Loopback) -> None:
    """Nothing was asked."""
    done, [answer] = probe(program, f"https://{service.place}/200")

    assert (4, "tls", []) == (done.code, answer["outcome"], service.asked)


def test_a_proxy_that_wants_a_login_is_told_from_the_service(
    program: Program, service: Loopback, proxy: Loopback
) -> None:
    """The straight way counts: the credential is good."""
    done, answers = probe(program, f"http://{service.place}/200", ALL_PROXY=f"http://{proxy.place}")

    assert [("direct", "accepted", 200), ("proxy", "proxy_authentication", 407)] == [
        (answer["route"], answer["outcome"], answer["status"]) for answer in answers
    ]
    assert (0, True) == (done.code, answers[1]["layer"].startswith("a proxy"))


def test_a_proxy_that_drops_the_header_is_found(program: Program, service: Loopback, proxy: Loopback) -> None:
    """Accepted straight, refused through it: the credential was lost on the way. Its password is not shown."""
    done, answers = probe(program, f"http://{service.place}/header", http_proxy=f"http://user:word@{proxy.place}")

    assert (1, ["accepted", "unauthorized"]) == (done.code, [answer["outcome"] for answer in answers])
    assert ("the proxy drops or changes the header" in done.stdout, "user:word" in done.stdout) == (True, False)


@pytest.mark.parametrize(
    ("user", "outcome", "status"), [("", "proxy_authentication", 407), ("a:b@", "proxy_refused", 403)]
)
def test_a_proxy_s_answer_to_connect_is_its_own(
    program: Program, service: Loopback, proxy: Loopback, user: str, outcome: str, status: int
) -> None:
    """A tunnel that it does not open never carries the credential."""
    done, answers = probe(program, f"https://{service.place}/200", HTTPS_PROXY=f"http://{user}{proxy.place}")

    assert (4, ("proxy", outcome, status)) == (
        done.code,
        tuple(answers[1][key] for key in ("route", "outcome", "status")),
    )
    assert [("CONNECT", service.place, "")] == proxy.asked


def test_no_proxy_is_honoured(program: Program, service: Loopback, proxy: Loopback) -> None:
    """The host is asked straight only."""
    environ = {"ALL_PROXY": f"http://{proxy.place}", "NO_PROXY": "localhost,127.0.0.0/8"}
    done, answers = probe(program, f"http://{service.place}/200", **environ)

    assert (0, ["direct"], []) == (done.code, [answer["route"] for answer in answers], proxy.asked)


def test_another_service_s_credential_is_not_sent(program: Program, service: Loopback) -> None:
    """It would be shown to those whom it does not concern."""
    given = {"GITHUB_ACTIONS": "", "OPENAI_API_KEY": VALUE}
    done = program("check-credential", "OPENAI_API_KEY", "--probe-url", f"http://{service.place}/200", environ=given)

    assert (1, [], True) == (done.code, service.asked, "Nothing was sent" in done.stdout)


def test_in_actions_the_value_is_masked_first(program: Program, service: Loopback) -> None:
    """On stderr, before anything else; stdout is the data alone."""
    url = f"http://{service.place}/401"
    done = program("check-credential", NAME, "--probe-url", url, environ={NAME: VALUE})

    assert (1, f"::add-mask::{VALUE}") == (done.code, done.stderr.splitlines()[0])
    assert (False, 1) == (VALUE in done.stdout, done.stderr.count(VALUE))
