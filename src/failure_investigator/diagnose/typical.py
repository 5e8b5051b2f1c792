"""The typical diagnosis: what an issue says of a refusal of which nothing but its wording is known.

No step, no environment and no run stand around it; the credential is the one that clients of the service try first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.diagnose.case import Case, Found
from failure_investigator.diagnose.diagnosis import weigh
from failure_investigator.logs.jobs import JobText
from failure_investigator.model import Place, Refusal

if TYPE_CHECKING:
    from failure_investigator.model import Diagnosis
    from failure_investigator.signatures.rulebook import Service, Signature


def typical(signature: Signature, service: Service | None) -> Diagnosis:
    """The diagnosis of the signature's wording at a service; None for a service that nothing tells."""
    first = service.credentials[0].name if service and service.credentials else ""
    refusal = Refusal(
        signature=signature.name,
        service=service.id if service else signature.service,
        status=signature.status,
        cause=signature.cause,
        place=Place(1),
        text=signature.hits[0] if signature.hits else "",
        credential=first,
    )
    job = JobText(name="", start=0, end=0, sections=(), whole=False, failed=None)
    return weigh(Case(Found(refusal, signature, 0, None), (), service, job))
