from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import failure_investigator
from failure_investigator import cli

SNAPSHOT = str(Path(failure_investigator.__file__).parent / "demo" / "snapshot")


def run(*flags: str) -> tuple[int, str, str]:
    """Exit code, data and talk."""
    out, err = io.StringIO(), io.StringIO()
    code = cli.run(["backtest", *flags], {}, (io.BytesIO(), out, err), lambda: datetime(2030, 1, 1, tzinfo=UTC))
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_tells_when_what_would_have_been_opened(tmp_path: Path) -> None:
    """As text and as JSON, and leaves no file behind."""
    code, out, _ = run("--snapshot", SNAPSHOT)
    told = json.loads(run("--snapshot", SNAPSHOT, "--format", "json")[1])

    assert (0, "sweeps 4, issues 1, refused runs 4") == (code, out.splitlines()[0])
    assert ["opened"] == [event["event"] for event in told["incidents"][0]["events"]]
    assert [] == list(tmp_path.iterdir())


def test_the_configuration_of_here_is_tried(tmp_path: Path) -> None:
    """A threshold, before it goes live; nothing of it writes."""
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "failure-investigator.yml").write_text("min-failures: 9\ndry-run: true\n")
    told = json.loads(run("--snapshot", SNAPSHOT, "--format", "json")[1])

    assert [False] == [each["filed"] for each in told["incidents"]]


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        ([], "error: No recording is named. Give --days N for the last days of a repository, or --snapshot"),
        (["--snapshot", SNAPSHOT, "--days", "7"], "error: --days records the repository anew. Leave --snapshot out"),
        (["--snapshot", SNAPSHOT, "--keep", "here"], "error: --keep belongs to --days"),
        (["--days", "91"], "error: --days takes a whole number from 1 to 90, not '91'"),
        (["--days", "1"], "error: No repository is named. Give --repository owner/name"),
        (["--days", "1", "--repository", "octo/app"], "error: No token is given. Set the input github-token"),
        (["--snapshot", SNAPSHOT, "--every", "often"], "error: --every takes a time such as"),
        (["--snapshot", SNAPSHOT, "--every", "0m"], "error: --every takes a time such as"),
        (["--snapshot", SNAPSHOT, "--against", "nowhere"], "error: There is no directory nowhere"),
        (["--snapshot", "nowhere"], "error: nowhere"),
    ],
)
def test_what_cannot_be_done_is_one_line(flags: list[str], line: str) -> None:
    """With exit code 2."""
    code, _, err = run("--quiet", *flags)

    assert (2, 1, line) == (code, err.count("\n"), err[: len(line)])
