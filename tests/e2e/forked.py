"""Sweeps as processes of their own that can be killed hard, without a program's start for each.

A server process imports the program once and forks: a sweep is a real process of about the speed of one in this process.
"""

from __future__ import annotations

import importlib
import io
import multiprocessing
import os
import pkgutil
import signal
import sys
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import failure_investigator
from failure_investigator import cli
from failure_investigator.render.markdown import environment
from failure_investigator.signatures.scanner import built_in

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from tests.e2e.standin.server import Entry, StandIn

for _module in pkgutil.walk_packages(failure_investigator.__path__, "failure_investigator."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)  # before the fork, not in each process
for _page in ("issue.md.j2", "comment.md.j2", "summary.md.j2"):
    environment().get_template(_page)
built_in()


def sweep(variables: dict[str, str], now: str, words: tuple[str, ...]) -> None:
    """What the process does: one command, and its exit code."""
    out, err = io.StringIO(), io.StringIO()
    code = cli.run([*words, "--quiet"], variables, (io.BytesIO(), out, err), lambda: datetime.fromisoformat(now))
    sys.stderr.write(err.getvalue())
    sys.stderr.flush()
    os._exit(code)


def start(variables: dict[str, str], now: datetime, words: tuple[str, ...] = ("investigate",)) -> ForkServerProcess:
    """Start a sweep, or another command; `join` it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=sweep, args=(variables, now.isoformat(), words))
    process.start()
    return process


class Killer:
    """Kills a process at its request number `at`: when it has arrived, or when it was carried out and is not answered."""

    def __init__(self, standin: StandIn, at: int, *, done: bool) -> None:
        self._standin, self._at, self._count = standin, at, 0
        self.pid = 0
        """Of the process, once it is started."""
        if done:
            standin.done = self.strike
        else:
            standin.arrived = self.strike

    def strike(self, _: Entry) -> bool:
        """Count a request; True for the fatal one and all after it."""
        with self._standin.lock:
            self._count += 1
            fatal = self._count >= self._at
        if fatal:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        return fatal

    def rest(self) -> None:
        """Strike no more."""
        self._standin.arrived = self._standin.done = lambda _: False
