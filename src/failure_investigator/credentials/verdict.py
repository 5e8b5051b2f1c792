"""What an answer, or the lack of one, means for the credential, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.credentials.layer import layer
from failure_investigator.credentials.model import Answer
from failure_investigator.credentials.probe import Fault
from failure_investigator.credentials.scrub import said, scrubbed

if TYPE_CHECKING:
    from failure_investigator.credentials.layer import Layer
    from failure_investigator.credentials.model import Subject
    from failure_investigator.credentials.probe import Reply, Request
    from failure_investigator.credentials.routes import Route

OUTCOMES = {
    "accepted": "{owner} took it",
    "unauthorized": (
        "{owner} does not take it: it is unknown, revoked, expired, or of another account, region or environment. "
        "Make a new one; if it is newer than this, look at what the client really sends"
    ),
    "forbidden": (
        "{owner} refuses: it knows the credential and does not allow this request, or this network; a few services "
        "say so for a credential that they do not know, too. Look at its rights and at allow lists before making a new one"
    ),
    "rejected": "{owner} calls the request wrong: some services say so for a credential of the wrong form",
    "unpaid": "{owner} knows it, and the account has no credit: no new credential helps",
    "blocked": "{layer} refused, and the service never judged the credential: do not make a new one. "
    "Runner networks are often blocked there: ask the service, or use another network",
    "proxy_authentication": "The proxy wants a login of its own; the service was not reached. "
    "Put user and password into the proxy's address, or the host into NO_PROXY",
    "proxy_refused": "The proxy does not let this host through; the service was not reached. "
    "Have the host allowed, or put it into NO_PROXY",
    "throttled": "{owner} says that too much was asked, which is nothing against the credential: wait, and do not make a new one",
    "redirected": "The answer leads to another host, and the credential was not sent there: nothing is known of it",
    "unexpected": "The answer neither takes nor refuses it: nothing is known of the credential",
    "dns": "The name {host} was not found: nothing is known of the credential. Look at the resolver and the address",
    "tls": "No trusted TLS connection to {host}: nothing is known of the credential. A proxy that opens TLS needs its "
    "certificate trusted here (SSL_CERT_FILE)",
    "connection_refused": "{host} takes no connection: nothing is known of the credential. Look at address, port and firewall",
    "timeout": "{host} did not answer in time: nothing is known of the credential. Firewalls that drop look like this",
    "network": "The connection to {host} broke: nothing is known of the credential",
    "not_sent": "",
}
"""Outcome → what it means; the words of `not_sent` come with it."""
REFUSED = frozenset({"unauthorized", "forbidden", "rejected", "unpaid"})
"""Outcomes that speak against the credential."""
JUDGED = REFUSED | {"accepted", "throttled"}
"""Outcomes in which the service itself answered."""
_BY_STATUS = {401: "unauthorized", 402: "unpaid", 403: "forbidden", 429: "throttled", 400: "rejected", 422: "rejected"}
_TOLD = (("github-authentication-token-expiration", "expires"), ("x-oauth-scopes", "scopes"))
"""What GitHub tells of a token: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api."""
_PLAIN = re.compile(r"[A-Za-z0-9:_, +-]{1,120}")


class _Place(NamedTuple):
    subject: Subject
    request: Request
    route: Route


def judged(subject: Subject, request: Request, route: Route, reply: Reply | Fault) -> Answer:
    """What came over a route, with the layer that answered and at most one scrubbed line of what it said."""
    place = _Place(subject, request, route)
    if isinstance(reply, Fault):
        return _fault(place, reply)
    who = layer(reply.status, reply.headers, request.secrets, proxied=route.name == "proxy")
    outcome = _outcome(reply, request, who)
    says = f"{reply.status}: {_words(outcome, place, who)}."
    if outcome == "accepted":
        says += _told(reply, request)
    elif who.who != "proxy" and (line := said(reply.body, request.secrets)):
        says += f" It said: “{line}”"
    return Answer(route.name, outcome, reply.status, who.words, says)


def not_sent(why: str, route: Route) -> Answer:
    """A route over which nothing was sent."""
    return Answer(route.name, "not_sent", None, "", why)


def _outcome(reply: Reply, request: Request, who: Layer) -> str:
    if reply.status in request.ok:
        return "accepted"
    if reply.status == 407:
        return "proxy_authentication"
    if reply.status in {401, 403} and who.who != "service":
        return "proxy_refused" if who.who == "proxy" else "blocked"
    if reply.status == 403 and reply.headers.get("x-ratelimit-remaining") == "0":
        return "throttled"
    if 300 <= reply.status < 400:
        return "redirected"
    return _BY_STATUS.get(reply.status, "unexpected")


def _fault(place: _Place, fault: Fault) -> Answer:
    outcome: str = fault.kind
    if fault.kind == "proxy":
        outcome = {407: "proxy_authentication", 403: "proxy_refused"}.get(fault.status, "network")
    number = f"{fault.status}: " if fault.status else ""
    by = "a proxy" if fault.kind == "proxy" else ""
    says = f"{number}{_words(outcome, place, None)}."
    return Answer(place.route.name, outcome, fault.status or None, by, says)


def _words(outcome: str, place: _Place, who: Layer | None) -> str:
    host = place.request.host
    if who is None and place.route.name == "proxy":
        host = f"the proxy ({place.route.host}) or, behind it, {host}"
    shown = who.words.partition(";")[0].capitalize() if who else ""
    return OUTCOMES[outcome].format(owner=place.subject.owner, host=host, layer=shown)


def _told(reply: Reply, request: Request) -> str:
    """What the service tells of the credential itself: its end and its rights."""
    found = [(word, reply.headers[name]) for name, word in _TOLD if reply.headers.get(name)]
    shown = [f"{word}: {scrubbed(text, request.secrets)}" for word, text in found if _PLAIN.fullmatch(text)]
    return f" It tells of it: {'; '.join(shown)}." if shown else ""
