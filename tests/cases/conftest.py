"""The cases need no network, sleep, child process or real environment either; the compiled library may be a kept one."""

from __future__ import annotations

import os

import pytest

from tests.unit.conftest import _nothing_real  # noqa: F401 - an autouse fixture

CACHE = "FAILURE_INVESTIGATOR_CACHE"
KEPT = os.environ.get(CACHE, "")


@pytest.fixture(autouse=True)
def _kept_library(_nothing_real: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811 - the fixture above
    if KEPT:
        monkeypatch.setenv(CACHE, KEPT)
