"""A PEM block: whole, with its line breaks, private, and not damaged (https://www.rfc-editor.org/rfc/rfc7468)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.credentials.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.credentials.model import Subject

CHECK = "content"
_WHOLE = "Save the whole key file, from its BEGIN line to its END line, line breaks included."
_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_END = re.compile(r"-----END ([A-Z0-9 ]{1,40})-----")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def check_pem(core: str, subject: Subject) -> Iterator[Finding]:
    """What is wrong with a block; nothing is said of one that is whole."""
    begin, end = _BEGIN.search(core), _END.search(core)
    if not (begin and end and begin[1] == end[1] and begin.start() < end.start()):
        missing = "BEGIN" if not begin else "matching END"
        yield Finding(CHECK, "wrong", f"The key has no {missing} line: it was cut.", _WHOLE)
        return
    if subject.wants in {"pem", "json"} and "PRIVATE KEY" not in begin[1]:
        says = "The block is no private key (its BEGIN line says so): a public key or a certificate was saved."
        yield Finding(CHECK, "wrong", says, "Save the private key's file.")
    yield from _body(core[begin.end() : end.start()], begin[1])
    if subject.wants == "pem":
        yield from _for_ssh(subject.value.reveal())


def _body(body: str, label: str) -> Iterator[Finding]:
    if re.search(r"\\+[nr]", body):
        says = "Its line breaks are the two characters backslash and n: most programs cannot read the key."
        yield Finding(CHECK, "wrong", says, 'Save real line breaks, or turn them back: `printf "%b" "$KEY" > key.pem`.')
        return
    if "\n" not in body.strip("\r\n") and len(body) > 90 and not body.startswith(("\n", "\r\n")):
        yield Finding(CHECK, "wrong", "Its line breaks are gone: most programs cannot read the key.", _WHOLE)
        return
    if "ENCRYPTED" in label or "Proc-Type:" in body:
        says = "The key is encrypted with a passphrase: a job needs that too."
        yield Finding(
            CHECK, "suspicious", says, "Pass the passphrase in a secret of its own, or use a key without one."
        )
        return
    packed = re.sub(r"\s", "", body)
    if not _BASE64.fullmatch(packed) or len(packed) % 4:
        yield Finding(
            CHECK, "wrong", "What stands between BEGIN and END is damaged: a line is missing or changed.", _WHOLE
        )


def _for_ssh(text: str) -> Iterator[Finding]:
    if "\r" in text:
        says = "Its lines end as on Windows: ssh says `error in libcrypto` or `invalid format`."
        yield Finding(CHECK, "suspicious", says, "Save it with plain newlines.")
    elif not text.endswith("\n"):
        says = "Its last line has no line break: written to a file as it is, ssh may say `invalid format`."
        yield Finding(CHECK, "suspicious", says, 'Write it with one: `printf "%s\\n" "$KEY" > key`.')
