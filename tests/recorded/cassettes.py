"""How cassettes are played and recorded: fixed host names, no token in any header, query or body.

`filter_headers` of vcrpy leaves bodies alone, so every text of a request and a response goes through `_clean`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import vcr

from failure_investigator.redact import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vcr.request import Request

FOLDER = Path(__file__).parent / "cassettes"
API = "http://api.github.test"
STORAGE = "http://storage.test"
_DROPPED = {"authorization", "host", "user-agent", "date", "server", "connection", "accept-encoding"}


def player() -> vcr.VCR:
    """Plays what was recorded; anything else is an error."""
    return _machine("none", {})


def recorder(hosts: Mapping[str, str]) -> vcr.VCR:
    """Records anew; `hosts` are real addresses and the ones that stand for them."""
    return _machine("all", hosts)


def _machine(mode: str, hosts: Mapping[str, str]) -> vcr.VCR:
    def clean(text: str) -> str:
        for real, named in hosts.items():
            text = text.replace(real, named)
        return redact(text)

    def request(recorded: Request) -> Request:
        recorded.uri = clean(recorded.uri)
        _drop(recorded.headers)
        return recorded

    def response(recorded: dict[str, Any]) -> dict[str, Any]:
        _drop(recorded["headers"])
        for name, values in recorded["headers"].items():
            recorded["headers"][name] = [clean(value) for value in values]
        body = recorded["body"]["string"]
        if body[:2] != b"PK":
            recorded["body"]["string"] = clean(body.decode()).encode()
        return recorded

    machine = vcr.VCR(
        cassette_library_dir=str(FOLDER),
        record_mode=mode,
        match_on=("method", "scheme", "host", "path", "query", "range"),
        before_record_request=request,
        before_record_response=response,
        path_transformer=vcr.VCR.ensure_suffix(".yaml"),
    )
    machine.register_matcher("range", _same_range)
    return machine


def _same_range(one: Request, other: Request) -> bool:
    return bool(one.headers.get("Range") == other.headers.get("Range"))


def _drop(headers: Any) -> None:
    for name in [name for name in headers if name.lower() in _DROPPED]:
        del headers[name]
