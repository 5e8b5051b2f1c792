"""Cases for tests of evidence: one refusal in one step, and around it only what a test says."""

from __future__ import annotations

from typing import Any

from tests.unit.factory import make_run

from failure_investigator.diagnose.case import Case, Found
from failure_investigator.logs.jobs import JobText, Section
from failure_investigator.model import Cause, Place, Refusal, Surroundings
from failure_investigator.signatures.rulebook import UNKNOWN, Credential, Service, Signature

ACME = Service(
    "acme",
    "Acme",
    ("api.acme.test", "*.acme.cloud"),
    credentials=(Credential("ACME_KEY"), Credential("ACME_TOKEN")),
    console="https://acme.test/keys",
)
SECTION = Section("Run ./deploy", 0, 1000, 0)


def found(cause: Cause = Cause.UNCLASSIFIED, line: int = 10, **said: Any) -> Found:
    """A refusal; `generic` makes it a client's wording, everything else is the refusal's."""
    generic, section = said.pop("generic", False), said.pop("section", SECTION)
    excludes = said.pop("excludes", {})
    status = said.pop("status", 401)
    name = f"acme/{cause}-{line}"
    signature = Signature(name, UNKNOWN if generic else "acme", "Acme refused", (), status, cause, excludes=excludes)
    service = said.pop("service", "acme")
    return Found(Refusal(name, service, status, cause, Place(line), "acme said no", **said), signature, line, section)


KNOWN = ("others", "run", "window", "around", "facts", "signals")


def case(cause: Cause = Cause.UNCLASSIFIED, **more: Any) -> Case:
    """The case of such a refusal. `env`, `inputs`, `window`, `others`, `run`, `around` are what stands around it."""
    step = {name: more.pop(name) for name in ("env", "inputs", "script") if name in more}
    section = Section(SECTION.title, 0, 1000, 0, **step)
    known: dict[str, Any] = {"others": (), "service": ACME, "run": make_run(), "around": Surroundings()}
    known.update({name: more.pop(name) for name in KNOWN if name in more})
    said = {name: more.pop(name) for name in ("permissions", "secret_source") if name in more}
    job = JobText("deploy", 0, 1000, (section,), whole=True, failed=True, **said)
    return Case(found(cause, section=section, **more), job=job, url="https://github.test/job/1", **known)
