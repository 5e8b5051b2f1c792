"""Values for the tests, put together at run time: no file holds a text of the shape of a real credential."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from failure_investigator.credentials.check import check
from failure_investigator.signatures.rulebook import load_rulebook

if TYPE_CHECKING:
    from failure_investigator.credentials.model import Checked, Subject

NOW = datetime(2026, 4, 23, 12, tzinfo=UTC)
SERVICES = load_rulebook().services
GH = "gh"
SK = "s" + "k-"


def noise(length: int, seed: str = "seed") -> str:
    """Text as a machine makes it, always the same."""
    blocks = (
        base64.b64encode(hashlib.sha512(f"{seed}{n}".encode()).digest()).decode() for n in range(1 + length // 60)
    )
    return "".join(char for char in "".join(blocks) if char.isalnum())[:length]


def github(kind: str = "p", length: int = 36) -> str:
    """A token of GitHub's form."""
    return f"{GH}{kind}_{noise(length)}"


def openai() -> str:
    """A project key of OpenAI's form."""
    return f"{SK}proj-{noise(48)}"


def pem(label: str = "PRIVATE KEY", lines: int = 4) -> str:
    """A block whose body is noise."""
    body = "\n".join(noise(64, str(n)) for n in range(lines))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


def jwt(**claims: Any) -> str:
    """A JSON Web Token with a signature of noise."""

    def part(data: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256'})}.{part(claims)}.{noise(40)}"


def service_account(**fields: str) -> str:
    """A Google service account's file."""
    data = {
        "type": "service_account",
        "client_email": "bot@project.example",
        "private_key": pem(),
        "token_uri": "https://oauth2.example/token",
        **fields,
    }
    return json.dumps({name: value for name, value in data.items() if value}, indent=2)


def base64_of(text: str) -> str:
    """As `base64 -w0` prints it."""
    return base64.b64encode(text.encode()).decode()


def looked(name: str, value: str | None, service: str = "", **environ: str) -> tuple[Checked, Subject]:
    """What the checks say of a variable."""
    given = environ if value is None else {**environ, name: value}
    return check(name, given, SERVICES, NOW, service)


def told(name: str, value: str | None, service: str = "") -> list[tuple[str, str]]:
    """(check, severity) of everything that is not fine."""
    checked, _ = looked(name, value, service)
    return [(each.check, each.severity) for each in checked.findings if each.severity != "fine"]


def says(name: str, value: str | None, check: str, service: str = "") -> str:
    """The sentences of one check."""
    checked, _ = looked(name, value, service)
    return " ".join(f"{each.says} {each.do}".strip() for each in checked.findings if each.check == check)
