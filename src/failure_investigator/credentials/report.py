"""The result for a person, for a program, and as an exit code; nothing of the value is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from failure_investigator.credentials.verdict import JUDGED, REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.credentials.model import Answer, Checked, Finding

_ROUTES = {"direct": "straight", "proxy": "through the proxy"}
_COMPARE = "to compare two places: the same value has the same fingerprint"


def as_json(checked: Checked) -> dict[str, Any]:
    """The documented shape: docs/check-credential.md."""
    return {
        "name": checked.name,
        "service": checked.service,
        "set": checked.set,
        "length": checked.length,
        "fingerprint": checked.fingerprint,
        "findings": [finding._asdict() for finding in checked.findings],
        "probe": [answer._asdict() for answer in checked.probe],
    }


def as_text(checked: Checked) -> str:
    """What is wrong first, then what is suspicious, then what is fine, then what the service said."""
    return "\n".join(_lines(checked)) + "\n"


def _lines(checked: Checked) -> Iterator[str]:
    yield f"{checked.name} · {checked.service or 'service not known'}"
    if checked.set:
        yield f"  {checked.length} character{'' if checked.length == 1 else 's'}"
    if checked.fingerprint:
        yield f"  {checked.fingerprint} ({_COMPARE})"
    for severity in ("wrong", "suspicious", "fine"):
        for finding in checked.findings:
            if finding.severity == severity:
                yield from _finding(finding)
    for answer in checked.probe:
        yield from _answer(answer)
    yield f"  {verdict(checked)}"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"  {finding.severity}: {finding.says}"
    if finding.do:
        yield f"    {finding.do}"


def _answer(answer: Answer) -> Iterator[str]:
    yield f"  asked {_ROUTES[answer.route]}: {answer.says}"
    if answer.layer:
        yield f"    answered by {answer.layer}"


def verdict(checked: Checked) -> str:
    """The whole in one sentence."""
    if is_wrong(checked):
        return "Result: something is wrong with it."
    if is_unreached(checked):
        return "Result: the service could not be asked; nothing is wrong with the look of it."
    asked = any(answer.outcome == "accepted" for answer in checked.probe)
    return f"Result: nothing is wrong with it{', and the service takes it' if asked else ' as far as one can see'}."


def is_wrong(checked: Checked) -> bool:
    """Whether a check or the service speaks against the credential."""
    found = any(finding.severity == "wrong" for finding in checked.findings)
    return found or any(answer.outcome in REFUSED for answer in checked.probe)


def is_unreached(checked: Checked) -> bool:
    """Whether the service was asked and no route led to an answer of its own."""
    return bool(checked.probe) and not any(answer.outcome in JUDGED for answer in checked.probe)
