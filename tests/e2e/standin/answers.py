"""What routes get and give."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.e2e.standin.organization import Organization
    from tests.e2e.standin.world import Token, World


@dataclass
class Request:
    """What a route gets."""

    world: World
    token: Token
    method: str
    path: str
    query: Mapping[str, str]
    body: dict[str, Any]
    accept: str
    blobs: str
    """Address of the second origin."""
    api: str = ""
    """Address of the first."""
    organization: Organization | None = None
    """Where the world is one of many."""


@dataclass
class Answer:
    """What a route gives. `body` is JSON, text or bytes."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    _data: bytes | None = None

    def data(self) -> bytes:
        """The body as it goes over the wire."""
        if self._data is None:
            as_json = isinstance(self.body, (dict, list))
            text = json.dumps(self.body) if as_json else self.body
            self._data = text if isinstance(text, bytes) else str(text).encode()
        return self._data


class Refused(Exception):  # noqa: N818 - it is an answer
    """An error answer in GitHub's form."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(message)
        self.answer = Answer(
            status,
            {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status), **more},
            headers or {},
        )


def page(request: Request, items: list[Any], cap: int = 0) -> tuple[list[Any], dict[str, str]]:
    """One page of a list and its Link header."""
    size = min(int(request.query.get("per_page", "30")), 100)
    number = max(int(request.query.get("page", "1")), 1)
    listed = items[:cap] if cap else items
    part = listed[(number - 1) * size : number * size]
    headers = {}
    if number * size < len(listed):
        others = "&".join(f"{key}={value}" for key, value in request.query.items() if key != "page")
        headers["Link"] = f'<{request.api}{request.path}?{others}&page={number + 1}>; rel="next"'
    return part, headers
