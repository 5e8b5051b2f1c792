"""Runs that get no secrets: pull requests from forks and Dependabot's runs.

https://docs.github.com/en/actions/concepts/security/secrets and docs/log-format.md (`Secret source: None`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.diagnose.credentials import secret_of
from failure_investigator.model import Cause, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.diagnose.case import Case

_SENT = frozenset({Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_MALFORMED})
_CREDENTIAL = _SENT | {Cause.CREDENTIAL_MISSING, Cause.UNCLASSIFIED}


def gather(case: Case) -> Iterator[Evidence]:
    """The fact that GitHub withheld the secrets from this run, where a credential is what was refused."""
    if case.found.refusal.cause not in _CREDENTIAL:
        return
    support = frozenset({Cause.CREDENTIAL_MISSING})
    if case.run is not None and case.run.without_secrets:
        who = "Dependabot's runs" if case.run.actor == "dependabot[bot]" else "pull requests from forks"
        says = f"GitHub passes no secrets to {who}, and this is one."
        yield Evidence(says, support, _SENT, kind="runs_without_secrets", cure=_cure(case))
    elif case.job.secret_source == "None":  # noqa: S105 - what the runner prints
        says = "The runner printed `Secret source: None`: the job got no secrets."
        yield Evidence(says, support, _SENT, kind="runs_without_secrets")


def _cure(case: Case) -> str:
    """What helps a run that gets no secrets: none of the repository's does."""
    if case.run is not None and case.run.actor == "dependabot[bot]":
        name = secret_of(case) or "NAME"
        return (
            f"Give Dependabot a secret of its own, `gh secret set {name} --app dependabot --repo {case.run.repository}`, or "
            "let the step do without in its runs."
        )
    return (
        "Let the job do without the secret for pull requests from forks: "
        "`if: github.event.pull_request.head.repo.full_name == github.repository`; or do what needs it after the merge."
    )
