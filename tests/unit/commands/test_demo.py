from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from failure_investigator import cli

if TYPE_CHECKING:
    from pathlib import Path


def demo(output: Path) -> tuple[int, str, str]:
    """Exit code, data and talk of a demo."""
    out, err = io.StringIO(), io.StringIO()
    code = cli.run(
        ["demo", "--output", str(output)], {}, (io.BytesIO(), out, err), lambda: datetime(2030, 1, 1, tzinfo=UTC)
    )
    return code, out.getvalue(), err.getvalue()


def test_the_demo_opens_the_issue_and_closes_it_the_next_morning(tmp_path: Path) -> None:
    """Step by step, without a token or a repository; the paths of the issue and of its comments are the data."""
    code, out, err = demo(tmp_path / "issues")
    issue, comments = tmp_path / "issues" / "0001.md", tmp_path / "issues" / "0001.comments.md"

    assert (0, f"{issue}\n{comments}\n") == (code, out)
    assert [f"{number}." for number in range(1, 10)] == [line[:2] for line in err.splitlines() if line[:1].isdigit()]
    assert ["4. Issue 1: opened, because 4 consecutive failed runs.", "9. Issue 1: closed, because 2 good runs."] == [
        line for line in err.splitlines() if line[:2] in ("4.", "9.")
    ]
    assert "credential_missing (certain), in 4 runs" in err
    assert (
        "- [x] The next 2 eligible runs of **AI Moderator** on `main` finish without this refusal (2 of 2)"
        in issue.read_text()
    )
    assert "**Resolved.** Since the last failure the refused job ran and succeeded twice" in comments.read_text()


def test_a_second_demo_says_that_nothing_changed(tmp_path: Path) -> None:
    """The files stay the same to the byte, and are told again."""
    demo(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    code, out, err = demo(tmp_path)

    assert (0, before, 2) == (code, {path: path.read_bytes() for path in tmp_path.iterdir()}, out.count("\n"))
    assert (2, 2) == (err.count("Nothing changed"), err.count("no log is read again"))
