"""Who refused: a host, a name on a nearby line or the step's command → a service.

The nearest and most precise hint wins: the host on the line itself, a clue on the line, a clue or a host near it, then
what the step runs, then the one service whose credential the step was given. A host that no service claims is told as its
registrable domain (docs/design.md, "Commands").
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from failure_investigator.signatures.close import Hints, Window
from failure_investigator.signatures.rulebook import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from failure_investigator.signatures.rulebook import Rulebook

_HOST = re.compile(
    r"(?:https?|wss?|ftps?|sftp|ssh|git|oci|docker)://(?:[^\s/@'\"<>]*@)?([A-Za-z0-9*][A-Za-z0-9.*-]*\.[A-Za-z*]{2,}|\d{1,3}(?:\.\d{1,3}){3})"
)
_SAID = re.compile(
    r"(?i)(?:\bhost(?:name)?|\bserver|\bdomain|registry|endpoint)[\"']?\s*[:=]\s*[\"']?([a-z0-9][a-z0-9.-]*\.[a-z]{2,})\b"
)
_DOCS = re.compile(r"(?i)^(?:docs?|help|support|developers?|aka|learn|status|www)\.|readthedocs|stackoverflow")
_PAGE = re.compile(
    r"(?i)github\.com/[^/\s]+/[^/\s]+/(?:actions/)?(?:runs|issues|pull|discussions|blob|tree|wiki|commit)/"
)
"""Pages of github.com that logs link to; GitHub's own viewer puts such links into copied text."""
_ADDRESS = re.compile(r"[\d.:]+")
NEAR = 4
"""Lines within which an unlabelled URL is taken as the one that was asked."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who refused: a service id, a registrable domain or `unknown`; and the host, if one was seen."""

    service: str
    host: str = ""


def attribute(
    rulebook: Rulebook, window: Window, *, host: str, commands: Sequence[str] = (), variables: Iterable[str] = ()
) -> Attribution:
    """Attribute a refusal whose wording does not tell its service. `host` is what the signature captured, if anything.

    `commands` are the step's title and script, `variables` the names of its environment.
    """
    line = window.lines[window.at]
    seen = host or host_on(line)
    service = service_of_host(rulebook, seen) if seen else ""
    service = service or _clue(rulebook, [line])
    if not service and not seen:
        seen = next((found for near in window.outwards(NEAR)[1:] if (found := host_on(near))), "")
        service = service_of_host(rulebook, seen) if seen else ""
    service = service or _clue(rulebook, window.outwards()) or _command(rulebook, commands)
    if not service and not seen:
        service = _given(rulebook, variables)
    if service:
        return Attribution(service, seen)
    return Attribution(registrable(seen) if seen and not _ADDRESS.fullmatch(seen) else UNKNOWN, seen)


def host_on(line: str) -> str:
    """The first host on a line that is not a documentation page."""
    for match in (*_HOST.finditer(line), *_SAID.finditer(line)):
        host = match.group(1).lower().rstrip(".")
        if not _DOCS.search(host) and not _PAGE.match(line, match.start(1)):
            return host
    return ""


def service_of_host(rulebook: Rulebook, host: str) -> str:
    """The service that claims a host, the longest claim first; '' if none does."""
    best, length = "", 0
    for service in rulebook.services.values():
        for claim in service.hosts:
            fits = host == claim if not claim.startswith("*.") else host.endswith(claim[1:])
            if fits and len(claim) > length:
                best, length = service.id, len(claim)
    return best


class _Names:
    """What points to a library's services, in the order of their names."""

    def __init__(self, rulebook: Rulebook) -> None:
        services = rulebook.services.values()
        self.rulebook = rulebook
        self.clues = Hints([(clue, service.id) for service in services for clue in service.clues])
        self.commands = Hints([(command, service.id) for service in services for command in service.commands])
        claimed = [(credential.name, service.id) for service in services for credential in service.credentials]
        several = {name for name, count in Counter(name for name, _ in set(claimed)).items() if count > 1}
        self.owners = {name: service for name, service in claimed if name not in several}
        """Variable → its service, where no two services share it."""


_made: dict[int, _Names] = {}
"""Made once per library; the library is kept with it, so that its id stays its own."""


def _names(rulebook: Rulebook) -> _Names:
    return _made.get(id(rulebook)) or _made.setdefault(id(rulebook), _Names(rulebook))


def _clue(rulebook: Rulebook, lines: Sequence[str]) -> str:
    return next((service for line in lines if (service := _names(rulebook).clues.first(line))), "")


def _command(rulebook: Rulebook, commands: Sequence[str]) -> str:
    return next((service for command in commands if (service := _names(rulebook).commands.first(command))), "")


def _given(rulebook: Rulebook, variables: Iterable[str]) -> str:
    """The service of the credentials among these variables, if it is one only; GITHUB_TOKEN stands in any step."""
    owners = _names(rulebook).owners
    found = {owners[name] for name in variables if name in owners and name != "GITHUB_TOKEN"}
    return found.pop() if len(found) == 1 else ""


def registrable(host: str) -> str:
    """The registrable domain of a host (Public Suffix List); an address or a bare name stays as it is."""
    if "*" in host or re.fullmatch(r"[\d.:]+", host) or "." not in host:
        return UNKNOWN if "*" in host else host
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes():  # type: ignore[no-untyped-def]
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
