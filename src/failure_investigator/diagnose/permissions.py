"""What the refused call needed of GITHUB_TOKEN, from its endpoint, its documentation, the git operation or the step itself.

The table behind it is made from GitHub's documentation (`failure_investigator/permissions`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator import permissions
from failure_investigator.diagnose.workflow import source_of
from failure_investigator.model import Cause
from failure_investigator.workflows import facts, permissions_diff

if TYPE_CHECKING:
    from failure_investigator.diagnose.case import Case
    from failure_investigator.permissions import Entry, Need

_ACCEPTED = re.compile(r"(?i)x-accepted-github-permissions[\"']?\s*[:=]\s*[\"']?([a-z_=;, ]+)")
_METHOD = re.compile(
    r"\b(GET|HEAD|POST|PUT|PATCH|DELETE)\b[\s\"':/-]{1,4}(https?://[^\s\"'<>]+|/(?:repos|orgs|user)[^\s\"'<>]*)"
)
_DUMPED = re.compile(r"\bmethod: '(GET|HEAD|POST|PUT|PATCH|DELETE)',?\s+(?:\w+: [^\n]*\s+){0,3}url: '([^'\s]+)'")
_TO = re.compile(r"Permission to ([\w.-]+/[\w.-]+?)(?:\.git)? denied to github-actions\[bot\]")
_URL = re.compile(r"https?://[^\s\"'<>]*(?:/repos/|api\.github\.com/|/api/v3/)[^\s\"'<>]*")
_AFTER = ".,:;)]}"
"""What a sentence puts behind an address."""
_DOCUMENTATION = re.compile(r"https?://docs\.github\.com/[^\s\"'<>]*rest/[^\s\"'<>]*#[a-z0-9-]+")
_GRAPHQL = re.compile(r"[Rr]esource not accessible by (?:integration|personal access token) \(([\w.]+)\)")
_PUSH = re.compile(r"Permission to \S+ denied to github-actions\[bot\]|Write access to repository not granted")
_WORKFLOWS = re.compile(r"refusing to allow .{0,60}to create or update workflow")


def need_of(case: Case) -> Need | None:
    """What the refused call needed; None where nothing tells. The surest first: GitHub's own header, then the documented
    endpoint, the request, the git operation, and last what the step runs."""
    cause, service = case.found.refusal.cause, case.found.refusal.service
    if cause not in (Cause.WORKFLOW_PERMISSIONS, Cause.PERMISSION_DENIED, Cause.FEDERATION_REJECTED):
        return None
    if cause is Cause.PERMISSION_DENIED and service != "github":
        return None
    if cause is Cause.FEDERATION_REJECTED:
        return permissions.needed_for_git("oidc") if _no_identity_token(case) else None
    if other_repository(case):
        return None
    text = "\n".join(case.window)
    accepted = _ACCEPTED.search(text)
    need = permissions.parse_accepted(accepted[1]) if accepted else None
    return need or _from_text(text, case) or _from_step(case)


def _from_text(text: str, case: Case) -> Need | None:
    if _WORKFLOWS.search(text):
        return permissions.needed_for_git("push workflows")
    if _PUSH.search(text):
        return permissions.needed_for_git("push")
    graphql = _GRAPHQL.search(text)
    if graphql:
        return permissions.needed_for_graphql(graphql[1])
    documented = _DOCUMENTATION.search(text)
    need = permissions.needed_for_documentation(documented[0]) if documented else None
    if need is not None:
        return need
    request = _METHOD.search(text) or _DUMPED.search(text)
    if request:
        return permissions.needed(request[1], request[2].rstrip(_AFTER))
    url = _URL.search(text)
    # An address without its method is the least that any needs: what the step itself runs says more.
    return _from_step(case) or permissions.needed(None, url[0].rstrip(_AFTER)) if url else None


def other_repository(case: Case) -> str:
    """The repository that a push was refused to, if it is not the run's own."""
    pushed = _TO.search("\n".join(case.window))
    if pushed is None or case.run is None:
        return ""
    return pushed[1] if pushed[1].lower() != case.run.repository.lower() else ""


def _no_identity_token(case: Case) -> bool:
    """Whether the workflow file or the log says that the job has no `id-token: write`."""
    source = source_of(case)
    if source is not None and any(fault.kind == "oidc-without-id-token" for fault in facts(source.file, source.job)):
        return True
    text = "\n".join(case.window)
    return "id-token" in text or "ACTIONS_ID_TOKEN_REQUEST" in text


def _from_step(case: Case) -> Need | None:
    """What the step's action or script needs, where that is one thing."""
    section = case.found.section
    if section is None:
        return None
    uses = re.match(r"Run ([\w.-]+/[\w./-]+@\S+)", section.title)
    if uses:
        return permissions.needed_for_action(uses[1], section.inputs)
    needs = permissions.needed_for_command("\n".join(section.script))
    return needs[0] if len(needs) == 1 else None


def lacking(case: Case, need: Need) -> tuple[Entry, ...]:
    """The entries that the token lacked, as "Set up job" printed them; all that is needed where nothing was printed."""
    if case.found.refusal.cause is Cause.FEDERATION_REJECTED:
        return need.entries  # never printed in "Set up job"
    return permissions.lacking(need, case.job.permissions) or (() if case.job.permissions else need.entries)


def patch_of(case: Case) -> str:
    """The change of the workflow file that grants what is lacking, as a diff; '' where none can be written surely."""
    need, source = need_of(case), source_of(case)
    if need is None or not need.grantable or source is None or case.run is None or not case.around.workflow:
        return ""
    wanted = lacking(case, need)
    if not wanted:
        return ""
    held = case.job.permissions or None
    return permissions_diff(case.around.workflow, case.run.workflow.path, source.job.key, wanted, held=held)


def right_of(case: Case) -> str:
    """What is missing, as entries under `permissions:` or of a personal token (`contents: write`); '' where not known."""
    need = need_of(case)
    if need is None:
        return ""
    if case.found.refusal.cause is Cause.PERMISSION_DENIED:
        return ", ".join(map(str, need.entries))
    return ", ".join(map(str, lacking(case, need) or need.entries)) if need.grantable else ""
