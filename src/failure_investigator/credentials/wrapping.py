"""What is put around a value by accident: white space, quotes, the variable's name, a header's name, a scheme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from failure_investigator.credentials.characters import is_invisible
from failure_investigator.credentials.model import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from failure_investigator.credentials.model import Severity

_ROUNDS = 8
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»", "„": "“"}
_SCHEME = re.compile(r"(?i)(?:(bearer|token|basic|bot|apikey|jwt)[ \t]+(?=\S)|(bearer|basic)\Z)")
_HEADER = re.compile(
    r"(?i)(?!x-access-token:\S)(?:authorization|(?:x-)?api-key|private-token|x-[a-z-]{2,30})[ \t]*:[ \t]*(?=\S)"
)
_ASSIGNED = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]{2,60})[ \t]?(?:=|:[ \t])[ \t]*(?=[^\s=])")
_CREDENTIAL_NAME = re.compile(r"[A-Z0-9_]*(?:TOKEN|KEY|SECRET|PASSWORD|PAT|CREDENTIALS)")
_ENDS = (
    ("\r\n", "a Windows line end"),
    ("\n", "a newline"),
    ("\r", "a carriage return"),
    ("\t", "a tab"),
    (" ", "a blank"),
)
_STDIN = '`printf %s "$VALUE" | gh secret set {name}` adds nothing'


class Peeled(NamedTuple):
    """A value without what was around it, and what that was."""

    core: str
    findings: tuple[Finding, ...]


class _Step(NamedTuple):
    rest: str
    finding: Finding | None


def peel(name: str, text: str) -> Peeled:
    """The value inside; the same text with one `fine` finding when nothing is around it."""
    steps: tuple[Callable[[str, str], _Step | None], ...] = (_white, _assignment, _quotes, _header, _scheme, _escaped)
    findings: list[Finding] = []
    for _ in range(_ROUNDS):
        step = next((found for each in steps if (found := each(name, text)) is not None), None)
        if step is None:
            break
        text = step.rest
        if step.finding and step.finding not in findings:
            findings.append(step.finding)
    return Peeled(text, tuple(findings) or (Finding("wrapping", "fine", "Nothing was pasted around it."),))


def _white(name: str, text: str) -> _Step | None:
    """A document may end in a line break; nothing else may."""
    kept = text.strip("".join({char for char in text if char.isspace() or is_invisible(char)}))
    if kept == text:
        return None
    before, after = text[: text.index(kept)] if kept else text, text[text.index(kept) + len(kept) :] if kept else ""
    if kept.startswith(("{", "[", "-----BEGIN", "<?xml")) and not before.strip(" \t\r\n"):
        return _Step(kept, None)
    where = " and ".join(
        f"at its {end} ({_names(part)})" for end, part in (("beginning", before), ("end", after)) if part
    )
    says = f"White space stands {where}: it is sent along, or the client refuses to send it."
    do = f"Save the secret again without it; {_STDIN.format(name=name)}, `echo` adds a newline."
    return _Step(kept, Finding("white-space", "wrong", says, do))


def _names(part: str) -> str:
    found = []
    for end, called in _ENDS:
        if end in part:
            found.append(called)
            part = part.replace(end, "")
    return ", ".join([*found, *(["an invisible character"] if part else [])])


def _assignment(name: str, text: str) -> _Step | None:
    found = _ASSIGNED.match(text)
    if not found:
        return None
    if found[1].upper() != name.upper() and not _CREDENTIAL_NAME.fullmatch(found[1]):
        return None
    says = "A variable's name and the sign after it stand in the value: a whole line of an .env file was saved."
    return _Step(text[found.end() :], Finding("name-inside", "wrong", says, "Save only what follows the sign."))


def _quotes(_: str, text: str) -> _Step | None:
    if len(text) < 2 or text[0] not in _QUOTES:
        return None
    if text[-1] != _QUOTES[text[0]]:
        return None
    says = "Quotation marks stand around it: a shell takes them off, the form for secrets and `env:` files do not."
    return _Step(text[1:-1], Finding("quotes", "wrong", says, "Save the value without its quotation marks."))


def _header(_: str, text: str) -> _Step | None:
    found = _HEADER.match(text)
    if not found:
        return None
    says = "A header's name stands in front of it: the client writes that itself."
    return _Step(text[found.end() :], Finding("header-inside", "wrong", says, "Save only the credential."))


def _scheme(name: str, text: str) -> _Step | None:
    found = _SCHEME.match(text)
    if not found:
        return None
    severity: Severity = "suspicious" if "HEADER" in name.upper() else "wrong"
    says = (
        "A scheme (Bearer, Basic, token …) stands in front of it: the client writes that itself, so it is sent twice."
    )
    do = "Save only what follows that word."
    return _Step(text[found.end() :], Finding("scheme", severity, says, do))


def _escaped(name: str, text: str) -> _Step | None:
    """A line break that a JSON string or a script left as two characters."""
    found = re.search(r"(?:\\[nr])+\Z", text)
    if not found or text.startswith(("{", "[", "-----BEGIN")):
        return None
    says = "It ends in a backslash and a letter that once meant a line break."
    do = f"Save it without them; {_STDIN.format(name=name)}."
    return _Step(text[: found.start()], Finding("white-space", "wrong", says, do))
