"""What operations need that are no request to the REST API: git, packages, OIDC, GraphQL, `gh`, and actions.

The facts stand in `operations.tsv`, each with the page that tells it; GraphQL and `gh` are listed where their REST
counterpart or a guide is clear about it, and unknown ones give None.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from failure_investigator.permissions.endpoints import needed
from failure_investigator.permissions.entries import Need, parse_accepted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DOCS = "https://docs.github.com/"
_SAME = {
    "ghcr push": "packages push",
    "ghcr pull": "packages pull",
    "docker push": "packages push",
    "docker pull": "packages pull",
    "npm publish": "packages push",
    "push tags": "push",
    "pull": "fetch",
    "id-token": "oidc",
    "deploy-pages": "deploy pages",
}
_GH_SHORT = {"ls": "list", "new": "create", "rm": "delete", "co": "checkout"}
_FIELDS = ("-f", "-F", "--field", "--raw-field", "--input")
_WITH_VALUE = (*_FIELDS, "-X", "--method", "-H", "--header", "-q", "--jq", "-t", "--template", "-p", "--preview",
               "--hostname", "--cache", "-R", "--repo")  # fmt: skip
_INSTEAD = {
    "aws-actions/configure-aws-credentials": ("aws-access-key-id", "role-chaining", "web-identity-token-file"),
    "google-github-actions/auth": ("credentials_json",),
    "azure/login": ("creds",),
    "hashicorp/vault-action": ("jwtprivatekey",),
    "pypa/gh-action-pypi-publish": ("password",),
}
"""Inputs with which an action that can use OIDC does without."""
_ENDS = (";", "&&", "||", "|", ")", "&")


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the table."""

    kind: str
    name: str
    need: Need | None
    condition: tuple[str, str] | None = None
    """Of an action: (input, value) without which the line does not hold; an empty value means any."""


@cache
def operations() -> Mapping[tuple[str, str], tuple[Operation, ...]]:
    """(kind, name in lower case) → its lines, those with a condition first."""
    text = files("failure_investigator.permissions").joinpath("operations.tsv").read_text("utf-8")
    found: dict[tuple[str, str], list[Operation]] = {}
    for line in text.splitlines():
        if line and line[0] != "#":
            kind, name, sets, page, note = (*line.split("\t"), "")[:5]
            read = parse_accepted(sets)
            need = Need(read.sets, page if "://" in page else _DOCS + page, note=note) if read else None
            name, _, condition = name.partition("?")
            given, _, value = condition.partition("=")
            pair = (given, value) if given else None
            found.setdefault((kind, name.lower()), []).append(Operation(kind, name, need, pair))
    return {key: tuple(sorted(lines, key=lambda one: one.condition is None)) for key, lines in found.items()}


def _one(kind: str, name: str) -> Need | None:
    lines = operations().get((kind, name.lower()), ())
    return lines[0].need if lines else None


def needed_for_git(operation: str) -> Need | None:
    """What git, a package registry of GitHub's, or OIDC needs: `push`, `push workflows` (the commits change a file below
    .github/workflows), `fetch`, `clone`, `lfs push`, `packages push`, `packages pull` (also as `ghcr push`, `docker pull`,
    `npm publish`), `oidc`, `deploy pages`, `sarif upload`, `models`; with or without `git` before it."""
    name = " ".join(operation.lower().split()).removeprefix("git ")
    return _one("git", _SAME.get(name, name))


def needed_for_graphql(name: str) -> Need | None:
    """What a GraphQL mutation or field needs, by the name or path that a refusal prints
    (`Resource not accessible by integration (addComment)`, `repository.pullRequests.nodes.0.statusCheckRollup`): of a path
    its innermost part that is known."""
    parts = [part for part in re.split(r"[.\s()]+", name) if part and not part.isdigit()]
    for end in range(len(parts), 0, -1):
        for part in (".".join(parts[max(0, end - 2) : end]), parts[end - 1]):
            found = _one("graphql", part)
            if found:
                return found
    return None


def needed_for_action(uses: str, inputs: Mapping[str, str] | None = None) -> Need | None:
    """What an action needs of GITHUB_TOKEN with these inputs (`with:`). `uses` may have a version and capitals.

    `actions/github-script` gives None: what its script calls decides. An action that is given another credential
    (`_INSTEAD`) asks for no OIDC token, and gives None too.
    """
    name = uses.partition("@")[0].strip().lower()
    given = {key.lower(): str(value).strip() for key, value in (inputs or {}).items()}
    if any(given.get(other) for other in _INSTEAD.get(name, ())):
        return None
    for line in operations().get(("action", name), ()):
        if line.condition is None or _holds(line.condition, given):
            return line.need
    return None


def _holds(condition: tuple[str, str], given: Mapping[str, str]) -> bool:
    value = given.get(condition[0], "")
    return bool(value) and condition[1] in ("", value.lower())


def needed_for_gh(command: str) -> Need | None:
    """What a `gh` command line needs (`gh pr create --fill`, `gh api repos/{owner}/{repo}/issues -f title=…`)."""
    words = _words(command)
    if words[:1] == ["gh"]:
        words = words[1:]
    if words[:1] == ["api"]:
        return _api(words[1:])
    names = [word for word in words if word[0] != "-"][:2]
    if len(names) < 2:
        return None
    return _one("gh", f"{names[0]} {_GH_SHORT.get(names[1], names[1])}")


def _words(command: str) -> list[str]:
    """The command's words up to what ends it; a quote that is never closed is only a character."""
    try:
        words = shlex.split(command, comments=False)
    except ValueError:
        words = command.split()
    ends = [at for at, word in enumerate(words) if word in _ENDS]
    return [word for word in words[: ends[0] if ends else None] if word]


def _api(words: Sequence[str]) -> Need | None:
    """`gh api`: GET, or POST once there is a field (https://cli.github.com/manual/gh_api)."""
    method, path, fields, at = "", "", False, 0
    while at < len(words):
        word, _, value = words[at].partition("=")
        takes = word in _WITH_VALUE and not value
        if word in ("-X", "--method"):
            method = value or (words[at + 1] if at + 1 < len(words) else "")
        elif word[:2] == "-X" and len(word) > 2:
            method = word[2:]
        fields = fields or word in _FIELDS or word[:2] in ("-f", "-F")
        if not path and not words[at].startswith("-"):
            path = words[at]
        at += 2 if takes else 1
    if not path or path == "graphql":
        return None
    return needed(method or ("POST" if fields else "GET"), path)


_PUSH = re.compile(r"^git(?:\s+-[cC]\s+\S+)*\s+(push|fetch|pull|clone)\b|^git\s+(lfs)\s+push\b")
_PIECES = re.compile(r"\n|;|&&|\|\||\||\$\(|`")
_REGISTRY_PUSH = re.compile(
    r"\b(?:docker|podman|buildah|crane|oras|helm|skopeo)\b.*\b(?:push|copy)\b.*\bghcr\.io/|\bdocker push ghcr\.io/"
)


def needed_for_command(line: str) -> tuple[Need, ...]:
    """What the commands of a line or a whole script need, each once, in their order: `git push`, `gh …`, pushes to ghcr.io."""
    found: list[Need | None] = []
    for piece in _PIECES.split(line.replace("\\\n", " ")):
        text = re.sub(r"^(?:(?:then|do|else|if|!|sudo|env)\s+|[A-Za-z_]\w*=\S*\s+)+", "", piece.strip())
        git = _PUSH.match(text)
        if git:
            found.append(needed_for_git("lfs push" if git[2] else git[1]))
        elif re.match(r"gh\s", text):
            found.append(needed_for_gh(text))
        elif _REGISTRY_PUSH.search(text):
            found.append(needed_for_git("packages push"))
    return tuple(dict.fromkeys(need for need in found if need is not None))
