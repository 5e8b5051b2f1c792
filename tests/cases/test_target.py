"""Whom the request reached: the public host, a proxy, a gateway, a layer before the service, this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cases.joblog import script
from tests.cases.story import ROTATE, Story

if TYPE_CHECKING:
    from pathlib import Path

CURL = "curl: (22) The requested URL returned error: 403"


def test_the_services_public_host_is_named_although_a_proxy_is_set(tmp_path: Path) -> None:
    """The request went where it should: the proxy's variable alone accuses nobody."""
    story = Story()
    story.bad(script("python ask.py", OPENAI_API_KEY="***", HTTPS_PROXY="http://proxy.octo.example:3128").says(
        "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.openai.com/v1/models"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("unclassified", "possible", "OPENAI_API_KEY") == told.verdict
    assert [
        "The request went to `api.openai.com`, the service's public host, although `HTTPS_PROXY` is set in the step."
    ] == told.says("target")


def test_a_base_url_that_points_elsewhere_is_told(tmp_path: Path) -> None:
    """A gateway's 401 is not the API's, and a bare one does not say whose it is."""
    story = Story()
    story.bad(script("python ask.py", OPENAI_API_KEY="***", OPENAI_BASE_URL="http://172.30.0.30:10000/v1").says(
        "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'no'}}"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("unclassified", "possible", "OPENAI_API_KEY") == told.verdict
    assert ["The step's environment sends requests elsewhere: `OPENAI_BASE_URL`."] == told.says("target")
    assert ROTATE not in told.steps


def test_a_proxy_that_signed_the_answer_refused_it(tmp_path: Path) -> None:
    """Squid's headers on a 403: the service behind was never reached."""
    story = Story()
    story.bad(script("curl -fv https://api.vercel.com/v2/user", VERCEL_TOKEN="***").says(
        "> Host: api.vercel.com", "< HTTP/1.1 403 Forbidden", "< server: squid/5.7", CURL))  # fmt: skip
    told = story.told(tmp_path)

    assert ("policy_blocked", "likely", "") == told.verdict
    assert (
        "A proxy on the way answered (`server: squid/5.7`), not the service: its word says nothing of the credential."
    ) in told.says("target")
    assert ROTATE not in told.steps


def test_a_proxy_that_wants_a_login_is_no_refusal_by_the_service(tmp_path: Path) -> None:
    """407 is the proxy's own status."""
    story = Story()
    story.bad(script("curl https://api.openai.com/v1/models", OPENAI_API_KEY="***").says(
        "curl: (56) Received HTTP code 407 from proxy after CONNECT"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("policy_blocked", "certain", "") == told.verdict
    assert (407, "proxy") == (told.diagnosis.status, told.diagnosis.service)
    assert {
        "credential_invalid": "The proxy asks for its own login; the service behind was never reached."
    } == told.excluded


@pytest.mark.parametrize(
    ("host", "header"),
    [("api.vercel.com", "server: cloudflare"), ("api.octo.example", "server: istio-envoy")],
)
def test_a_layer_before_the_service_may_have_refused_by_itself(host: str, header: str, tmp_path: Path) -> None:
    """The answer's own header names it; the cause stays open."""
    story = Story()
    story.bad(script("./deploy.sh").says(f"> Host: {host}", "< HTTP/2 403", f"< {header}", CURL))
    told = story.told(tmp_path)

    assert "unclassified" == told.verdict[0]
    assert (
        f"The answer came through a layer before the service (`{header}`), which may have refused by itself."
    ) in told.says("target")


def test_a_delivery_networks_own_page_judged_no_credential(tmp_path: Path) -> None:
    """CloudFront blocks before the service is reached."""
    story = Story()
    story.bad(script("./fetch.sh", OCTO_TOKEN="***").says(
        "<H1>403 ERROR</H1>", "<H2>The request could not be satisfied.</H2>",
        "Request blocked. We can't connect to the server for this app or website at this time."))  # fmt: skip
    told = story.told(tmp_path)

    assert ("policy_blocked", "likely", "") == told.verdict
    assert {
        "credential_invalid": "The page is the delivery network's; the service behind was never reached."
    } == told.excluded


@pytest.mark.parametrize(
    "line",
    [
        "npm error 401 Unauthorized - GET http://localhost:4873/octo - authentication required",
        "curl: (22) The requested URL returned error: 401 from http://localhost:8080/api",
        "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: http://127.0.0.1:8080/api",
    ],
)
def test_a_server_of_the_job_itself_refuses_nobody(line: str, tmp_path: Path) -> None:
    """What the job started on its own machine belongs to its test."""
    story = Story()
    story.bad(script("./check.sh", NODE_AUTH_TOKEN="***").says("the server listens", line))
    told = story.told(tmp_path)

    assert ((), ()) == (told.report.incidents, told.report.findings)
