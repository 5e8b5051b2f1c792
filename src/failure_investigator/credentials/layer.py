"""Which layer answered: the service, what stands in front of it, or a proxy on the way; by the headers of the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from failure_investigator.credentials.scrub import scrubbed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.values import Secret

Who = Literal["service", "edge", "proxy"]
_PROXY = ("proxy-authenticate", "x-squid-error", "x-bluecoat-via", "x-zscaler-transaction")
_PROXY_SERVER = re.compile(r"(?i)squid|zscaler|bluecoat|mcafee|tinyproxy|privoxy|mitmproxy")
"""As `Server` it answered itself; `Via` stands on what a proxy only passed on, too."""
_EDGE_SAYS_NO = {"cf-mitigated": "Cloudflare", "x-sucuri-block": "Sucuri", "x-amzn-waf-action": "AWS WAF"}
"""Headers that stand only on what the edge itself answered."""
_EDGES = (
    ("cf-ray", "Cloudflare"),
    ("x-amz-cf-id", "CloudFront"),
    ("x-akamai-request-id", "Akamai"),
    ("x-served-by", "Fastly"),
    ("x-azure-ref", "Azure Front Door"),
    ("x-vercel-id", "Vercel"),
)
_SHOWN = ("server", "via", "x-cache", "cf-ray", "x-github-request-id", "x-amzn-requestid", "x-amzn-errortype")
_MOST = 4
_HARMLESS = re.compile(r"[^A-Za-z0-9 ./_():+-]")
_LONGEST = 60


class Layer(NamedTuple):
    """Who answered, and the same in words with the headers that show it."""

    who: Who
    words: str


def layer(status: int, headers: Mapping[str, str], secrets: Sequence[Secret], *, proxied: bool) -> Layer:
    """The layer by what only it sends; without such a header it is the service."""
    edge = next((name for header, name in _EDGES if header in headers), "")
    blocked = next((name for header, name in _EDGE_SAYS_NO.items() if header in headers), "")
    who: Who = "service"
    words = f"the service (behind {edge})" if edge else "the service"
    if status == 407 or any(header in headers for header in _PROXY):
        who, words = "proxy", "a proxy"
    elif blocked or (status >= 400 and headers.get("x-cache", "").lower().startswith("error from")):
        who, words = "edge", f"{blocked or edge or 'a cache'} in front of the service"
    elif proxied and status >= 400 and _PROXY_SERVER.match(headers.get("server", "")):
        who, words = "proxy", "a proxy"
    return Layer(who, "; ".join([words, *_evidence(headers, secrets)]))


def _evidence(headers: Mapping[str, str], secrets: Sequence[Secret]) -> list[str]:
    """`server: nginx` and its like: few, short, of harmless characters, without a piece of the credential."""
    named = [name for name in _SHOWN if headers.get(name)]
    return [
        f"{name}: {scrubbed(_HARMLESS.sub('', headers[name])[:_LONGEST].strip(), secrets)}" for name in named[:_MOST]
    ]
