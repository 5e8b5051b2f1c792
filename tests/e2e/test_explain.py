"""`explain` on the founding log in every form in which people have it: the same diagnosis, and its pinned shape."""

from __future__ import annotations

import dataclasses
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


def gh(text: str, job: str, step: str, *, carets: bool) -> str:
    """As `gh run view --log` prints a job: three columns, the byte order mark inside, ESC as two characters when new."""
    lines = text.removeprefix("\ufeff").splitlines()
    shown = [line.replace("\x1b", "^[") if carets else line for line in lines]
    return "".join(f"{job}\t{step}\t{chr(0xFEFF) if n == 0 else ''}{line}\n" for n, line in enumerate(shown))


def test_copies_that_tools_and_people_make_give_the_same_diagnosis(
    program: Program, standin: StandIn, tmp_path: Path
) -> None:
    """Windows line ends, gh's newer and older forms, bytes that are no UTF-8, and a paste of the step's output alone."""
    raw = standin.world.logs[JOB]
    text = raw.decode()
    step = text[text.index("##[group]Run codex") - 29 : text.index("2026-04-17T18:17:58.0100000Z")]
    forms = {
        "crlf.txt": raw.replace(b"\n", b"\r\n"),
        "gh-new.txt": gh(text, "moderate", "UNKNOWN STEP", carets=True).encode(),
        "gh-old.txt": gh(text, "moderate", "UNKNOWN STEP", carets=False).encode(),
        "gh-failed.txt": gh(step, "moderate", "Run Codex", carets=True).encode(),
        "bytes.txt": raw.replace(b"credential proxy", b"credential \xff\xfe proxy"),
        "step.txt": step.encode(),
        "paste.txt": re.sub(r"(?m)^\S+Z ", "", step).encode(),
    }
    for name, data in forms.items():
        (tmp_path / name).write_bytes(data)

    done = program("explain", "--format", "jsonl", *(str(tmp_path / name) for name in forms))

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert dict.fromkeys(forms, EXPECTED) == {name: told(answer) for name, answer in zip(forms, answers, strict=True)}


def test_the_line_is_the_files_own_in_every_form(program: Program, standin: StandIn, tmp_path: Path) -> None:
    """1-based, and the same whether lines end in LF or CRLF."""
    raw = standin.world.logs[JOB]
    (tmp_path / "crlf.txt").write_bytes(raw.replace(b"\n", b"\r\n"))
    expected = next(n for n, line in enumerate(raw.splitlines(), 1) if b"Missing bearer" in line)

    done = program("explain", "--format", "jsonl", "-", str(tmp_path / "crlf.txt"), stdin=raw)

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [expected, expected] == [answer["diagnosis"]["evidence"][0]["line"] for answer in answers]


def test_a_run_of_several_jobs_tells_each_failed_one(program: Program, standin: StandIn, tmp_path: Path) -> None:
    """In a zip and in gh's form: the job that was refused has its diagnosis, the others have none."""
    world = standin.world
    [refused], [good], [tests] = (world.jobs[f"{run}.1"] for run in (24579781734, 24570118252, 24578200917))
    jobs = [refused, dataclasses.replace(good, name="before"), tests]
    (tmp_path / "run.zip").write_bytes(run_zip(jobs, world.logs))
    text = "".join(gh(world.logs[job.id].decode(), job.name, "UNKNOWN STEP", carets=True) for job in jobs)
    (tmp_path / "run.txt").write_text(text, "utf-8")

    done = program("explain", "--format", "jsonl", str(tmp_path / "run.zip"), str(tmp_path / "run.txt"))

    zipped, printed = (json.loads(line) for line in done.stdout.splitlines())
    assert [EXPECTED, EXPECTED] == [told(zipped), told(printed)]
    assert [1, 1] == [len(zipped["diagnoses"]), len(printed["diagnoses"])]
    assert "0_moderate.txt" == zipped["diagnosis"]["member"]


def test_an_error_body_under_the_name_of_a_zip_is_read_as_text(program: Program, tmp_path: Path) -> None:
    """What a download gives when the logs have expired: no archive, no diagnosis, no traceback."""
    (tmp_path / "not.zip").write_bytes(b'{"message":"Not Found","status":"404"}')

    done = program("explain", "--format", "jsonl", str(tmp_path / "not.zip"))

    assert (0, None) == (done.code, json.loads(done.stdout)["diagnosis"])
