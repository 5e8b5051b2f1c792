"""Starts the stand-in by hand: `python -m tests.e2e.standin SNAPSHOT`, then point GITHUB_API_URL at what it prints."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from tests.e2e.standin import StandIn, World

if __name__ == "__main__":
    world = World.from_snapshot(Path(sys.argv[1]))
    world.add_token("stand-in-token")
    with StandIn(world) as standin:
        sys.stdout.write(f"GITHUB_API_URL={standin.api} GITHUB_TOKEN=stand-in-token\n")
        sys.stdout.flush()
        threading.Event().wait()
