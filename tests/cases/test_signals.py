"""Retries, limits in the same minutes, and troubles beside the refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cases.joblog import script
from tests.cases.story import ROTATE, Story

if TYPE_CHECKING:
    from pathlib import Path

BEARER = (
    "ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header, "
    "url: https://api.openai.com/v1/responses"
)
BUILDING = [f"building page {number} of 30" for number in range(30)]


def test_retries_are_counted_with_the_time_they_cost(tmp_path: Path) -> None:
    """Four times the same answer: a refused key stays refused."""
    story = Story()
    story.bad(script("./ask.sh", OPENAI_API_KEY="***").says(
        *["waiting before the next attempt", "ERROR: 401 Incorrect API key provided: ***"] * 4))  # fmt: skip
    told = story.told(tmp_path)

    assert ("credential_invalid", "certain", "OPENAI_API_KEY") == told.verdict
    assert ["The step met the same refusal 4 times before it failed."] == told.says("retries")
    assert "The failed runs took 12.0m in all; the step tried 3 more times before it gave up." in told.page
    assert "Do not retry" in told.do_not


def test_a_refusal_that_was_met_once_tells_no_retries(tmp_path: Path) -> None:
    """The count is of repetitions."""
    story = Story()
    story.bad(script("codex exec", OPENAI_API_KEY="***").says(BEARER))
    told = story.told(tmp_path)

    assert ([], 0) == (told.says("retries"), told.diagnosis.retries)


def test_other_troubles_of_the_step_are_listed_apart(tmp_path: Path) -> None:
    """A blocked host and an unknown one are not the host that refused, and change no cause."""
    story = Story()
    story.bad(script("codex exec", OPENAI_API_KEY="***").says(
        "curl: (6) Could not resolve host: telemetry.octo.example", "sent nothing", "went on", "without it", BEARER,
        "Firewall: blocked domains", "| domain | port |", "| stats.octo.example | 443 |"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("credential_missing", "certain", "OPENAI_API_KEY") == told.verdict
    assert [
        "The egress firewall blocked a host (`stats.octo.example`, not the host that refused: unrelated).",
        "A host name did not resolve (`telemetry.octo.example`, not the host that refused: unrelated).",
    ] == told.says("secondary")
    assert "Secondary signals (not this refusal):" in told.page


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("write /tmp/cache: No space left on device", "The disk was full."),
        ("SSL: certificate verify failed", "A TLS certificate was not accepted."),
        ("dial tcp 10.2.0.9:443: Connection timed out", "A connection timed out."),
    ],
)
def test_disk_tls_and_time_are_signals_of_their_own(line: str, says: str, tmp_path: Path) -> None:
    """Far from the refusal and of the same step."""
    story = Story()
    story.bad(script("codex exec", OPENAI_API_KEY="***").says(line, *BUILDING, BEARER))
    told = story.told(tmp_path)

    assert ("credential_missing", [says]) == (told.verdict[0], told.says("secondary"))


def test_a_trouble_of_another_step_is_no_signal(tmp_path: Path) -> None:
    """Only the failed step's own."""
    story = Story()
    story.bad(
        script("./cache.sh").says("write /tmp/cache: No space left on device"),
        script("codex exec", OPENAI_API_KEY="***").says(BEARER),
    )

    assert [] == story.told(tmp_path).says("secondary")


@pytest.mark.parametrize(
    "line", ["Error: access token has expired", '< www-authenticate: Bearer error="invalid_token"']
)
def test_a_limit_in_the_same_minutes_excludes_rotation_advice(line: str, tmp_path: Path) -> None:
    """The client's words accuse the token; the service had just throttled the same step."""
    story = Story()
    story.bad(script("vercel deploy", VERCEL_TOKEN="***").says(
        "https://api.vercel.com/v2/files: 429 Too Many Requests", *BUILDING, "> Host: api.vercel.com", line))  # fmt: skip
    told = story.told(tmp_path)
    why = "The same step met a limit of the service as well: a new credential would meet it too."

    assert ("rate_limited", "likely", "VERCEL_TOKEN") == told.verdict
    assert [why] == told.says("throttled")
    assert (why, why) == (told.excluded["credential_expired"], told.excluded["credential_invalid"])
    assert (ROTATE in told.steps, "Do not rotate the credential" in told.do_not) == (False, True)


def test_a_limit_of_another_service_says_nothing_of_this_one(tmp_path: Path) -> None:
    """Docker Hub throttles, Vercel's token has expired."""
    story = Story()
    story.bad(script("vercel deploy", VERCEL_TOKEN="***").says(
        'Error response from daemon: Get "https://registry-1.docker.io/v2/": toomanyrequests: You have reached your '
        "unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit", *BUILDING,
        "> Host: api.vercel.com", "Error: access token has expired"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("credential_expired", "likely", "VERCEL_TOKEN") == told.verdict
    assert ([], {}) == (told.says("throttled"), told.excluded)
