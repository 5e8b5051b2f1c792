"""The address that `--probe-url` gives: https, or http on loopback; no user, no fragment."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from failure_investigator.values import BadValueError


def probe_url(text: str) -> str:
    """The address itself. Raises `BadValueError`."""
    try:
        parts = urlsplit(text)
        safe = parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname or ""))
        fine = safe and parts.hostname and parts.port != 0 and not parts.username and not parts.fragment
    except ValueError:
        fine = False
    if not fine or not text.isascii() or any(char.isspace() for char in text):
        raise BadValueError("takes an address such as https://gitlab.example.com/api/v4/user, http on loopback only")
    return text


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
