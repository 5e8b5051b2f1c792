from __future__ import annotations

from datetime import timedelta

import pytest

from failure_investigator.credentials.jwt import claims_of
from tests.unit.credentials.made import NOW, jwt, noise, says, told


def at(**ahead: float) -> int:
    """So far from now, in seconds since 1970."""
    return int((NOW + timedelta(**ahead)).timestamp())


@pytest.mark.parametrize(
    ("claims", "severity", "part"),
    [
        ({"exp": at(days=-30)}, "wrong", "expired on 2026-03-24 12:00 UTC"),
        ({"exp": at()}, "wrong", "expired on"),
        ({"nbf": at(hours=1)}, "wrong", "counts only from 2026-04-23 13:00 UTC"),
        ({"iat": at(hours=1), "exp": at(days=9)}, "wrong", "made in the future"),
        ({"exp": at(hours=1)}, "suspicious", "expires on 2026-04-23 13:00 UTC"),
        ({"exp": at(days=90), "iat": at(minutes=2)}, "fine", "counts until 2026-07-22 12:00 UTC"),
        ({}, "fine", "names no end"),
        ({"exp": "soon"}, "fine", "names no end"),
        ({"exp": True}, "fine", "names no end"),
        ({"exp": 10**30, "nbf": -(10**30)}, "fine", "names no end"),
    ],
)
def test_the_times_of_a_token_are_read(claims: dict[str, object], severity: str, part: str) -> None:
    """With the clock that is handed in; what no calendar has is no time."""
    value = jwt(**claims)

    assert ([("expiry", severity)] if severity != "fine" else []) == told("ARGOCD_AUTH_TOKEN", value)
    assert part in says("ARGOCD_AUTH_TOKEN", value, "expiry")


@pytest.mark.parametrize(
    "text", ["", "a.b.c", noise(40), f"{noise(20)}.{noise(20)}.{noise(20)}", "eyJhIjoxfQ.eyJ9.x", "[].[].[]"]
)
def test_what_is_no_token_has_no_claims(text: str) -> None:
    """Three parts alone are none."""
    assert None is claims_of(text)
