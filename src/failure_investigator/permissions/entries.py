"""Entries under `permissions:`, the sets of them that an operation needs, and what a job's token lacks of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS = ("none", "read", "write", "admin")
"""Each includes the ones before it."""
KEYS = {
    "actions": "write",
    "artifact-metadata": "write",
    "attestations": "write",
    "checks": "write",
    "contents": "write",
    "deployments": "write",
    "discussions": "write",
    "id-token": "write",
    "issues": "write",
    "models": "read",
    "packages": "write",
    "pages": "write",
    "pull-requests": "write",
    "repository-projects": "write",
    "security-events": "write",
    "statuses": "write",
    "vulnerability-alerts": "read",
}
"""The keys under `permissions:` and the most that each can grant
(https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions)."""
ALWAYS = "metadata"
"""Every installation token may read it, and no key names it."""
UNPRINTED = ("id-token",)
"""Granted, but never listed in the group of "Set up job": it is no right of the token itself."""
_PAIR = re.compile(r"([a-z][a-z0-9_-]{1,60})=(read|write|admin)")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One permission and how much of it: a key under `permissions:` where there is one (`pull-requests`), else the name
    of an App's or a fine-grained personal access token's permission (`administration`)."""

    name: str
    level: str

    @property
    def grantable(self) -> bool:
        """Whether a workflow's `permissions:` can give it to GITHUB_TOKEN."""
        return LEVELS.index(self.level) <= LEVELS.index(KEYS.get(self.name, "none"))

    def __str__(self) -> str:
        return f"{self.name}: {self.level}"

    def covers(self, other: Entry) -> bool:
        """The same permission, at this level or a lower one."""
        return self.name == other.name and LEVELS.index(self.level) >= LEVELS.index(other.level)


@dataclass(frozen=True, slots=True)
class Need:
    """What an operation needs: any one of `sets`, all entries of it; the one to suggest stands first. An empty set means
    that every token of an installation may do it."""

    sets: tuple[tuple[Entry, ...], ...]
    source: str = ""
    """The page of GitHub's documentation that says so."""
    installation: bool = True
    """False: no installation token, so no GITHUB_TOKEN either, is taken there, whatever its permissions."""
    note: str = ""
    """What the sets cannot say, as a sentence; or ''."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The set to suggest."""
        return self.sets[0] if self.sets else ()

    @property
    def grantable(self) -> bool:
        """Whether `permissions:` in the workflow file can give GITHUB_TOKEN what is needed: the set to suggest."""
        return self.installation and bool(self.sets) and all(entry.grantable for entry in self.entries)


def parse_accepted(header: str) -> Need | None:
    """The value of `X-Accepted-GitHub-Permissions`: sets are parted by `;` and any one of them is enough; a comma parts the
    permissions of a set, which are needed together. None if it names no permission. Source:
    https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible."""
    sets = tuple(dict.fromkeys(_set(part) for part in header.partition("\n")[0].lower().split(";") if "=" in part))
    found = tuple(one for one in sets if one is not None)
    return Need(_suggested_first(found), source=_HEADER) if found else None


_HEADER = "https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible"


def _set(text: str) -> tuple[Entry, ...] | None:
    """One comma-separated set; None if a part of it cannot be read, as half a set would be too little."""
    entries = []
    for part in text.split(","):
        match = _PAIR.fullmatch(part.strip().strip("\"'"))
        if match is None:
            return None
        entries.append(Entry(match[1].replace("_", "-") if _is_key(match[1]) else match[1], match[2]))
    return tuple(entry for entry in entries if entry.name != ALWAYS)


def _is_key(name: str) -> bool:
    return name.replace("_", "-") in KEYS


def _suggested_first(sets: tuple[tuple[Entry, ...], ...]) -> tuple[tuple[Entry, ...], ...]:
    """Sets that a workflow can grant before those that it cannot, small ones first, otherwise as GitHub orders them."""
    return tuple(sorted(sets, key=lambda one: (not all(entry.grantable for entry in one), len(one))))


def lacking(need: Need, printed: Mapping[str, str]) -> tuple[Entry, ...]:
    """What a token with the rights `printed` in "Set up job" (`PullRequests` → `read`) lacks: the smallest rest of any set
    of `need`, the one to suggest first where several are as small.

    () when it lacks nothing, and when nothing was printed, as then nothing is known. `id-token` is never printed, so its
    absence shows nothing; read of the metadata every token has.
    """
    if not printed:
        return ()
    held = {_plain(name): level.strip().lower() for name, level in printed.items()}
    rests = [tuple(entry for entry in one if not _held(entry, held)) for one in need.sets]
    return min(rests, key=len, default=())


def _held(entry: Entry, held: Mapping[str, str]) -> bool:
    level = held.get(_plain(entry.name), "none")
    return entry.name in UNPRINTED or (level in LEVELS and LEVELS.index(level) >= LEVELS.index(entry.level))


def printed_entries(printed: Mapping[str, str]) -> tuple[Entry, ...]:
    """The group of "Set up job" as entries of a `permissions:` block, sorted; what no key names is left out."""
    keys = {_plain(key): key for key in KEYS}
    found = [(keys.get(_plain(name), ""), level.strip().lower()) for name, level in printed.items()]
    return tuple(sorted(Entry(name, level) for name, level in found if name and level in ("read", "write")))


def _plain(name: str) -> str:
    """`PullRequests`, `Pull requests` and `pull-requests` are one permission."""
    return re.sub(r"[^a-z]", "", name.lower())
