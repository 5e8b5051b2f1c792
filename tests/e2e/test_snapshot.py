"""A recording can be swept like the repository itself, by anybody, without a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.conftest import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn


def test_a_sweep_of_the_recording_files_the_same_issue(program: Program, standin: StandIn, tmp_path: Path) -> None:
    """The page is the same to the byte."""
    program()
    recorded = program("snapshot", str(tmp_path / "snap"))
    standin.journal.clear()

    swept = program(
        "investigate", "--snapshot", str(tmp_path / "snap"), "--issues-directory", str(tmp_path / "issues"),
        environ={"INPUT_GITHUB-TOKEN": "", "GITHUB_REPOSITORY": ""},
    )  # fmt: skip

    issue = (tmp_path / "issues" / "0001.md").read_text("utf-8")
    assert (recorded.code, swept.code) == (0, 0), recorded.stderr + swept.stderr
    assert issue.endswith(standin.world.issues[0]["body"])
    assert standin.journal == []


def test_the_recording_holds_no_credential(program: Program, standin: StandIn, tmp_path: Path) -> None:
    """Redacted before anything is stored."""
    job = next(iter(standin.world.logs))
    secret = "sk-" + "proj-" + "a1B2" * 12
    standin.world.logs[job] += f"2026-04-17T18:20:00.0000000Z key {secret} token {TOKEN}\n".encode()

    done = program("snapshot", str(tmp_path / "snap"))

    text = "".join(path.read_text("utf-8") for path in (tmp_path / "snap").rglob("*") if path.is_file())
    assert done.code == 0
    assert (secret in text, TOKEN in text, "Missing bearer or basic authentication" in text) == (False, False, True)
