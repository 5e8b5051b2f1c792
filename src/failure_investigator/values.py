"""How the text of an option becomes its value; every complaint says where the text came from and what is taken."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from failure_investigator.causes import Cause
from failure_investigator.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LONGEST_LOOKBACK = timedelta(days=90)
"""Logs of public repositories are kept no longer: https://docs.github.com/en/actions/reference/limits."""
MOST_SHARDS = 256
"""Jobs of one matrix: https://docs.github.com/en/actions/reference/limits."""
VISIBILITIES = ("public", "internal", "private", "all")
_DURATION = re.compile(r"(\d{1,6})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
_ORGANIZATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")
_BOT_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?")
_PACK = re.compile(r"\.github/(?:[\w.-]+/)*[\w.*?-]+\.ya?ml")
_REPOSITORY_GLOB = re.compile(r"[A-Za-z0-9._*?\[\]!-]{1,100}(?:/[A-Za-z0-9._*?\[\]!-]{1,100})?")
_TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
"""https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/classifying-your-repository-with-topics."""
_FOLDER = re.compile(r"\.github(?:/[\w.-]+)+/?")
_LABEL_LENGTH = 50
CAUSES = tuple(cause.value for cause in Cause)
CAUSE_LIKE = f"(?:{'|'.join(sorted({cause.partition('_')[0] for cause in CAUSES if '_' in cause}))})_[a-z_]*"
"""What begins like a cause's name."""
_LOGIN = r"(?=[A-Za-z0-9-]{1,39}(?![A-Za-z0-9-]))[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
HANDLE = rf"@{_LOGIN}(?:_[A-Za-z0-9]{{1,20}}|/(?:ent:)?[A-Za-z0-9_-]{{1,100}})?"
"""`@user` (managed users end in `_` and their enterprise's short code) or `@org/team` (an enterprise's begin with `ent:`):
https://docs.github.com/en/enterprise-cloud@latest/admin/identity-and-access-management/iam-configuration-reference/username-considerations-for-external-authentication,
https://docs.github.com/en/enterprise-cloud@latest/rest/enterprise-teams/enterprise-teams."""


class Secret:
    """Text that never shows itself: not in a repr, a format, a traceback or a pickle. `reveal` is the only way."""

    __slots__ = ("__text",)

    def __init__(self, text: str = "") -> None:
        self.__text = text

    def reveal(self) -> str:
        """The text itself, for the one place that sends or masks it."""
        return self.__text

    def __bool__(self) -> bool:
        return bool(self.__text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.__text == other.__text

    def __hash__(self) -> int:
        return hash(self.__text)

    def __repr__(self) -> str:
        return "Secret('***')" if self.__text else "Secret('')"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a secret is not pickled")


class BadValueError(ValueError):
    """A value that an option does not take; its text says which values it takes."""


class BadNameError(ValueError):
    """A name that is none of those there are."""

    def __init__(self, kind: str, known: Iterable[str]) -> None:
        self.kind, self.known = kind, tuple(known)
        super().__init__(kind)


def text(value: str) -> str:
    """Any text on one line."""
    if "\n" in value:
        raise BadValueError("takes one line")
    return value


def secret(value: str) -> Secret:
    """A credential; white space around it is dropped, white space inside it cannot be sent."""
    if re.search(r"\s|[^\x21-\x7e]", value):
        raise BadValueError("holds white space or characters that no token has (paste the secret again)")
    return Secret(value)


def job_token(environ: Mapping[str, str]) -> Secret:
    """The job's own token: what the action hands over, else the GITHUB_TOKEN of a job if it is an installation's."""
    name = "FAILURE_INVESTIGATOR_JOB_TOKEN"
    if environ.get("GITHUB_ACTIONS") == "true" and environ.get("GITHUB_TOKEN", "").startswith("ghs_"):
        name = name if environ.get(name) else "GITHUB_TOKEN"
    found: Secret = convert(secret, environ.get(name, ""), name)
    return found


def duration(value: str) -> timedelta:
    """`90m`, `24h` or `7d`, more than nothing and at most 90 days."""
    match = _DURATION.fullmatch(value)
    span = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else timedelta()
    if not timedelta() < span <= LONGEST_LOOKBACK:
        raise BadValueError("takes a time such as 90m, 24h or 7d, at most 90d")
    return span


def boolean(value: str) -> bool:
    """`true` or `false`, in any case, as YAML 1.2 has it."""
    if value.lower() not in {"true", "false"}:
        raise BadValueError("takes true or false")
    return value.lower() == "true"


def count(value: str) -> int:
    """A whole number from 1 to 100."""
    return _whole(value, 1, 100)


def shards(value: str) -> int:
    """A whole number from 1 to 256, as many as a matrix has jobs."""
    return _whole(value, 1, MOST_SHARDS)


def shard(value: str) -> int:
    """The number of a shard, from 0."""
    return _whole(value, 0, MOST_SHARDS - 1)


def _whole(value: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", value) or not least <= int(value) <= most:
        raise BadValueError(f"takes a whole number from {least} to {most}")
    return int(value)


def names(value: str) -> tuple[str, ...]:
    """Items by comma or line, in order, each once."""
    return tuple(dict.fromkeys(item for part in re.split(r"[,\n]", value) if (item := part.strip())))


def cause(value: str) -> str:
    """The name of a cause."""
    if value not in CAUSES:
        raise BadNameError("cause", CAUSES)
    return value


def owned(value: str) -> str:
    """What has owners: `*`, a service, a cause, or a glob on a workflow. What begins like a cause must be one."""
    if re.fullmatch(CAUSE_LIKE, value):
        return cause(value)
    if not value or "\n" in value:
        raise BadValueError("takes *, a service, a cause, or a glob on a workflow's path or name")
    return value


def handles(value: str) -> tuple[str, ...]:
    """People and teams as they are mentioned; nobody is an answer too."""
    items = names(value)
    if not all(re.fullmatch(HANDLE, item) for item in items):
        raise BadValueError("takes @user or @organisation/team, one or a list")
    return items


def labels(value: str) -> tuple[str, ...]:
    """Label names as GitHub takes them."""
    items = names(value)
    if any(len(item) > _LABEL_LENGTH for item in items):
        raise BadValueError(f"takes labels of at most {_LABEL_LENGTH} characters")
    return items


def packs(value: str) -> tuple[str, ...]:
    """Paths of signature packs below `.github/`; the file's name may be a glob."""
    items = names(value)
    if not all(_PACK.fullmatch(item) and ".." not in item.split("/") for item in items):
        raise BadValueError("takes paths such as .github/signatures/*.yml (below .github/, ending in .yml or .yaml)")
    return items


def folder(value: str) -> str:
    """A folder below `.github/`, without a slash at its end."""
    if not _FOLDER.fullmatch(value) or {".", ".."} & set(value.split("/")):
        raise BadValueError("takes a folder below .github/, such as .github/failure-investigator")
    return value.rstrip("/")


def repository(value: str) -> str:
    """`owner/name`."""
    if not _REPOSITORY.fullmatch(value) or value.endswith(("/.", "/..")):
        raise BadValueError("takes owner/name")
    return value


def repositories(value: str) -> tuple[str, ...]:
    """Globs on the name of a repository, or on owner/name."""
    items = names(value)
    if not all(_REPOSITORY_GLOB.fullmatch(item) for item in items):
        raise BadValueError("takes globs on name or owner/name, such as service-* or octo-org/web")
    return items


def topics(value: str) -> tuple[str, ...]:
    """Topics as GitHub takes them, which are in lower case."""
    items = names(value.lower())
    if not all(_TOPIC.fullmatch(item) for item in items):
        raise BadValueError("takes topics: letters, digits and hyphens, at most 50")
    return items


def visibility(value: str) -> str:
    """One of the three visibilities, or `all`."""
    if value.lower() not in VISIBILITIES:
        raise BadValueError("takes public, internal, private or all")
    return value.lower()


def organization(value: str) -> str:
    """The login of an organisation."""
    if not _ORGANIZATION.fullmatch(value):
        raise BadValueError("takes an organisation's login")
    return value


def login(value: str) -> str:
    """A user's login, or an App's: its slug and `[bot]`."""
    if not _BOT_LOGIN.fullmatch(value):
        raise BadValueError("takes a login such as my-app[bot] or octocat")
    return value


def url(value: str) -> str:
    """An http or https address without a trailing slash, credentials, query or fragment."""
    try:
        parts = urlsplit(value)
        fine = parts.scheme in {"http", "https"} and parts.hostname and not {"@", "?", "#"} & set(value)
    except ValueError:
        fine = False
    if not fine:
        raise BadValueError("takes an address such as https://api.github.com")
    return value.rstrip("/")


def path(value: str) -> Path:
    """A path of this machine."""
    if "\0" in value or "\n" in value:
        raise BadValueError("takes a path")
    return Path(value)


def convert(convertor: Callable[[str], Any], value: str, origin: str, *, from_file: bool = False) -> Any:
    """The value of `value`. Raises `UsageError` (`ConfigError` for a file) that names `origin`, never a secret."""
    try:
        return convertor(value.strip())
    except BadValueError as bad:
        shown = "" if convertor is secret else f", not {value.strip()[:60]!r}"
        raise (ConfigError if from_file else UsageError)(f"{origin} {bad}{shown}") from None
