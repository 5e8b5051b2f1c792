from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from failure_investigator.credentials.ask import asked
from failure_investigator.credentials.probe import Fault, Reply, Request
from failure_investigator.credentials.report import is_unreached, is_wrong
from failure_investigator.credentials.verdict import JUDGED, OUTCOMES
from tests.unit.credentials.made import looked, noise, openai

if TYPE_CHECKING:
    from failure_investigator.credentials.model import Checked
    from failure_investigator.credentials.routes import Route

PROXY = {"HTTPS_PROXY": "http://proxy.example:3128"}


class Network:
    """A `Send` with one answer for each way; what it does not have was not to be asked for."""

    def __init__(self, direct: Reply | Fault, proxy: Reply | Fault | None = None) -> None:
        self._answers = {"direct": direct, "proxy": proxy}

    def __call__(self, request: Request, route: Route) -> Reply | Fault:
        assert request.host == "api.openai.com"
        answer = self._answers[route.name]
        assert answer is not None
        return answer


def probed(network: Network, value: str = "", environ: dict[str, str] | None = None) -> Checked:
    """What is told after asking."""
    checked, subject = looked("OPENAI_API_KEY", value or openai())
    return asked(checked, subject, environ or {}, network)


@pytest.mark.parametrize(
    ("reply", "outcome", "status", "part"),
    [
        (Reply(200, {}), "accepted", 200, "200: OpenAI took it."),
        (Reply(401, {}), "unauthorized", 401, "401: OpenAI does not take it"),
        (Reply(402, {}), "unpaid", 402, "no credit"),
        (Reply(403, {}), "forbidden", 403, "403: OpenAI refuses"),
        (Reply(403, {"x-ratelimit-remaining": "0"}), "throttled", 403, "too much was asked"),
        (Reply(403, {"cf-mitigated": "challenge"}), "blocked", 403, "403: Cloudflare in front of the service refused"),
        (Reply(400, {}), "rejected", 400, "calls the request wrong"),
        (Reply(429, {}), "throttled", 429, "nothing against the credential"),
        (Reply(302, {"location": "https://login.example"}), "redirected", 302, "another host"),
        (Reply(404, {}), "unexpected", 404, "neither takes nor refuses"),
        (Reply(503, {}), "unexpected", 503, "neither takes nor refuses"),
        (Reply(407, {}), "proxy_authentication", 407, "a login of its own"),
        (Fault("dns"), "dns", None, "The name api.openai.com was not found"),
        (Fault("tls"), "tls", None, "No trusted TLS connection"),
        (Fault("connection_refused"), "connection_refused", None, "takes no connection"),
        (Fault("timeout"), "timeout", None, "did not answer in time"),
        (Fault("network"), "network", None, "broke"),
    ],
)
def test_every_answer_has_its_meaning(reply: Reply | Fault, outcome: str, status: int | None, part: str) -> None:
    """With the status if there is one."""
    [answer] = probed(Network(reply)).probe

    assert ("direct", outcome, status, True) == (answer.route, answer.outcome, answer.status, part in answer.says)


@pytest.mark.parametrize(
    ("fault", "outcome", "status"),
    [
        (Fault("proxy", 407), "proxy_authentication", 407),
        (Fault("proxy", 403), "proxy_refused", 403),
        (Fault("proxy", 502), "network", 502),
        (Fault("dns"), "dns", None),
    ],
)
def test_what_the_proxy_does_is_told_as_its_doing(fault: Fault, outcome: str, status: int | None) -> None:
    """The straight way counts by itself: the credential is good."""
    checked = probed(Network(Reply(200, {}), fault), environ=PROXY)

    assert ["accepted", outcome] == [answer.outcome for answer in checked.probe]
    assert status == checked.probe[1].status
    assert (False, False) == (is_wrong(checked), is_unreached(checked))


def test_the_service_s_own_words_are_quoted_without_the_credential() -> None:
    """OpenAI repeats the beginning and the end of a key that it does not know."""
    value = openai()
    body = f'{{"error": {{"message": "Incorrect API key provided: {value[:12]}****{value[-4:]}."}}}}'
    [answer] = probed(Network(Reply(401, {"server": "x"}, body.encode()))).probe

    assert "It said: “Incorrect API key provided: " in answer.says
    assert (False, False) == (value[8:12] in answer.says, value[-4:] in answer.says)


def test_what_an_account_s_page_says_is_not_quoted() -> None:
    """An accepted request answers with somebody's data; what GitHub tells of the token itself is told."""
    headers = {"github-authentication-token-expiration": "2026-06-01 10:00:00 UTC", "x-oauth-scopes": "repo, workflow"}
    [answer] = probed(Network(Reply(200, headers, b'{"message": "Ada Lovelace"}'))).probe

    assert (
        "200: OpenAI took it. It tells of it: expires: 2026-06-01 10:00:00 UTC; scopes: repo, workflow." == answer.says
    )


def test_routes_that_differ_are_a_finding() -> None:
    """A proxy that drops the header, and an allow list of addresses."""
    taken, refused = Reply(200, {}), Reply(401, {})
    dropped, listed = (probed(Network(*both), environ=PROXY) for both in ((taken, refused), (refused, taken)))

    assert [("routes", "wrong"), ("routes", "suspicious")] == [found.findings[-1][:2] for found in (dropped, listed)]
    assert (True, True) == (is_wrong(dropped), is_wrong(listed))


def test_a_proxy_that_cannot_be_used_is_not_asked() -> None:
    """It says so; the other way counts."""
    checked = probed(Network(Reply(200, {})), environ={"HTTPS_PROXY": "socks5://proxy.example"})

    assert ["accepted", "not_sent"] == [answer.outcome for answer in checked.probe]
    assert False is is_unreached(checked)


def test_a_value_that_is_good_but_for_its_wrapping_is_told() -> None:
    """No new credential is needed."""
    checked = probed(Network(Reply(200, {})), f"{openai()}\n")

    assert "that is all that is wrong" in checked.findings[-1].says
    assert True is is_wrong(checked)


def test_nothing_is_asked_without_a_probe_and_that_is_said() -> None:
    """The exit code is as without asking."""
    checked, subject = looked("NPM_TOKEN", "np" + "m_" + noise(36))
    found = asked(checked, subject, {}, Network(Fault("network")))

    assert ((), "probe", False, False) == (found.probe, found.findings[-1].check, is_wrong(found), is_unreached(found))


def test_outcomes_without_a_verdict_leave_the_service_unreached() -> None:
    """All that is neither yes, no, nor slower."""
    assert set(OUTCOMES) - JUDGED == {
        "blocked", "proxy_authentication", "proxy_refused", "redirected", "unexpected", "dns", "tls", "connection_refused",
        "timeout", "network", "not_sent",
    }  # fmt: skip
