"""Which refusal a job failed of: the last one alive, and of those that stand together the one that says most."""

from __future__ import annotations

from failure_investigator.diagnose.case import Found
from failure_investigator.diagnose.choose import choose
from failure_investigator.model import Cause, Place, Refusal
from failure_investigator.signatures.rulebook import Signature


def found(
    line: int, cause: Cause = Cause.UNCLASSIFIED, service: str = "unknown", status: int = 401, **more: object
) -> Found:
    """A decisive refusal on a line; a client's wording where the signature's service is not told."""
    values = {"generic": "unknown", "host": "", "yields_to": (), "decisive": True} | more
    signature = Signature(
        f"x/{line}", str(values["generic"]), "said no", (), status, cause, yields_to=tuple(values["yields_to"])  # type: ignore[arg-type]
    )  # fmt: skip
    refusal = Refusal(
        signature.name,
        service,
        status,
        cause,
        Place(line),
        "no",
        str(values["host"]),
        decisive=bool(values["decisive"]),
    )
    return Found(refusal, signature, line * 100, None)


def chosen(*entries: Found) -> tuple[int, str, str]:
    """(line, service, host) of the deciding refusal."""
    decided = choose(entries)
    assert decided is not None
    refusal = decided[0].refusal
    return refusal.place.line, refusal.service, refusal.host


def test_nothing_decisive_decides_nothing() -> None:
    """A demoted refusal is none."""
    assert choose([found(1, decisive=False)]) is None


def test_the_last_one_alive_wins_over_the_first() -> None:
    """What was refused long before did not end the step."""
    assert chosen(found(1, Cause.RATE_LIMITED, "acme"), found(90, Cause.CREDENTIAL_INVALID, "octo"))[0] == 90


def test_of_those_that_stand_together_the_settled_one_of_a_known_service_wins() -> None:
    """A client's bare status line adds nothing to it."""
    own = found(5, Cause.CREDENTIAL_INVALID, "acme", generic="acme")

    assert chosen(own, found(7, service="acme"))[0] == 5


def test_one_that_yields_gives_way_whatever_it_says() -> None:
    """Precedence is a field, not the order."""
    special = found(5, service="acme", generic="acme")
    general = found(6, Cause.CREDENTIAL_INVALID, "acme", generic="acme", yields_to=("x/5",))

    assert chosen(special, general)[0] == 5


def test_who_refused_is_told_by_the_nearest_refusal_of_the_same_status() -> None:
    """The cause stands on one line, the address on another."""
    settled = found(12, Cause.CREDENTIAL_INVALID)
    near = found(10, service="octo.example", host="api.octo.example")
    far = found(2, service="far.example", host="far.example")
    other = found(11, service="other.example", status=429)

    assert chosen(far, near, other, settled) == (12, "octo.example", "api.octo.example")
    assert chosen(found(1, service="far.example"), found(80, Cause.CREDENTIAL_INVALID, "unknown"))[0:2] == (
        80,
        "unknown",
    )
