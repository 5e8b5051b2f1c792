"""Unit tests get no network, sleep, child process or real environment: collaborators are injected."""

from __future__ import annotations

import os
import subprocess
import time
from typing import NoReturn

import pytest
import pytest_socket

ENVIRONMENT = {"LANG": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"}
"""All that a unit test sees of the environment, besides a home and a cache folder of its own."""
_KEPT = ("PATH", "SYSTEMROOT", "COVERAGE_PROCESS_START", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "PYTEST_VERSION")


class ForbiddenError(BaseException):
    """Something outside the process was asked for; no `except Exception` may swallow it."""


def _forbid(what: str) -> object:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise ForbiddenError(f"a unit test may not {what}; inject a collaborator instead")

    return refuse


@pytest.fixture(autouse=True)
def _nothing_real(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.getbasetemp()
    for name in list(os.environ):
        if name not in _KEPT:
            monkeypatch.delenv(name)
    for name, value in {**ENVIRONMENT, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(time, "sleep", _forbid("sleep"))
    monkeypatch.setattr(subprocess.Popen, "__init__", _forbid("start a process"))
    pytest_socket.disable_socket(allow_unix_socket=True)
