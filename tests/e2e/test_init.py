"""`init`, then `doctor`: what is written is what a sweep needs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.initial import WORKFLOW
from failure_investigator.model import Workflow
from failure_investigator.settings import DEFAULT_CONFIG

if TYPE_CHECKING:
    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn


def test_doctor_finds_nothing_wrong_with_what_init_wrote(program: Program, standin: StandIn) -> None:
    """Pushed to the default branch, run once by its schedule."""
    world = standin.world
    done = program("init", "--action", "octo-org/failure-investigator@v1")
    for path in (WORKFLOW, DEFAULT_CONFIG):
        world.files["HEAD", path] = (program.home / "run-1" / path).read_text("utf-8")
    world.add_run(Workflow(99, "Failure investigator", WORKFLOW), world.now - timedelta(hours=5), "success")
    told = program("doctor", "--format", "json")

    states = {check["name"]: check["state"] for check in json.loads(told.stdout)["checks"]}
    assert (0, 0) == (done.code, told.code)
    assert {
        "permissions": "ok",
        "schedule": "ok",
        "configuration": "ok",
        "issues: write": "unknown",
    }.items() <= states.items()
    assert {"ok", "unknown"} == set(states.values())
