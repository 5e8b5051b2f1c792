"""Causes, places and times in words for people; shared by all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.model import Cause

if TYPE_CHECKING:
    from datetime import datetime

    from failure_investigator.model import Diagnosis, Incident, Run
    from failure_investigator.render.context import Context

SHORT = {
    Cause.CREDENTIAL_MISSING: "no credential reached it",
    Cause.CREDENTIAL_INVALID: "the credential is not recognised",
    Cause.CREDENTIAL_EXPIRED: "the credential has expired",
    Cause.CREDENTIAL_MALFORMED: "the credential is malformed",
    Cause.FEDERATION_REJECTED: "the workflow's identity token is not accepted",
    Cause.PERMISSION_DENIED: "a right is missing",
    Cause.WORKFLOW_PERMISSIONS: "GITHUB_TOKEN lacks a permission",
    Cause.POLICY_BLOCKED: "a policy blocks the request",
    Cause.RATE_LIMITED: "too many requests",
    Cause.QUOTA_EXHAUSTED: "the quota is used up",
    Cause.UNCLASSIFIED: "refused, cause not clear",
}
LONG = {
    Cause.CREDENTIAL_MISSING: "No credential reached the service",
    Cause.CREDENTIAL_INVALID: "A credential was sent and not recognised",
    Cause.CREDENTIAL_EXPIRED: "The service says that the credential has expired",
    Cause.CREDENTIAL_MALFORMED: "The credential cannot be sent or read as it is (white space, newline, wrong scheme)",
    Cause.FEDERATION_REJECTED: "The identity token of the workflow (OIDC, trusted publishing) was not accepted",
    Cause.PERMISSION_DENIED: "The caller is known and lacks the right, scope or role",
    Cause.WORKFLOW_PERMISSIONS: "GITHUB_TOKEN lacks an entry under `permissions:`",
    Cause.POLICY_BLOCKED: "A policy stands between the workflow and the service",
    Cause.RATE_LIMITED: "The service throttles: it passes by itself",
    Cause.QUOTA_EXHAUSTED: "A hard quota, credit or billing limit is reached: waiting does not cure it",
    Cause.UNCLASSIFIED: "A refusal is certain, its cause is not in the log",
}
NAMES = {
    "credential_missing": "no credential sent",
    "credential_invalid": "credential invalid",
    "credential_expired": "credential expired",
    "credential_malformed": "credential malformed",
    "federation_rejected": "federation rejected",
    "permission_denied": "permission denied",
    "workflow_permissions": "workflow permission missing",
    "policy_blocked": "blocked by a policy",
    "rate_limited": "rate limit",
    "quota_exhausted": "quota exhausted",
    "unclassified": "unclassified",
}
BASES = {
    "documentation": "documentation",
    "client-source": "the source of a client",
    "observed": "a failure that somebody published",
    "": "nothing that was read: such a wording says that something was refused, never why",
}
STRIP = {"success": "🟩", "failure": "🟥", "timed_out": "🟥", "startup_failure": "🟥"}


def status(state: str, since: str, original: int = 0) -> str:
    """What a state means to the reader of an issue; nothing for one that is simply open."""
    return {
        "recovering": f"**Recovering** since {since}: the refused jobs succeed again.",
        "resolved": f"**Resolved** at {since}.",
        "dormant": f"**Dormant**: none of these workflows has run since {since}.",
        "abandoned": "**Closed**: nothing runs any more that could show a recovery.",
        "duplicate": f"**Duplicate** of #{original}.",
    }.get(state, "")


def elsewhere(repository: str, home: str) -> str:
    """A repository where it has to be named: it is another than the one that the issue lives in; '' where not."""
    return "" if repository.lower() == home.lower() else repository


def who(incident: Incident, home: str) -> str:
    """Whom an incident hits, on one line: the workflow, or how many repositories or workflows."""
    names = [workflow.name for workflow in incident.workflows]
    if len(incident.repositories) > 1:
        return f"{len(incident.repositories)} repositories"
    other = elsewhere(incident.repositories[0], home) if incident.repositories else ""
    told = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more" if names else "Workflows"
    return f"{told} in {other}" if other else told


def service_title(diagnosis: Diagnosis, context: Context) -> str:
    """The service as people call it: its title, else the host's domain, else what little is known."""
    service = context.services.get(diagnosis.service)
    if service is not None:
        return service.title
    return diagnosis.service if diagnosis.service != "unknown" else diagnosis.host or "a service"


def time(moment: datetime) -> str:
    """`2026-05-04 12:34`, UTC."""
    return f"{moment:%Y-%m-%d %H:%M}"


def duration(seconds: float) -> str:
    """`45s`, `9.5m` or `2.3h`."""
    if seconds < 60:
        return f"{seconds:.0f}s"
    return f"{seconds / 60:.1f}m" if seconds < 3600 else f"{seconds / 3600:.1f}h"


def square(run: Run) -> str:
    """A run in a strip."""
    return STRIP.get(run.conclusion, "⬜")
