"""`explain` on the founding log in every form in which people have it: the same diagnosis, and its pinned shape."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.e2e.standin.zips import run_zip

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn

JOB = 71230000103


def told(answer: dict[str, Any]) -> tuple[Any, ...]:
    """What must be the same in every form."""
    diagnosis = answer["diagnosis"]
    keys = ("service", "status", "cause", "credential", "host", "confidence", "signature")
    return tuple(diagnosis[key] for key in keys)


EXPECTED = ("openai", 401, "credential_missing", "OPENAI_API_KEY", "api.openai.com", "certain", "openai/missing-bearer")


def test_every_form_of_the_log_gives_the_same_diagnosis(program: Program, standin: StandIn, tmp_path: Path) -> None:
    """File, zip, standard input, without timestamps, and as `gh run view --log` prints it."""
    world = standin.world
    raw = world.logs[JOB]
    text = raw.decode().removeprefix("\ufeff")
    forms = {
        "job.txt": raw,
        "run.zip": run_zip(world.jobs["24579781734.1"], world.logs),
        "bare.txt": re.sub(r"(?m)^\S+Z ", "", text).encode(),
        "gh.txt": re.sub(r"(?m)^", "moderate\tUNKNOWN STEP\t", text.rstrip("\n")).encode() + b"\n",
    }
    for name, data in forms.items():
        (tmp_path / name).write_bytes(data)

    done = program("explain", "--format", "jsonl", *(str(tmp_path / name) for name in forms))
    piped = program("explain", "--format", "jsonl", "-", stdin=raw)

    answers = [json.loads(line) for line in (done.stdout + piped.stdout).splitlines()]
    assert [told(answer) for answer in answers] == [EXPECTED] * 5
    assert [answer["path"] for answer in answers] == [*(str(tmp_path / name) for name in forms), "-"]
    assert [answer["diagnosis"]["member"] for answer in answers] == [None, "0_moderate.txt", None, None, None]


def test_the_shape_of_the_answer_is_the_documented_one(program: Program, standin: StandIn) -> None:
    """Other programs rely on these keys and no others."""
    done = program("explain", "--format", "jsonl", "-", stdin=standin.world.logs[JOB])

    answer = json.loads(done.stdout)
    assert list(answer) == ["path", "diagnosis", "diagnoses", "refusals"]
    assert answer["diagnoses"] == [answer["diagnosis"]]
    assert list(answer["diagnosis"]) == [
        "member", "service", "status", "cause", "credential", "host", "confidence", "signature", "evidence",
    ]  # fmt: skip
    assert [set(fact) for fact in answer["diagnosis"]["evidence"]] == [{"line", "step", "text", "says"}] * 3
    assert set(answer["refusals"][0]) == {"member", "signature", "line", "status", "service", "cause", "decisive"}


def test_a_job_that_passed_has_no_diagnosis(program: Program, standin: StandIn) -> None:
    """The log tells itself."""
    done = program("explain", "--format", "jsonl", "-", stdin=standin.world.logs[71230000099])

    assert json.loads(done.stdout)["diagnosis"] is None
