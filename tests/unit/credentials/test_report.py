from __future__ import annotations

import pytest

from failure_investigator.credentials.model import Answer, Checked, Finding, Severity
from failure_investigator.credentials.report import as_json, as_text, is_unreached, is_wrong, verdict


def checked(*severities: Severity, outcomes: tuple[str, ...] = ()) -> Checked:
    """A result with these findings and answers."""
    findings = tuple(Finding(f"check-{severity}", severity, f"It is {severity}.", "Do so.") for severity in severities)
    answers = tuple(Answer("direct", outcome, 200, "the service", f"200: {outcome}.") for outcome in outcomes)
    return Checked("A_TOKEN", "acme", True, 40, "ac_…9f", findings, answers)


def test_the_text_tells_what_is_wrong_first() -> None:
    """Then what is suspicious, what is fine, what the service said, and the whole."""
    expected = """\
A_TOKEN · acme
  40 characters
  ac_…9f (to compare two places: the same value has the same fingerprint)
  wrong: It is wrong.
    Do so.
  suspicious: It is suspicious.
    Do so.
  fine: It is fine.
    Do so.
  asked straight: 200: accepted.
    answered by the service
  Result: something is wrong with it.
"""
    assert expected == as_text(checked("fine", "suspicious", "wrong", outcomes=("accepted",)))


def test_the_json_has_the_documented_keys() -> None:
    """And no others."""
    data = as_json(checked("fine", outcomes=("accepted",)))

    assert ["name", "service", "set", "length", "fingerprint", "findings", "probe"] == list(data)
    assert ["check", "severity", "says", "do"] == list(data["findings"][0])
    assert ["route", "outcome", "status", "layer", "says"] == list(data["probe"][0])


@pytest.mark.parametrize(
    ("severity", "outcomes", "wrong", "unreached", "says"),
    [
        ("fine", (), False, False, "as far as one can see"),
        ("suspicious", (), False, False, "as far as one can see"),
        ("wrong", (), True, False, "something is wrong"),
        ("fine", ("accepted",), False, False, "and the service takes it"),
        ("fine", ("unauthorized",), True, False, "something is wrong"),
        ("fine", ("throttled",), False, False, "as far as one can see"),
        ("fine", ("timeout",), False, True, "could not be asked"),
        ("fine", ("timeout", "accepted"), False, False, "and the service takes it"),
        ("fine", ("timeout", "forbidden"), True, False, "something is wrong"),
        ("wrong", ("timeout",), True, True, "something is wrong"),
    ],
)
def test_findings_and_answers_make_one_verdict(
    severity: Severity,
    outcomes: tuple[str, ...],
    wrong: bool,  # noqa: FBT001
    unreached: bool,  # noqa: FBT001
    says: str,
) -> None:
    """Wrong wins; one answer of the service itself is enough."""
    found = checked(severity, outcomes=outcomes)

    assert (wrong, unreached, True) == (is_wrong(found), is_unreached(found), says in verdict(found))
