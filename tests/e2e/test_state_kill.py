"""A sweep that is killed leaves a state file that the next one can use."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from failure_investigator.state import StateFile

if TYPE_CHECKING:
    from pathlib import Path

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from failure_investigator.state import StateFile

with StateFile(Path(sys.argv[1]), lambda: datetime.now(UTC)) as state:
    for number in range(100000):
        state.keep_jobs("octo/app", f"{number}.1", "x" * 5000)
        state.keep_jobs("octo/app", "newest", str(number))
        if number % 10 == 0:
            state.save()
            print(number, flush=True)
"""


@pytest.mark.parametrize("wait", [0.0, 0.003, 0.01])
def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path: Path, wait: float) -> None:
    """While it writes and saves without a pause."""
    path = tmp_path / "state.sqlite"
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, env=environ) as process:
        assert process.stdout is not None
        saved = [int(process.stdout.readline()) for _ in range(5)][-1]
        time.sleep(wait)
        process.kill()
    with StateFile(path, lambda: datetime.now(UTC)) as state:
        newest = int(state.jobs("octo/app", "newest") or -1)
        assert ([], True) == (state.notes, newest >= saved)
        assert "x" * 5000 == state.jobs("octo/app", f"{newest}.1")
