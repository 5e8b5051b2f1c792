"""The kind that the public prefix tells: right, another service's, another variable's, cut, or known to do little."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.credentials.formats import formats_of
from failure_investigator.credentials.jwt import claims_of
from failure_investigator.credentials.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from failure_investigator.credentials.model import Subject
    from failure_investigator.credentials.table import Format
    from failure_investigator.signatures.rulebook import Service

CHECK = "format"
_SHORT = 12
_JOB_NAMES = frozenset({"GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_RUNTIME_TOKEN"})
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_OLD_GITHUB = re.compile(r"[0-9a-f]{40}")


def check_kind(subject: Subject, services: Mapping[str, Service]) -> Iterator[Finding]:
    """What the value is by its public prefix, and whether it belongs into this variable."""
    core = subject.core.reveal()
    found = formats_of(core, services)
    if found and not _belongs(found, subject):
        yield _foreign(found[0], subject)
    elif found:
        yield from _own(found[0], subject)
    elif subject.wants == "token":
        yield from _unknown(core, subject)


def _belongs(found: tuple[Format, ...], subject: Subject) -> bool:
    """Services without prefixes of their own may take what others make (an organisation's proxy, a compatible API)."""
    return subject.service is None or any(subject.service.id in each.services for each in found)


def _foreign(format_: Format, subject: Subject) -> Finding:
    says = f"It has the format of another service: {format_.owner} ({format_.prefix}…), {format_.kind}."
    do = f"Save {subject.owner}'s credential as {subject.name}, and revoke the other if it was sent to {subject.owner}."
    return Finding(CHECK, "wrong", says, do)


def _own(format_: Format, subject: Subject) -> Iterator[Finding]:
    expected = subject.prefixes
    core = subject.core.reveal()
    if format_.public and not any(format_.prefix.startswith(prefix) or prefix == "AKIA" for prefix in expected):
        says = f"It is {format_.kind}."
        yield Finding(CHECK, "wrong", says, f"Save the secret half as {subject.name}.")
    elif expected and not core.startswith(expected):
        says = f"{subject.name} has another format ({' or '.join(f'{each}…' for each in expected)}); this is {format_.kind}."
        yield Finding(CHECK, "suspicious", says, "Look whether the credential of another variable was saved.")
    elif format_.length > len(core):
        says = f"It has {len(core)} characters; {format_.owner}'s {format_.prefix}… has {format_.length}: it was cut."
        yield Finding(CHECK, "wrong", says, "Copy the whole value again.")
    elif format_.prefix == "ghs_" and subject.name.upper() not in _JOB_NAMES:
        do = "If it was stored as a secret, it has ended: make one in the job (actions/create-github-app-token)."
        yield Finding(CHECK, "suspicious", f"By its prefix it is {format_.kind}.", do)
    else:
        yield Finding(CHECK, format_.severity, f"By its prefix ({format_.prefix}…) it is {format_.kind}.", format_.do)


def _unknown(core: str, subject: Subject) -> Iterator[Finding]:
    id_ = subject.service.id if subject.service else ""
    if id_ == "npm" and _UUID.fullmatch(core):
        says = "It has the form of npm's classic tokens from before 2021; all classic tokens were revoked in December 2025."
        yield Finding(
            CHECK, "wrong", says, "Make a granular access token, or publish by trusted publishing without one."
        )
    elif id_ == "github" and _OLD_GITHUB.fullmatch(core):
        says = "It has the form of GitHub's tokens from before April 2021: old, if it is one."
        yield Finding(CHECK, "suspicious", says, "Make a new token; those since then begin with ghp_ or github_pat_.")
    elif subject.prefixes and not core.startswith(subject.prefixes) and claims_of(core) is None:
        shown = " or ".join(f"{each}…" for each in subject.prefixes)
        says = f"It does not begin as {subject.owner} documents it ({shown}): cut at its beginning, or something else."
        yield Finding(CHECK, "suspicious", says, "Copy it again from where it was made.")
    elif len(core) < _SHORT:
        says = f"It has {len(core)} characters: short for a token."
        yield Finding(CHECK, "suspicious", says, "Copy the whole value again.")
