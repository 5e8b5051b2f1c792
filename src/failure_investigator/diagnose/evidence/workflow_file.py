"""What the workflow file says: which secret feeds the step, and what is visibly wrong around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.diagnose.credentials import name_of
from failure_investigator.diagnose.workflow import Source, secret_behind, source_of
from failure_investigator.model import Cause, Evidence
from failure_investigator.workflows import facts, misspelt, secret_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case

_SENT = frozenset({Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_MALFORMED})
_MISSING = frozenset({Cause.CREDENTIAL_MISSING})
_FEDERATION = frozenset({Cause.FEDERATION_REJECTED})
_CURES = {
    "call-without-secrets": "Pass the secrets on in the call: `secrets: inherit`, or each one by name under `secrets:`.",
    "push-without-credentials": (
        "Let the checkout keep its credentials (take `persist-credentials: false` away), or give the push a token of its own."
    ),
    "oidc-without-id-token": (
        "Give the job `permissions: id-token: write` in the workflow file, and the rights it had before: naming one entry "
        "drops the others."
    ),
}
_ABOUT = {"call-without-secrets": _MISSING, "push-without-credentials": _MISSING, "oidc-without-id-token": _FEDERATION}


def gather(case: Case) -> Iterator[Evidence]:
    """One fact for each thing that the file tells; nothing where the job cannot be found in it."""
    source = source_of(case)
    if source is None:
        return
    yield from _feeds(case, source)
    yield from _faults(case, source)


def _feeds(case: Case, source: Source) -> Iterator[Evidence]:
    """The secret behind the credential, and a likelier one when its name is a slip."""
    variable = name_of(case)
    secret = secret_behind(case, variable)
    if not secret:
        return
    known = [name for name in secret_names(source.file) if name != secret]
    meant = misspelt(secret, [*known, *(case.around.secrets or {})])
    if meant and secret not in (case.around.secrets or {}):
        says = f"The workflow file reads `secrets.{secret}`, which looks like a slip for `secrets.{meant}`, used elsewhere."
        excludes = _SENT if _empty(case, variable) else frozenset()
        cure = f"Write `${{{{ secrets.{meant} }}}}` instead of `${{{{ secrets.{secret} }}}}` in the workflow file."
        yield Evidence(says, _MISSING, excludes, kind="workflow_file", cure=cure)
    elif variable != secret:
        yield Evidence(f"`{variable}` comes from `secrets.{secret}`.", kind="workflow_file")
    if source.job.environment and _empty(case, variable):
        says = f"The job runs in the environment `{source.job.environment}`, whose secrets only its rules let in."
        yield Evidence(says, kind="workflow_file")


def _empty(case: Case, variable: str) -> bool:
    given = {**case.inputs, **case.variables}
    return variable in given and not given[variable].strip()


def _faults(case: Case, source: Source) -> Iterator[Evidence]:
    """What the file's own reader finds wrong with the job, where it bears on the refusal."""
    for fault in facts(source.file, source.job):
        about = _ABOUT.get(fault.kind, frozenset())
        here = fault.step is not None and source.step is not None and fault.step == source.step.index
        if fault.step is not None and source.step is not None and not here:
            continue
        cause = case.found.refusal.cause
        if about == _MISSING and cause is not Cause.CREDENTIAL_MISSING and not _empty(case, name_of(case)) and not here:
            continue  # many calls need no secrets
        bears = cause in about or cause in (Cause.UNCLASSIFIED, Cause.CREDENTIAL_MISSING)
        yield Evidence(
            f"{fault.text} (line {fault.line} of the workflow file).",
            supports=about if bears else frozenset(),
            excludes=_MISSING if here and about == _FEDERATION else frozenset(),
            kind="workflow_file",
            cure=_CURES[fault.kind] if bears else "",
        )
