"""How pip reaches its index on this machine, for a build in which nothing of the machine is seen."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIONS = (
    "index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "cert", "client-cert", "proxy", "retries",
    "timeout", "default-timeout",
)  # fmt: skip
"""What of pip's settings is about the index."""
_BUNDLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
_LINE = re.compile(r"(?P<kind>global|install|:env:)\.(?P<name>[a-z-]+)=(?P<value>'.*'|\".*\")")


def settings(listed: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Option → value from what `pip config list` prints; the environment's certificates where pip has none of its own."""
    found = [match for line in listed.splitlines() if (match := _LINE.fullmatch(line))]
    found.sort(key=lambda match: ("global", "install", ":env:").index(match["kind"]))  # the later one wins, as with pip
    chosen = {match["name"]: str(ast.literal_eval(match["value"])) for match in found if match["name"] in OPTIONS}
    bundles = [environ[name] for name in _BUNDLES if environ.get(name)]
    return chosen if "cert" in chosen or not bundles else {**chosen, "cert": bundles[0]}


def file(chosen: Mapping[str, str]) -> str:
    """The settings as a pip.conf."""
    lines = [f"{name} = {' '.join(value.split())}" for name, value in chosen.items()]
    return "\n".join(["[global]", *lines, ""])


def places(chosen: Mapping[str, str]) -> list[Path]:
    """The files and folders of this machine that the settings name; of an index, what its relative links may lead to."""
    found: set[Path] = set()
    for name, value in chosen.items():
        for word in value.split():
            path = Path(word.removeprefix("file://"))
            if path.is_absolute() and path.exists():
                found.add(path.parent if name.endswith("index-url") and len(path.parts) > 2 else path)
    return sorted(found)
