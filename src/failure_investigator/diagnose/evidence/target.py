"""Whom the request really reached: the public host, or something in between that the environment points to."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from failure_investigator.model import Cause, Evidence
from failure_investigator.redact import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case

_BETWEEN = re.compile(r"(?i)^(?:https?_proxy|all_proxy|.*_(?:base_url|api_base|endpoint|gateway))$")
_HEADER = re.compile(
    r"(?i)(?:^|[\s<\"'{,])(via|server|cf-ray|x-cache|x-served-by|x-envoy-upstream-service-time|x-amz-cf-id|x-squid-error)"
    r"[\"']?\s*[:=]\s*[\"']?([^\"',;}]{1,60})"
)
_PROXY = re.compile(r"(?i)squid|zscaler|bluecoat|netskope|forcepoint|fortigate|mcafee|x-squid-error")
_BEFORE_IT = re.compile(
    r"(?i)^(?:cf-ray|x-amz-cf-id|x-envoy\S*)$|cloudflare|envoy|istio|varnish|cloudfront|akamai|fastly|kong|traefik"
)
_EDGES = frozenset({"cloudflare", "akamai"})


def gather(case: Case) -> Iterator[Evidence]:
    """The host that was asked, each variable that may send requests elsewhere, and the layer that signed the answer."""
    refusal = case.found.refusal
    between = {name: value for name, value in case.variables.items() if _BETWEEN.match(name) and value.strip()}
    if refusal.host and _private(refusal.host):
        yield Evidence(
            f"The request went to `{redact(refusal.host)}`, an address of this machine or network: what refused is a gateway "
            "or sidecar, or what it passed on.",
            kind="target",
        )
    elif refusal.host and case.service and case.service.hosts:
        public = _claimed(refusal.host, case.service.hosts)
        kind = "the service's public host" if public else "not the service's usual host"
        names = ", ".join(f"`{name}`" for name in between)
        also = f", although {names} is set in the step" if public and between else ""
        yield Evidence(f"The request went to `{redact(refusal.host)}`, {kind}{also}.", kind="target")
    elif between:
        names = ", ".join(f"`{name}`" for name in sorted(between))
        yield Evidence(f"The step's environment sends requests elsewhere: {names}.", kind="target")
    yield from _layer(case)


def _layer(case: Case) -> Iterator[Evidence]:
    """The first header near the refusal that names a layer before the service."""
    for line in case.window:
        for match in _HEADER.finditer(line):
            name, value = match[1].lower(), match[2].strip()
            shown = f"`{name}: {redact(value).replace('`', '')}`"
            if _PROXY.search(f"{name} {value}"):
                says = (
                    f"A proxy on the way answered ({shown}), not the service: its word says nothing of the credential."
                )
                yield Evidence(says, supports=frozenset({Cause.POLICY_BLOCKED}), text=redact(line), kind="target")
                return
            if _BEFORE_IT.search(name if name != "server" and name != "via" else value) and not _is_edge(case):
                says = (
                    f"The answer came through a layer before the service ({shown}), which may have refused by itself."
                )
                yield Evidence(says, text=redact(line), kind="target")
                return


def _is_edge(case: Case) -> bool:
    return case.found.refusal.service in _EDGES


def _claimed(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == claim or (claim.startswith("*.") and host.endswith(claim[1:])) for claim in hosts)


def _private(host: str) -> bool:
    """Whether a host is this machine or an address that the public network does not route."""
    if host.partition(":")[0] in ("localhost", "host.docker.internal"):
        return True
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return False
