"""Kinds of GitHub tokens, told by their public prefix, and where each is given a permission.

Prefixes: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Family = Literal["installation", "classic", "fine-grained", "app user", "none"]


class Kind(NamedTuple):
    """A kind of token."""

    family: Family
    says: str
    usable: bool = True


_KINDS = (
    ("ghs_", Kind("installation", "an installation token: GITHUB_TOKEN, or a GitHub App's")),
    ("github_pat_", Kind("fine-grained", "a fine-grained personal access token")),
    ("ghp_", Kind("classic", "a classic personal access token")),
    ("gho_", Kind("classic", "an OAuth token, such as that of the gh command")),
    ("ghu_", Kind("app user", "a GitHub App's token for a user")),
    ("ghr_", Kind("none", "a refresh token, which the API does not take", usable=False)),
    ("eyJ", Kind("none", "a JWT, which only asks for an App's tokens", usable=False)),
    ("-----BEGIN", Kind("none", "a private key, which only asks for an App's tokens", usable=False)),
)
_OLD = re.compile(r"[0-9a-f]{40}")
_SCOPES = {"actions": "repo", "contents": "repo", "issues": "repo"}


def kind_of(token: str) -> Kind:
    """The kind of a token; nothing of its value is in the answer."""
    for prefix, kind in _KINDS:
        if token.startswith(prefix):
            return kind
    if _OLD.fullmatch(token):
        return Kind("classic", "a token in the form of before April 2021")
    return Kind("none", "a token of an unknown form")


class Grant(NamedTuple):
    """Where a permission is given: a sentence and, where there is one, the line to paste."""

    do: str
    add: str


def grant(kind: Kind, name: str, level: str) -> Grant:
    """How a token of this kind gets a permission, e.g. `issues` and `write`."""
    if kind.family == "installation":
        return Grant(
            "Add it under `permissions:` of the job (or to the App's repository permissions)", f"{name}: {level}"
        )
    if kind.family == "classic":
        return Grant(
            f"Give the token the scope {_SCOPES.get(name, 'repo')}, or use the job's GITHUB_TOKEN with it",
            f"{name}: {level}",
        )
    shown = {"read": "Read-only", "write": "Read and write"}[level]
    return Grant(
        f"Give the token the repository permission {name.replace('-', ' ').capitalize()}: {shown}, "
        "or use the job's GITHUB_TOKEN with it",
        f"{name}: {level}",
    )
