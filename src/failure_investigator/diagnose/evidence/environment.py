"""The deciding step's `env:` block and inputs: a credential set and masked, printed empty, or not there at all.

An unset secret prints the name, a colon and one blank; a masked value prints `***` (docs/log-format.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.diagnose.credentials import candidates, wanted
from failure_investigator.model import Cause, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case

_SENT = frozenset({Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_MALFORMED})


def gather(case: Case) -> Iterator[Evidence]:
    """One fact per variable or input of the service that the step printed."""
    missing = case.found.refusal.cause is Cause.CREDENTIAL_MISSING
    seen = candidates(case)
    if (other := _other_variable(case)) is not None:
        yield other
        return
    any_set = any(used.seen == "set" for used in seen)
    for used in seen:
        where = "the step's environment" if used.where == "env" else "the step's inputs"
        if used.seen == "set":
            lost = " so it was lost between the step and the request" if missing else ""
            says = f"`{used.name}` was set and masked in {where}{',' + lost if lost else ''}."
            yield Evidence(says, kind="environment")
        elif not any_set:
            why = _withheld(case)
            says = f"`{used.name}` was empty in {where}{': ' + why if why else ', so no credential could be sent'}."
            yield Evidence(says, supports=frozenset({Cause.CREDENTIAL_MISSING}), excludes=_SENT, kind="environment")


def _other_variable(case: Case) -> Evidence | None:
    """The client names a variable that the step does not set, be there another one of the same service or none."""
    name, variables = wanted(case), case.variables
    missing = case.found.refusal.cause is Cause.CREDENTIAL_MISSING
    if not missing or not name or name in variables or not name.isupper() or not variables:
        return None
    given = [used.name for used in candidates(case) if used.where == "env" and used.seen == "set"]
    says = f"The client reads `{name}`, which the step does not set"
    if given:
        says += f"; it sets `{given[0]}`, which this client does not read"
    return Evidence(f"{says}.", supports=frozenset({Cause.CREDENTIAL_MISSING}), excludes=_SENT, kind="environment")


def _withheld(case: Case) -> str:
    source = case.job.secret_source
    if source == "None":
        return "the job got no secrets (`Secret source: None`, as for pull requests from forks)"
    if source == "Dependabot":
        return "the job got Dependabot's secrets only (`Secret source: Dependabot`)"
    return ""
