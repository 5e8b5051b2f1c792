from __future__ import annotations

import pytest

from failure_investigator.credentials.layer import layer
from failure_investigator.values import Secret

VALUE = "a-credential-of-no-service"
SECRETS = [Secret(VALUE)]


@pytest.mark.parametrize(
    ("status", "headers", "proxied", "who", "words"),
    [
        (401, {}, False, "service", "the service"),
        (401, {"server": "github.com", "x-github-request-id": "A:B"}, False, "service",
         "the service; server: github.com; x-github-request-id: A:B"),
        (401, {"cf-ray": "8-FRA"}, False, "service", "the service (behind Cloudflare); cf-ray: 8-FRA"),
        (403, {"cf-ray": "8", "cf-mitigated": "challenge"}, False, "edge", "Cloudflare in front of the service; cf-ray: 8"),
        (403, {"x-cache": "Error from cloudfront", "x-amz-cf-id": "a"}, False, "edge",
         "CloudFront in front of the service; x-cache: Error from cloudfront"),
        (407, {}, True, "proxy", "a proxy"),
        (403, {"x-squid-error": "ERR_ACCESS_DENIED 0"}, True, "proxy", "a proxy"),
        (403, {"server": "squid/6.1"}, True, "proxy", "a proxy; server: squid/6.1"),
        (403, {"server": "squid/6.1"}, False, "service", "the service; server: squid/6.1"),
        (401, {"via": "1.1 box (squid/6.1)"}, True, "service", "the service; via: 1.1 box (squid/6.1)"),
    ],
)  # fmt: skip
def test_headers_tell_who_answered(status: int, headers: dict[str, str], proxied: bool, who: str, words: str) -> None:  # noqa: FBT001
    """What only the edge or the proxy sends; without it, the service."""
    assert (who, words) == layer(status, headers, SECRETS, proxied=proxied)


def test_what_a_header_says_is_short_harmless_and_without_the_credential() -> None:
    """It comes from outside."""
    words = layer(200, {"server": "x" * 99, "via": f"{VALUE[:3]}|{VALUE[3:]}\x1b`|::"}, SECRETS, proxied=False).words

    assert f"the service; server: {'x' * 60}; via: ***::" == words
