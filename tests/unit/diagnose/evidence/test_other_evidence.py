"""Other uses, the secret's metadata, limits in the same minutes, the variable that the client reads, and who answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.diagnose.cases import case, found
from tests.unit.factory import make_run

from failure_investigator.diagnose.diagnosis import weigh
from failure_investigator.diagnose.evidence import environment, other_uses, secret_metadata, target, throttled
from failure_investigator.model import Cause, Surroundings, Use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from failure_investigator.model import Evidence

GOOD, BAD, LATER = make_run(1, "success"), make_run(4), make_run(6, "success")
JUDGED = {Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_MISSING}


def one(facts: Iterable[Evidence]) -> Evidence:
    """The only fact."""
    [fact] = facts
    return fact


def test_a_later_success_of_the_same_credential_speaks_against_judging_it() -> None:
    """It was there, known and not expired."""
    around = Surroundings(first_bad=BAD, uses=(Use(LATER, "deploy", succeeded=True),))
    fact = one(other_uses.gather(case(Cause.CREDENTIAL_EXPIRED, around=around)))

    assert JUDGED == fact.excludes
    assert (LATER.url, "other_uses") == (fact.url, fact.kind)


def test_a_secret_that_was_set_in_between_makes_the_success_say_nothing() -> None:
    """The new value works, the old one may have expired."""
    around = Surroundings(
        first_bad=BAD,
        uses=(Use(LATER, "deploy", succeeded=True),),
        secrets={"ACME_KEY": BAD.started_at + timedelta(minutes=5)},
    )

    assert frozenset() == one(other_uses.gather(case(around=around))).excludes


def test_a_use_that_failed_or_none_at_all_is_no_evidence() -> None:
    """Absence proves nothing."""
    assert [] == list(other_uses.gather(case()))
    assert [] == list(
        other_uses.gather(case(around=Surroundings(first_bad=BAD, uses=(Use(LATER, "x", succeeded=False),))))
    )


@pytest.mark.parametrize(
    ("moment", "says", "supports"),
    [
        (GOOD.started_at - timedelta(days=90), "90 days before the first refusal", set()),
        (
            GOOD.started_at + timedelta(hours=1),
            "between the last good run and the first refusal",
            {Cause.CREDENTIAL_INVALID},
        ),
        (BAD.started_at + timedelta(hours=1), "after the first refusal", set()),
    ],
)
def test_when_the_secret_was_set_is_told_as_seen_from_the_onset(
    moment: object, says: str, supports: set[Cause]
) -> None:
    """Set between good and bad: the new value is what is wrong."""
    around = Surroundings(first_bad=BAD, last_good=GOOD, secrets={"ACME_KEY": moment})  # type: ignore[dict-item]
    fact = one(secret_metadata.gather(case(env={"ACME_KEY": "***"}, around=around)))

    assert says in fact.says
    assert supports == fact.supports


def test_a_secret_that_does_not_exist_was_not_sent() -> None:
    """Names are known, this one is not among them."""
    around = Surroundings(first_bad=BAD, secrets={})

    assert {Cause.CREDENTIAL_MISSING} == one(secret_metadata.gather(case(env={"ACME_KEY": ""}, around=around))).supports
    assert [] == list(secret_metadata.gather(case(env={"ACME_KEY": ""}, around=Surroundings(first_bad=BAD))))


def test_a_limit_in_the_same_step_takes_rotation_off_the_table() -> None:
    """An aged key that was a usage limit: a client's bare 401 gives way to the limit."""
    bare = case(Cause.CREDENTIAL_INVALID, generic=True)
    limit = found(Cause.RATE_LIMITED, 5, status=429, section=bare.found.section)
    fact = one(throttled.gather(replace(bare, others=(limit,))))

    assert {Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED} == fact.excludes
    assert {Cause.RATE_LIMITED} == fact.supports
    assert weigh(replace(bare, others=(limit,))).cause is Cause.RATE_LIMITED


def test_a_limit_elsewhere_says_nothing() -> None:
    """In another step, of another service, or as the refusal itself."""
    there = case(Cause.CREDENTIAL_INVALID, generic=True)
    other = found(Cause.RATE_LIMITED, 5, status=429, section=there.found.section, service="other")

    assert [] == list(throttled.gather(replace(there, others=(found(Cause.RATE_LIMITED, 5), other))))
    assert [] == list(throttled.gather(case(Cause.RATE_LIMITED)))


def test_the_variable_that_the_client_reads_is_not_the_one_that_is_set() -> None:
    """Two names of one service."""
    fact = one(environment.gather(case(Cause.CREDENTIAL_MISSING, credential="ACME_TOKEN", env={"ACME_KEY": "***"})))

    assert fact.says.startswith("The client reads `ACME_TOKEN`, which the step does not set; it sets `ACME_KEY`")
    assert Cause.CREDENTIAL_INVALID in fact.excludes


def test_an_empty_variable_excludes_that_it_is_wrong() -> None:
    """Nothing could be sent."""
    fact = one(environment.gather(case(env={"ACME_KEY": ""})))

    assert {Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_MALFORMED} == fact.excludes


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("api.acme.test", "the service's public host"),
        ("eu.acme.cloud", "the service's public host"),
        ("acme.corp.test", "not the service's usual host"),
        ("172.30.0.30", "a gateway or sidecar"),
        ("localhost:8080", "a gateway or sidecar"),
    ],
)
def test_whom_the_request_reached_is_told(host: str, says: str) -> None:
    """Public host, somebody else's, or something in between."""
    assert says in one(target.gather(case(host=host))).says


@pytest.mark.parametrize(
    ("line", "says", "supports"),
    [
        ("< server: squid/5.7", "A proxy on the way answered", {Cause.POLICY_BLOCKED}),
        ('"via": "1.1 zscaler.corp"', "A proxy on the way answered", {Cause.POLICY_BLOCKED}),
        ("cf-ray: 8f0a-FRA", "a layer before the service", set()),
        ("  server: istio-envoy", "a layer before the service", set()),
    ],
)
def test_the_layer_that_signed_the_answer_is_told(line: str, says: str, supports: set[Cause]) -> None:
    """A gateway's 401 is not the API's."""
    fact = one(target.gather(case(window=("HTTP/1.1 401 Unauthorized", line))))

    assert says in fact.says
    assert supports == fact.supports


def test_a_services_own_server_header_is_no_layer() -> None:
    """GitHub.com signs its own answers; so does Cloudflare's API."""
    assert [] == list(target.gather(case(window=("server: github.com", "server: nginx"))))
    assert [] == list(target.gather(case(service="cloudflare", window=("cf-ray: 8f0a-FRA",))))
