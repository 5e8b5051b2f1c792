"""The probe: one harmless request that the service documents, with the credential, over every route there is.

Pure: `send` is handed in (`wire.py` is the real one). A redirect is followed only to the same origin; a connection
that fails is tried once more; nothing else is repeated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol
from urllib.parse import quote, urljoin, urlsplit

from failure_investigator.values import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from failure_investigator.credentials.model import Finding, Subject
    from failure_investigator.credentials.routes import Route
    from failure_investigator.signatures.rulebook import Service

FaultKind = Literal["dns", "tls", "connection_refused", "timeout", "network", "proxy"]
AGAIN: frozenset[str] = frozenset({"dns", "connection_refused", "network"})
"""Faults of the connection: worth a second try, unlike a refusal or a time that ran out."""
_REDIRECTS = 2
_HELD_BACK = {
    "placeholder": "it is no credential",
    "content": "it is not of the kind that the service takes",
    "encoding": "it is another form of the credential",
}
_FILLED = re.compile(
    r"([A-Za-z][A-Za-z0-9-]*): ((?:(?:Bearer|Token|token|Bot|JWT) |Token token=)?)<(?:api |access |upload )?(?:key|token|JWT)>"
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; address and headers may hold the credential and have no repr."""

    method: str
    url: Secret
    headers: Mapping[str, Secret]
    ok: tuple[int, ...]
    secrets: tuple[Secret, ...] = field(repr=False)
    """Everything of which no piece may be shown."""

    @property
    def host(self) -> str:
        """Who is asked, for a person."""
        return urlsplit(self.url.reveal()).hostname or ""


class Reply(NamedTuple):
    """What came back; header names are in lower case, the body is its beginning."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class Fault(NamedTuple):
    """Why nothing came back; `status` is what a proxy answered to CONNECT."""

    kind: FaultKind
    status: int = 0


class Send(Protocol):
    """One request over one route, without redirects, retries, cookies or netrc."""

    def __call__(self, request: Request, route: Route) -> Reply | Fault:
        """Never raises for what the network does."""


def planned(subject: Subject, findings: Iterable[Finding], url: str = "") -> Request | str:
    """The request, or in words why none is sent. `url` stands in for the service's own address."""
    service, core = subject.service, subject.core.reveal()
    if service is None:
        return "No service is known for it: give --service."
    probe = service.probe or _made(service, url)
    if not probe:
        return f"No harmless request is known for {service.title}; see {service.docs or 'its documentation'}."
    held = [finding for finding in findings if finding.severity == "wrong"]
    if not core:
        return "Nothing was sent: there is no value."
    if any(finding.check == "format" for finding in held):
        return f"Nothing was sent: {service.title} is not shown what looks like another's or a cut credential."
    reason = next((_HELD_BACK[finding.check] for finding in held if finding.check in _HELD_BACK), "")
    if reason:
        return f"Nothing was sent: {reason}."
    if not re.fullmatch(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?", core):
        return "Nothing was sent: a header cannot carry these characters."
    return _request(probe, subject, url)


def _request(probe: Mapping[str, Any], subject: Subject, url: str) -> Request:
    core = subject.core.reveal()
    filled = {name: Secret(text.replace("{credential}", core)) for name, text in probe["headers"].items()}
    address = url or probe["url"].replace("{credential}", quote(core, safe=""))
    return Request(probe["method"], Secret(address), filled, tuple(probe["ok"]), (subject.value, subject.core))


def _made(service: Service, url: str) -> Mapping[str, Any]:
    """A probe for an address that was given, where the service's header is one value and no user."""
    found = _FILLED.fullmatch(service.header) if url else None
    return {"method": "GET", "headers": {found[1]: f"{found[2]}{{credential}}"}, "ok": [200, 204]} if found else {}


def ask(request: Request, route: Route, send: Send) -> Reply | Fault:
    """The reply over one route, after at most two redirects within the origin and one second try."""
    for _ in range(_REDIRECTS):
        reply = _sent(request, route, send)
        target = _same_origin(request, reply) if isinstance(reply, Reply) else ""
        if not target:
            return reply
        request = Request(request.method, Secret(target), request.headers, request.ok, request.secrets)
    return _sent(request, route, send)


def _sent(request: Request, route: Route, send: Send) -> Reply | Fault:
    reply = send(request, route)
    return send(request, route) if isinstance(reply, Fault) and reply.kind in AGAIN else reply


def _same_origin(request: Request, reply: Reply) -> str:
    """Where a redirect leads, if it stays with scheme, host and port; else ''."""
    location = reply.headers.get("location", "")
    if not 300 <= reply.status < 400 or not location:
        return ""
    here = request.url.reveal()
    try:
        target = urljoin(here, location)
        return target if _origin(target) == _origin(here) else ""
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
