"""Why a service refuses, and what follows from it for the identity of a fix (docs/design.md, "The causes")."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal


class Cause(StrEnum):
    """Why a service refused; docs/design.md, "The causes"."""

    CREDENTIAL_MISSING = "credential_missing"
    CREDENTIAL_INVALID = "credential_invalid"
    CREDENTIAL_EXPIRED = "credential_expired"
    CREDENTIAL_MALFORMED = "credential_malformed"
    FEDERATION_REJECTED = "federation_rejected"
    PERMISSION_DENIED = "permission_denied"
    WORKFLOW_PERMISSIONS = "workflow_permissions"
    POLICY_BLOCKED = "policy_blocked"
    RATE_LIMITED = "rate_limited"
    QUOTA_EXHAUSTED = "quota_exhausted"
    UNCLASSIFIED = "unclassified"

    @property
    def family(self) -> str:
        """The fingerprint's family: the four credential causes share one, so better evidence keeps the issue."""
        return _FAMILIES[self]

    @property
    def persistent(self) -> bool:
        """Whether it stays until somebody acts. Throttling passes by itself; unclassified is treated as it is seen."""
        return self is not Cause.RATE_LIMITED


_FAMILIES = {
    Cause.CREDENTIAL_MISSING: "credential",
    Cause.CREDENTIAL_INVALID: "credential",
    Cause.CREDENTIAL_EXPIRED: "credential",
    Cause.CREDENTIAL_MALFORMED: "credential",
    Cause.FEDERATION_REJECTED: "federation",
    Cause.PERMISSION_DENIED: "permission",
    Cause.WORKFLOW_PERMISSIONS: "workflow-permission",
    Cause.POLICY_BLOCKED: "policy",
    Cause.RATE_LIMITED: "throttle",
    Cause.QUOTA_EXHAUSTED: "quota",
    Cause.UNCLASSIFIED: "unclassified",
}

Confidence = Literal["certain", "likely", "possible"]
