"""The probe over every route, and what their answers say together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from failure_investigator.credentials.model import Finding
from failure_investigator.credentials.probe import ask, planned
from failure_investigator.credentials.routes import routes
from failure_investigator.credentials.verdict import REFUSED, judged, not_sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from failure_investigator.credentials.model import Answer, Checked, Subject
    from failure_investigator.credentials.probe import Request, Send
    from failure_investigator.credentials.routes import Route


def asked(checked: Checked, subject: Subject, environ: Mapping[str, str], send: Send, url: str = "") -> Checked:
    """`checked` with the service's answers, or with the finding why nothing was sent. `url` replaces the service's own."""
    request = planned(subject, checked.findings, url)
    if isinstance(request, str):
        return replace(checked, findings=(*checked.findings, Finding("probe", "fine", request)))
    answers = tuple(_answer(subject, request, route, send) for route in routes(request.url.reveal(), environ))
    findings = (*checked.findings, *_peeled(subject, answers), *_differ(answers))
    return replace(checked, findings=findings, probe=answers)


def _answer(subject: Subject, request: Request, route: Route, send: Send) -> Answer:
    return not_sent(route.note, route) if route.note else judged(subject, request, route, ask(request, route, send))


def _peeled(subject: Subject, answers: tuple[Answer, ...]) -> Iterator[Finding]:
    """A value is asked about without what stands around it: that tells whether this is all that is wrong."""
    if subject.value != subject.core and any(answer.outcome == "accepted" for answer in answers):
        says = f"Without what stands around it {subject.owner} takes it: that is all that is wrong."
        yield Finding("probe", "fine", says, "Save it without that; no new credential is needed.")


def _differ(answers: tuple[Answer, ...]) -> Iterator[Finding]:
    taken = [answer.route for answer in answers if answer.outcome == "accepted"]
    refused = [answer.route for answer in answers if answer.outcome in REFUSED]
    if taken == ["direct"] and refused:
        says = "The service takes it straight and refuses it through the proxy: the proxy drops or changes the header."
        yield Finding("routes", "wrong", says, "Put the host into NO_PROXY, or have the proxy pass the header on.")
    elif taken and refused:
        says = "The service takes it through the proxy and refuses it straight: it allows the proxy's address only."
        yield Finding("routes", "suspicious", says, "Have every step use the proxy.")
