"""What to do and what not: holes are filled in words that read, and nothing is forbidden twice."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.factory import make_run

from failure_investigator.diagnose.case import Case, Found
from failure_investigator.diagnose.remedies import do_not, remedy
from failure_investigator.logs.jobs import JobText
from failure_investigator.model import Cause, Place, Refusal
from failure_investigator.signatures.rulebook import Service, Signature

DENIED = Cause.PERMISSION_DENIED
ACME = Service("acme", "Acme", console="https://acme.test/keys")


def case(signature: Signature, service: Service | None = ACME, **said: Any) -> Case:
    """A refusal that says these things, in a run."""
    refusal = Refusal(signature.name, "acme", 403, DENIED, Place(1), "acme said no", **said)
    job = JobText("", 0, 0, (), whole=False, failed=None)
    return Case(Found(refusal, signature, 0, None), (), service, job, make_run())


def signature(*steps: str, do_not: tuple[str, ...] = ()) -> Signature:
    """A wording with steps of its own."""
    return Signature("acme/no", "acme", "Acme refused", ("x",), 403, DENIED, remedy=steps, do_not=do_not)


@pytest.mark.parametrize(
    ("step", "known", "unknown"),
    [
        ("Give `{right}` to `{identity}`.", "Give `keys:read` to `robot-7`.", "Give the missing right to the calling identity."),
        ("Needs ({right}).", "Needs (keys:read).", "Needs (see the lines above)."),
        ("Store it as {credential}.", "Store it as `ACME_KEY`.", "Store it as the credential."),
        ("`acme can-i --as {identity}`", "`acme can-i --as robot-7`", "`acme can-i --as IDENTITY`"),
        ("Log in to `{host}` at {title}.", "Log in to `api.acme.test` at Acme.", "Log in to the host at Acme."),
        ("`${{ secrets.NAME }}` {unheard-of}", "`${{ secrets.NAME }}` {unheard-of}", "`${{ secrets.NAME }}` {unheard-of}"),
    ],
)  # fmt: skip
def test_a_hole_is_filled_with_the_value_or_with_words(step: str, known: str, unknown: str) -> None:
    """What is not known stands as words, not as code; inside a command it is a name in capitals."""
    said: dict[str, Any] = {"right": "keys:read", "identity": "robot-7", "host": "api.acme.test"}

    assert known == remedy(case(signature(step), **said), DENIED, "ACME_KEY")[0]
    assert unknown == remedy(case(signature(step)), DENIED, "")[0]


def test_what_is_not_plain_is_not_put_in() -> None:
    """Outside text that could be Markdown stays out."""
    hostile = case(signature("Give `{right}`."), right="`x` <b>")

    assert remedy(hostile, DENIED, "")[0] == "Give the missing right."


def test_the_steps_are_the_wordings_own_then_the_services_then_the_general_ones() -> None:
    """Each once."""
    service = Service("acme", "Acme", remedies={DENIED: ("Ask Acme.", "Do this.")})
    told = remedy(case(signature("Do this."), service), DENIED, "K")

    assert ("Do this.", "Ask Acme.") == told[:2]
    assert len(set(told)) == len(told) == 4


def test_what_is_forbidden_in_particular_is_not_forbidden_in_general_again() -> None:
    """The most special reason stays, and all reasons of one source."""
    service = Service("acme", "Acme", do_not={DENIED: ("Do not rotate it: Acme says so.", "Do not retry: it stays.")})
    special = signature(do_not=("Do not rotate the key: known.", "Do not rotate the role: known."))

    assert do_not(case(special, service), DENIED, "K") == (
        "Do not rotate the key: known.",
        "Do not rotate the role: known.",
        "Do not retry: it stays.",
    )
