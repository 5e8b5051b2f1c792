"""The typical diagnosis: the wording, the service, its first credential, and nothing else."""

from __future__ import annotations

from failure_investigator.diagnose.typical import typical
from failure_investigator.model import Cause
from failure_investigator.signatures.rulebook import Credential, Service, Signature

ACME = Service("acme", "Acme", credentials=(Credential("ACME_KEY"), Credential("ACME_TOKEN")))
UNKNOWN_KEY = Signature(
    "acme/unknown-key", "acme", "Acme does not know the key", ("acme: unknown key",), 401, Cause.CREDENTIAL_INVALID,
    excludes={"credential_missing": "Acme quotes the key."}, hits=("acme: unknown key",),
)  # fmt: skip


def test_nothing_but_the_wording_is_evidence() -> None:
    """Cause, status and what is ruled out come from the signature."""
    found = typical(UNKNOWN_KEY, ACME)

    assert ("acme", 401, Cause.CREDENTIAL_INVALID, "certain") == (
        found.service,
        found.status,
        found.cause,
        found.confidence,
    )
    assert ["acme: unknown key"] == [fact.text for fact in found.evidence]
    assert [("credential_missing", "Acme quotes the key.")] == [(o.what, o.why) for o in found.alternatives]


def test_the_credential_is_the_one_that_clients_try_first() -> None:
    """None is named where nothing tells the service."""
    assert ("ACME_KEY", "") == (typical(UNKNOWN_KEY, ACME).credential, typical(UNKNOWN_KEY, None).credential)
