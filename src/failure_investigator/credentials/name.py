"""The variable's name on the command line: `$NAME` with its sign is the value, and that must not be repeated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.credentials.fingerprint import looks_random
from failure_investigator.credentials.formats import formats_of
from failure_investigator.credentials.service import own_name
from failure_investigator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from failure_investigator.signatures.rulebook import Service

_NAME = re.compile(r"[A-Z_][A-Z0-9_-]{0,99}")
_RANDOM = 16


def named(given: list[str], environ: Mapping[str, str], services: Mapping[str, Service]) -> str:
    """The one name. Raises `UsageError` that repeats nothing when it is missing, not alone, or may be a value."""
    if len(given) == 1 and (given[0] in environ or _like_a_name(given[0], services)):
        return given[0]
    if len(given) == 1:
        what = "There is no variable of that name, and it is not shown: it may be a value"
    else:
        what = f"check-credential takes the name of one variable, not {len(given) or 'none'}"
    raise UsageError(what, do="Give the name without `$`: failure-investigator check-credential OPENAI_API_KEY")


def _like_a_name(text: str, services: Mapping[str, Service]) -> bool:
    """Written as variables are, and not as the credentials are that could be mistaken for one."""
    if any(own_name(text, service) for service in services.values()):
        return True
    return bool(_NAME.fullmatch(text)) and not formats_of(text, services) and not looks_random(text, _RANDOM)
