"""The diagnosis: wording first, vetoes before votes, evidence with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from failure_investigator.logs.look import look_at
from failure_investigator.model import Cause
from failure_investigator.reading import read_log
from failure_investigator.signatures.rulebook import Credential, Rulebook, Service, Signature
from failure_investigator.signatures.scanner import make_scanner

if TYPE_CHECKING:
    from failure_investigator.model import Diagnosis, Run

ACME = Service(
    "acme", "Acme", ("api.acme.test",), clues=("acme-cli",), credentials=(Credential("ACME_KEY"), Credential("ACME_TOKEN")),
    console="https://acme.test/keys",
)  # fmt: skip


def signature(name: str, match: str, cause: Cause, service: str = "acme", **more: Any) -> Signature:
    """A signature of the test's own library."""
    return Signature(name, service, name.rpartition("/")[2], (match,), 401, cause, **more)


BOOK = Rulebook(
    {"acme": ACME},
    {
        s.name: s
        for s in (
            signature("acme/unknown-key", "acme does not know the key", Cause.CREDENTIAL_INVALID),
            signature(
                "acme/no-key", "acme got no key", Cause.CREDENTIAL_MISSING, excludes={"credential_expired": "none came"}
            ),
            signature("acme/refused", "acme says no", Cause.UNCLASSIFIED, yields_to=("acme/unknown-key",)),
            signature("http/status", "status code 401", Cause.UNCLASSIFIED, "unknown"),
        )
    },
)
SCANNER = make_scanner(BOOK)


def diagnosed(*lines: str, run: Run | None = None) -> Diagnosis | None:
    """The diagnosis of a failed step that printed these lines; those with two blanks in front are its `env:`."""
    env = [line for line in lines if line.startswith("  ")]
    said = [line for line in lines if not line.startswith("  ")]
    text = ["##[group]Run ./go", "shell: bash", *(["env:", *env] if env else []), "##[endgroup]", *said]
    [reading] = read_log(look_at("\n".join(text).encode(), SCANNER), SCANNER, run=run)
    return reading.diagnosis


def test_nothing_found_is_no_diagnosis() -> None:
    """An honest nothing."""
    assert diagnosed("all fine") is None


def test_the_services_own_wording_makes_a_cause_certain() -> None:
    """With the line it stands on."""
    found = diagnosed("acme does not know the key")

    assert found is not None
    assert (Cause.CREDENTIAL_INVALID, "certain", "acme") == (found.cause, found.confidence, found.service)
    assert [(4, "acme does not know the key")] == [(f.place.line, f.text) for f in found.evidence if f.place]


def test_a_masked_variable_names_the_credential_in_the_order_of_the_service_file() -> None:
    """The other one that is set is an alternative."""
    found = diagnosed("  ACME_TOKEN: ***", "  ACME_KEY: ***", "acme got no key")

    assert found is not None
    assert found.credential == "ACME_KEY"
    assert ["ACME_TOKEN"] == [other.what for other in found.alternatives if not other.excluded]
    assert any("set and masked" in fact.says and "lost between" in fact.says for fact in found.evidence)


def test_an_empty_variable_settles_a_bare_401_as_missing() -> None:
    """Wording that leaves the cause open, evidence that closes it."""
    found = diagnosed("  ACME_KEY: ", "GET https://api.acme.test/v1 failed: status code 401")

    assert found is not None
    assert (Cause.CREDENTIAL_MISSING, "likely", "acme") == (found.cause, found.confidence, found.service)


def test_an_empty_variable_vetoes_a_wording_that_blames_the_key() -> None:
    """Nothing was sent, so nothing was judged; the vetoed cause is told with the reason."""
    found = diagnosed("  ACME_KEY: ", "acme does not know the key")

    assert found is not None
    assert found.cause is Cause.CREDENTIAL_MISSING
    assert ["credential_invalid"] == [o.what for o in found.alternatives if o.excluded and "empty" in o.why][:1]


def test_what_the_wording_rules_out_is_told_with_its_reason() -> None:
    """Beside the cause."""
    found = diagnosed("acme got no key")

    assert found is not None
    assert ("credential_expired", "none came") in [(other.what, other.why) for other in found.alternatives]


def test_a_bare_401_of_nobody_is_unclassified() -> None:
    """A guess is worse than none."""
    found = diagnosed("status code 401")

    assert found is not None
    assert (Cause.UNCLASSIFIED, "possible", "unknown") == (found.cause, found.confidence, found.service)


def test_what_stands_together_is_one_refusal_and_the_one_that_says_most_wins() -> None:
    """A yielding signature and a client's wording beside the service's own."""
    found = diagnosed("acme says no", "acme does not know the key", "status code 401")

    assert found is not None
    assert found.signature == "acme/unknown-key"


def test_the_last_refusal_alive_wins_over_an_earlier_scary_line() -> None:
    """The step survived the first."""
    found = diagnosed("acme does not know the key", *["working"] * 40, "acme got no key")

    assert found is not None
    assert found.signature == "acme/no-key"


def test_a_last_line_that_says_little_takes_the_cause_from_the_same_refusal_before_it() -> None:
    """The last line often hides the refusal."""
    found = diagnosed("acme does not know the key", *["retrying"] * 40, "status code 401")

    assert found is not None
    assert found.signature == "acme/unknown-key"


def test_repeated_refusals_are_counted_as_retries() -> None:
    """Time that was spent on what waiting cannot cure."""
    found = diagnosed(*["acme got no key"] * 5)

    assert found is not None
    assert found.retries == 4


def test_every_remedy_is_filled_and_none_shows_a_placeholder() -> None:
    """Whatever is known or not."""
    for lines in (["acme does not know the key"], ["  ACME_KEY: ***", "acme got no key"], ["status code 401"]):
        found = diagnosed(*lines)
        assert found is not None
        text = " ".join([*found.remedy, *found.do_not]).replace("${{ secrets.NAME }}", "")
        assert ("{" in text, found.remedy == (), found.do_not == ()) == (False, False, False)
