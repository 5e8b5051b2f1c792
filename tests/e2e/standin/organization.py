"""Many repositories beside each other: an organisation (or a person) whose worlds share tokens, clock and rate limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from failure_investigator.model import Repository
from tests.e2e.standin import payloads
from tests.e2e.standin.answers import Answer, Refused, Request, page
from tests.e2e.standin.world import Fault, Token, World

if TYPE_CHECKING:
    from datetime import datetime

_IDS = 1_000_000
"""Run ids between one world and the next."""


@dataclass
class Organization:
    """What the stand-in answers from, when it is more than one repository."""

    login: str
    now: datetime
    kind: str = "Organization"
    """Or `User`."""
    worlds: dict[str, World] = field(default_factory=dict)
    """By the repository's name in small letters."""
    tokens: dict[str, Token] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    writes_a_minute: int = 80
    short: int = 0
    """How many repositories a listing shows of those that it counts; 0 for all."""

    def add(self, name: str, **changes: Any) -> World:
        """A new empty repository `name`; `changes` are fields of its world or of the repository (visibility, …)."""
        own = {key: changes.pop(key) for key in tuple(changes) if key in Repository.__dataclass_fields__}
        full = f"{self.login}/{name}"
        values = {"visibility": "private", "default_branch": "main", "url": f"https://github.com/{full}", **own}
        world = World(Repository(full, **values), self.now, first_run=(30_000 + len(self.worlds)) * _IDS, **changes)
        return self.take(world)

    def take(self, world: World) -> World:
        """A world that was made elsewhere: from now on it has this organisation's tokens and faults."""
        world.tokens, world.faults = self.tokens, self.faults
        self.worlds[world.repository.name.lower()] = world
        return world

    def add_token(self, value: str, **changes: Any) -> str:
        """A token that the stand-in knows; returns its value."""
        self.tokens[value] = Token(**changes)
        return value

    def pass_time(self, now: datetime) -> None:
        """The clock of all worlds."""
        self.now = now
        for world in self.worlds.values():
            world.now = now

    def find(self, path: str, token: Token | None = None) -> World | None:
        """The world that a path is about, if the token may see it; for other paths one without anything in it."""
        if not path.startswith("/repos/"):
            return World(Repository(f"{self.login}/.none", "private", "main"), self.now, tokens=self.tokens)
        name = "/".join(path.split("/")[2:4])
        world = self.worlds.get(name.lower())
        return world if world is not None and (token is None or _sees(token, world)) else None


def answer(request: Request, organization: Organization) -> Answer:
    """The answer to a path that is no repository's; raises `Refused`."""
    found = re.fullmatch(r"/(orgs|users)/([^/]+)(/repos)?", request.path)
    if request.path == "/installation/repositories":
        return _installed(request, organization)
    if not found or (found[1] == "users" and not found[3]):
        raise Refused(404, "Not Found")
    kind = {"orgs": "Organization", "users": organization.kind}[found[1]]
    if found[2].lower() != organization.login.lower() or kind != organization.kind:
        raise Refused(404, "Not Found")
    if not found[3]:
        return Answer(body=payloads.organization(organization.login))
    public_only = found[1] == "users"
    worlds = [one for one in _seen(request, organization) if not public_only or one.repository.visibility == "public"]
    part, headers = page(request, worlds)
    return Answer(body=[_listed(world) for world in part], headers=headers)


def _installed(request: Request, organization: Organization) -> Answer:
    token = request.token
    if token.user:
        raise Refused(403, "You must authenticate with an installation access token in order to list repositories")
    worlds = _seen(request, organization)
    part, headers = page(request, worlds[: organization.short or None])
    selection = "all" if token.sees is None else "selected"
    listed = [_listed(world) for world in part]
    body = {"total_count": len(worlds), "repository_selection": selection, "repositories": listed}
    return Answer(body=body, headers=headers)


def _sees(token: Token, world: World) -> bool:
    return token.sees is None or world.repository.name.partition("/")[2] in token.sees


def _seen(request: Request, organization: Organization) -> list[World]:
    worlds = [world for world in organization.worlds.values() if _sees(request.token, world)]
    return sorted(worlds, key=lambda world: world.repository.name.lower())


def _listed(world: World) -> dict[str, Any]:
    more = {"archived": world.archived, "disabled": world.disabled, "topics": list(world.topics)}
    return payloads.full_repository(world.repository, **more)
