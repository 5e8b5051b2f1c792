"""The checklist: everything that can be said of a credential without asking its service."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from failure_investigator.credentials.characters import check_characters
from failure_investigator.credentials.documents import check_documents
from failure_investigator.credentials.encoded import check_encoding
from failure_investigator.credentials.fingerprint import fingerprint
from failure_investigator.credentials.formats import formats_of
from failure_investigator.credentials.jwt import check_expiry
from failure_investigator.credentials.kind import check_kind
from failure_investigator.credentials.model import Checked, Finding, Subject
from failure_investigator.credentials.placeholder import check_placeholder, is_placeholder
from failure_investigator.credentials.service import choose
from failure_investigator.credentials.wants import prefixes_of, wanted
from failure_investigator.credentials.wrapping import peel
from failure_investigator.values import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from failure_investigator.credentials.service import Choice
    from failure_investigator.signatures.rulebook import Service

_GIVEN_TO_STEP = (
    "Pass it to the step: `env: {name}: ${{{{ secrets.{name} }}}}`. Runs of forks and of Dependabot get no secrets of the "
    "repository, an environment's secrets need `environment:`, a called workflow needs `secrets: inherit`."
)


def check(
    name: str, environ: Mapping[str, str], services: Mapping[str, Service], now: datetime, given: str = ""
) -> tuple[Checked, Subject]:
    """What is to be said of the variable `name`, and the subject, for the probe. Raises `UsageError`, see `choose`."""
    text = environ.get(name, "")
    choice = choose(name, text, services, given)
    peeled = peel(name, text)
    subject = Subject(
        name,
        Secret(text),
        Secret(peeled.core),
        choice.service,
        wanted(name, choice.service),
        prefixes_of(name, choice.service),
    )
    findings = [*_service(choice, name)]
    if peeled.core:
        findings += [Finding("set", "fine", "It is set."), *_value(subject, peeled.findings, services, now)]
    else:
        findings += _missing(name, environ, peeled.findings)
    findings += _header(subject)
    shown = None if is_placeholder(tuple(findings)) else fingerprint(subject, _prefix(subject, services))
    id_ = choice.service.id if choice.service else None
    return Checked(name, id_, name in environ, len(text), shown, tuple(findings)), subject


def _value(
    subject: Subject, around: Iterable[Finding], services: Mapping[str, Service], now: datetime
) -> Iterator[Finding]:
    yield from around
    placeholder = tuple(check_placeholder(subject))
    yield from placeholder
    if is_placeholder(placeholder):
        return
    yield from check_characters(subject)
    yield from check_documents(subject)
    yield from check_kind(subject, services)
    yield from check_encoding(subject, services)
    yield from check_expiry(subject, now)


def _missing(name: str, environ: Mapping[str, str], around: Iterable[Finding]) -> Iterator[Finding]:
    """Not set, set to nothing, or to white space."""
    pass_on = _GIVEN_TO_STEP.format(name=name)
    if name not in environ:
        close = get_close_matches(name.upper(), [each for each in environ if each != name], n=1, cutoff=0.8)
        near = f" {close[0]} is set: perhaps one of the names is misspelt." if close else ""
        yield Finding("set", "wrong", f"It is not set in this environment.{near}", pass_on)
    elif not environ[name]:
        says = (
            "It is set and empty: in a workflow, the secret does not exist under this name or is not given to this run."
        )
        yield Finding("set", "wrong", says, pass_on)
    else:
        yield Finding("set", "wrong", "It holds nothing but white space, quotes or words around a value.", pass_on)
        yield from (finding for finding in around if finding.severity != "fine")


def _service(choice: Choice, name: str) -> Iterator[Finding]:
    if choice.service is None:
        says = "Neither its name nor its value tells which service it is for: the checks are the general ones."
        yield Finding(
            "service", "fine", says, "Give --service; `failure-investigator signatures list` shows the names."
        )
    elif choice.others:
        says = f"{name} may be for {', '.join((choice.service.id, *choice.others))}; it is checked for {choice.service.id}."
        yield Finding("service", "fine", says, "Give --service for another.")


def _header(subject: Subject) -> Iterator[Finding]:
    if subject.service and subject.service.header:
        says = f"{subject.owner} wants it in the header `{subject.service.header}`."
        yield Finding("header", "fine", says)


def _prefix(subject: Subject, services: Mapping[str, Service]) -> str:
    """The public prefix that the value has, or ''."""
    core = subject.core.reveal()
    found = formats_of(core, services)
    if found:
        return found[0].prefix
    return max((each for each in subject.prefixes if core.startswith(each)), key=len, default="")
