"""The permissions that GITHUB_TOKEN had ("Set up job" prints them) against what the refused call needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.diagnose.permissions import lacking, need_of
from failure_investigator.model import Cause, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case
    from failure_investigator.permissions import Entry


def gather(case: Case) -> Iterator[Evidence]:
    """What the call needs, what of it the token lacked, and whether a workflow can grant it at all."""
    if case.found.refusal.cause is not Cause.WORKFLOW_PERMISSIONS:
        return
    need = need_of(case)
    if need is None or not need.entries:
        if need is not None and not need.installation:
            yield Evidence(
                "No installation token is taken there, so GITHUB_TOKEN is not either.", url=need.source, kind=_KIND
            )
        return
    entries = _named(need.entries)
    if not need.grantable:
        says = f"The call needs {entries}, which no `permissions:` entry can give to GITHUB_TOKEN."
        yield Evidence(says, url=need.source, kind=_KIND)
        return
    missing = lacking(case, need)
    if case.job.permissions and not missing:
        says = (
            f"The call needs {entries}, which the token had: what refuses is a rule of the repository or organisation."
        )
        supports, excludes = frozenset({Cause.POLICY_BLOCKED}), frozenset({Cause.WORKFLOW_PERMISSIONS})
        yield Evidence(says, supports, excludes, url=need.source, kind=_KIND)
    elif case.job.permissions:
        says = f"The call needs {entries}; the token that “Set up job” printed lacked {_named(missing)}."
        yield Evidence(says, url=need.source, kind=_KIND)
    else:
        yield Evidence(f"The call needs {entries}.", url=need.source, kind=_KIND)


_KIND = "token_permissions"


def _named(entries: tuple[Entry, ...]) -> str:
    return " and ".join(f"`{entry}`" for entry in entries)
