"""What kind of text a value is, and whether that kind is wanted: JSON, PEM, an address, a path, a public key."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from failure_investigator.credentials.encoded import decoded
from failure_investigator.credentials.model import Finding
from failure_investigator.credentials.pem import check_pem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.credentials.model import Subject

CHECK = "content"
_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}://\S", re.IGNORECASE)
_PATH = re.compile(r"(?:~|\.{1,2}|[A-Za-z]:)?[/\\][^\s=]{1,200}\.(?:json|pem|key|txt|p8|p12|pfx|env|ya?ml|cer|crt)\Z")
_PUBLIC = re.compile(r"(?:sk-)?(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S{1,40})(?:@openssh\.com)? AAAA")
_FIELDS = {
    "service_account": ("client_email", "private_key", "token_uri"),
    "authorized_user": ("client_id", "client_secret", "refresh_token"),
    "external_account": ("audience", "token_url", "credential_source"),
}
"""https://google.aip.dev/auth: what each kind of Google's credential files holds."""
_AZURE = ("clientId", "clientSecret", "tenantId", "subscriptionId")
"""https://github.com/Azure/login#login-with-a-service-principal-secret."""
_WANTED = {
    "token": "a token",
    "json": "a JSON document",
    "pem": "a private key (PEM)",
    "url": "an address (URL)",
    "path": "the path of a file",
}
_ADVICE = {
    "token": "Save the token alone.",
    "json": "Save the whole file as it was downloaded, from `{` to `}`.",
    "pem": "Save the whole key file, from its BEGIN line to its END line.",
    "url": "Save the whole address as the service shows it.",
    "path": "Write the document to a file in a step and give its path, or use the login action, which does so.",
}


def check_documents(subject: Subject) -> Iterator[Finding]:
    """Whether the value is of the kind that the variable's clients expect, and whole if it is a document."""
    core = subject.core.reveal()
    kind, found = _read(core, subject)
    yield from found
    if subject.wants == "any":
        return
    wanted = _WANTED[subject.wants]
    if kind == subject.wants or (kind, subject.wants) == ("text", "token"):
        yield from [] if found else [Finding(CHECK, "fine", f"It has the form of {wanted}.")]
    elif not (kind == "text" and (subject.wants == "path" or decoded(core))):  # base64 is judged in `encoded.py`
        says = f"It is {_called(kind)}; clients expect {wanted} in {subject.name}."
        yield Finding(CHECK, "suspicious" if subject.wants == "path" else "wrong", says, _ADVICE[subject.wants])


def _called(kind: str) -> str:
    return {**_WANTED, "public-key": "a public key", "text": "a line of text"}[kind]


def _read(core: str, subject: Subject) -> tuple[str, list[Finding]]:
    """The kind of text, and what is wrong with it as that kind."""
    if core.startswith(("{", "[{")):
        return "json", list(_json(core, subject))
    if "-----BEGIN" in core or "-----END" in core:
        return "pem", list(check_pem(core, subject))
    if _PUBLIC.match(core):
        says = "It is the public half of an SSH key; a login needs the private half."
        return "public-key", [Finding(CHECK, "wrong", says, "Save the file without `.pub` at the end of its name.")]
    if _URL.match(core):
        return "url", list(_address(core, subject))
    return ("path", []) if _PATH.match(core) else ("text", [])


def _address(core: str, subject: Subject) -> Iterator[Finding]:
    if re.match(r"[^/?#]*//[^/?#\s]*:[^/?#\s]*@", core) and subject.wants == "url":
        says = "User and password stand in the address: many clients drop them, and logs show addresses."
        yield Finding(CHECK, "suspicious", says, "Give them to the client by variables of their own.")


def _json(core: str, subject: Subject) -> Iterator[Finding]:
    try:
        data = json.loads(core)
    except (ValueError, RecursionError) as error:
        yield _broken(core, getattr(error, "lineno", 1))
        return
    if "***" in core:
        says = "It holds `***`: it was copied from a log, where the real text had been masked."
        yield Finding(CHECK, "wrong", says, "Save the file from where it was made.")
    if isinstance(data, dict):
        yield from _fields(data, subject)


def _broken(core: str, line: int) -> Finding:
    if re.match(r'\[?\{\s*\\+"', core):
        says = "It is JSON inside a string: every quotation mark has a backslash in front."
        return Finding(CHECK, "wrong", says, "Save the file itself, not a string literal of it.")
    if not core.rstrip().endswith(("}", "]")):
        says = f"It begins like JSON and does not end so (it breaks off in line {line}): it was cut."
    else:
        says = f"It looks like JSON and cannot be read (line {line}): a line break inside a string, or a mark too many."
    return Finding(CHECK, "wrong", says, _ADVICE["json"])


def _fields(data: dict[str, Any], subject: Subject) -> Iterator[Finding]:
    kind = data.get("type") if isinstance(data.get("type"), str) else ""
    needed = _FIELDS.get(str(kind), _AZURE if subject.service and subject.service.id == "azure" else ())
    missing = [field for field in needed if not data.get(field)]
    if missing:
        yield Finding(CHECK, "wrong", f"The document has no {', '.join(missing)}.", _ADVICE["json"])
    key = data.get("private_key")
    if kind == "service_account" and isinstance(key, str):
        yield from (finding for finding in check_pem(key, subject) if finding.severity == "wrong")
