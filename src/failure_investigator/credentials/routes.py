"""The ways to a host: straight, and through the proxy that the environment names (as curl and Python read it)."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

from failure_investigator.values import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPOKEN = ("http", "https")


class Route(NamedTuple):
    """One way; `proxy` is empty for the straight one. Its address may hold a password."""

    name: Literal["direct", "proxy"]
    proxy: Secret = Secret()
    note: str = ""
    """Why a proxy cannot be used, in words; nothing is sent then."""

    @property
    def host(self) -> str:
        """The proxy's host, for a person."""
        return urlsplit(self.proxy.reveal()).hostname or ""


def routes(url: str, environ: Mapping[str, str]) -> tuple[Route, ...]:
    """The straight way, and the proxy's unless NO_PROXY takes the host past it."""
    parts = urlsplit(url)
    proxy = _first(environ, f"{parts.scheme}_proxy") or _first(environ, "all_proxy")
    if not proxy or past(parts.hostname or "", parts.port, _first(environ, "no_proxy")):
        return (Route("direct"),)
    address = proxy if "://" in proxy else f"http://{proxy}"
    return Route("direct"), Route("proxy", Secret(address), _note(address))


def past(host: str, port: int | None, exceptions: str) -> bool:
    """Whether NO_PROXY names the host: `*`, a name with all below it, `host:port`, an address or a network."""
    for each in re.split(r"[\s,]+", exceptions.lower()):
        name, _, only = each.partition(":") if each.count(":") == 1 else (each, "", "")
        if only and only != str(port or ""):
            continue
        name = name.removeprefix("*").removeprefix(".") or ("*" if name == "*" else "")
        if name and (name == "*" or host == name or host.endswith(f".{name}") or _within(host, name)):
            return True
    return False


def _within(host: str, network: str) -> bool:
    try:
        return ip_address(host) in ip_network(network.strip("[]"), strict=False)
    except ValueError:
        return False


def _note(address: str) -> str:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in _SPOKEN and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    return "" if usable else "The proxy's address is none that this program can use (http and https proxies only)."


def _first(environ: Mapping[str, str], name: str) -> str:
    """A proxy variable in small letters wins over the one in capitals, as with curl."""
    return (environ.get(name) or environ.get(name.upper()) or "").strip()
