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


def test_the_demo_writes_the_issue_and_says_what_it_does(tmp_path: Path) -> None:
    """Step by step, without a token or a repository; the path of the issue is the data."""
    code, out, err = demo(tmp_path / "issues")

    assert (0, f"{tmp_path / 'issues' / '0001.md'}\n") == (code, out)
    assert ["1.", "2.", "3.", "4."] == [line[:2] for line in err.splitlines() if line[:1].isdigit()]
    assert "credential_missing (certain), in 4 runs" in err


def test_a_second_demo_says_that_nothing_changed(tmp_path: Path) -> None:
    """The issue stays the same to the byte."""
    demo(tmp_path)
    before = (tmp_path / "0001.md").read_bytes()
    code, _, err = demo(tmp_path)

    assert (0, before) == (code, (tmp_path / "0001.md").read_bytes())
    assert ("Nothing changed" in err, "no log is read again" in err) == (True, True)
