"""What is visibly wrong in a workflow file, each a fact about it and no guess about a run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from failure_investigator.permissions.entries import Entry
from failure_investigator.permissions.operations import needed_for_action, needed_for_command, needed_for_git
from failure_investigator.workflows.expressions import without_expressions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.workflows.model import JobSpec, StepSpec, WorkflowFile

ID_TOKEN = Entry("id-token", "write")
_OIDC_SCRIPT = re.compile(
    r"\bnpm publish\b[^\n]*--provenance\b|ACTIONS_ID_TOKEN_REQUEST_(?:TOKEN|URL)|\bgetIDToken\b"
    r"|\buv publish\b[^\n]*--trusted-publishing[ =]always\b"
)
_OWN_CREDENTIALS = re.compile(
    r"x-access-token|extraheader|gh auth setup-git|://[^\s/]*@|credential\.helper|remote (?:set-url|add)|GIT_SSH|git@github\.com"
)
_ELSEWHERE = re.compile(r"\bgit clone\b|\bgit -C\b|(?:^|[;&|(])\s*(?:cd|pushd) ", re.MULTILINE)
"""The push may be in another repository than the one that was checked out."""
_PROVENANCE = "npm_config_provenance"


@dataclass(frozen=True, slots=True)
class Fact:
    """`kind` for code, `text` for people; the line is in the file, `step` the index in the job or None."""

    kind: str
    job: str
    line: int
    text: str
    step: int | None = None


def facts(file: WorkflowFile, job: JobSpec) -> tuple[Fact, ...]:
    """What is wrong in a job, in the order of the file:

    - `call-without-secrets`: a reusable workflow is called and no secret passed to it: there each one is empty
      (https://docs.github.com/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow).
    - `oidc-without-id-token`: a step asks for an OIDC token, and no `id-token: write` holds for the job; no default grants it
      (https://docs.github.com/actions/reference/security/oidc). Not said of files that are only called: the caller decides.
    - `push-without-credentials`: `git push` after a checkout that kept no credentials (`persist-credentials: false`), with no
      others in sight (https://github.com/actions/checkout#usage).
    """
    found = [*_call(job), *_oidc(file, job), *_push(job)]
    return tuple(sorted(found, key=lambda fact: fact.line))


def _call(job: JobSpec) -> Iterator[Fact]:
    if job.uses and not job.inherits_secrets and job.passed_secrets is None:
        text = f"`{job.key}` calls `{job.uses}` without `secrets:`, so every secret but GITHUB_TOKEN is empty there"
        yield Fact("call-without-secrets", job.key, job.line, text)


def _oidc(file: WorkflowFile, job: JobSpec) -> Iterator[Fact]:
    block = file.permissions_of(job)
    if (block is None and "workflow_call" in file.triggers) or (block is not None and block.grants(ID_TOKEN)):
        return
    for step in job.steps:
        if asks_for_oidc(file, job, step):
            text = f"`{_shown(step)}` asks for an OIDC token, but the job has no `id-token: write`"
            yield Fact("oidc-without-id-token", job.key, step.line, text, step.index)


def asks_for_oidc(file: WorkflowFile, job: JobSpec, step: StepSpec) -> bool:
    """Whether a step gets a token from GitHub's OIDC provider: an action that is set to, or a script that says so."""
    need = needed_for_action(step.uses, step.inputs) if step.uses else None
    if need is not None:
        return ID_TOKEN in need.entries
    script = step.run + step.inputs.get("script", "")
    if _OIDC_SCRIPT.search(script):
        return True
    env = {name.lower(): value for level in (file.env, job.env, step.env) for name, value in level.items()}
    return "npm publish" in script and env.get(_PROVENANCE, "").lower() == "true"


def _push(job: JobSpec) -> Iterator[Fact]:
    kept: bool | None = None
    for step in job.steps:
        if step.uses.lower().startswith("actions/checkout@") and not step.inputs.get("path"):
            kept = step.inputs.get("persist-credentials", "true").lower() != "false"
        script = without_expressions(step.run)
        if _OWN_CREDENTIALS.search(script):
            kept = True
        elsewhere = step.directory or _ELSEWHERE.search(script)
        if kept is False and not elsewhere and needed_for_git("push") in needed_for_command(step.run):
            text = f"`{_shown(step)}` pushes, but the checkout before it says `persist-credentials: false`"
            yield Fact("push-without-credentials", job.key, step.line, text, step.index)


def _shown(step: StepSpec) -> str:
    return " ".join((step.name or step.uses or step.run.strip().partition("\n")[0]).split())[:80]
