from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import failure_investigator
from failure_investigator import cli
from failure_investigator.commands.investigate import OUTPUTS

SNAPSHOT = Path(failure_investigator.__file__).parent / "demo" / "snapshot"
TOKEN = "gh" + "s_" + "a1" * 20


def investigate(*flags: str, **environ: str) -> tuple[int, str, str]:
    """Exit code, data and talk of a sweep of the bundled snapshot."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["investigate", "--snapshot", str(SNAPSHOT), *flags]
    code = cli.run(argv, environ, (io.BytesIO(), out, err), lambda: datetime(2030, 1, 1, tzinfo=UTC))
    return code, out.getvalue(), err.getvalue()


def outputs(path: Path) -> dict[str, str]:
    """The step's outputs as the runner reads them."""
    return {name: value for name, _, value in re.findall(r"(\S+)<<(\w+)\n(.*?)\n\2\n", path.read_text(), re.DOTALL)}


@pytest.fixture
def actions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment as the Actions runner sets it."""
    monkeypatch.chdir(tmp_path)
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "RUNNER_TEMP": str(tmp_path / "temp"),
    }


def test_in_actions_outputs_summary_report_and_annotation_are_set(tmp_path: Path, actions: dict[str, str]) -> None:
    """All forms of one report, the token masked before anything else, our own text inside the group."""
    code, out, err = investigate("--issues-directory", str(tmp_path / "issues"), **actions)

    found = outputs(tmp_path / "output")
    report = json.loads(Path(found["report"]).read_text())
    lines = out.splitlines()
    assert (0, f"::add-mask::{TOKEN}", "::endgroup::") == (code, lines[0], lines[-1])
    assert list(OUTPUTS) == list(found)
    assert ("1", report["incidents"]) == (found["incident-count"], json.loads(found["incidents"]))
    assert [{"repository": "octo-org/octo-app", "number": 1}] == json.loads(found["created"])
    assert ["[]"] * 3 == [found["updated"], found["closed"], found["reopened"]]
    assert 1 == sum(line.startswith("::warning title=AI Moderator") for line in lines)
    assert ("1 incident" in (tmp_path / "summary").read_text(), TOKEN in err) == (True, False)


def test_a_dry_run_writes_no_issue_and_shows_the_page(tmp_path: Path, actions: dict[str, str]) -> None:
    """The planned page stands in the summary and in the output, and nothing counts as created."""
    code, out, _ = investigate("--issues-directory", str(tmp_path / "issues"), **actions, INPUT_DRY_RUN="true")

    shown = (tmp_path / "summary").read_text()
    assert (0, False, "[]") == (code, (tmp_path / "issues").exists(), outputs(tmp_path / "output")["created"])
    assert ("### Planned: create" in shown, "## Root cause" in shown, "## Root cause" in out) == (True, True, True)


def test_outside_actions_there_are_no_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data on stdout, progress on stderr; a snapshot's issues go to a directory by themselves."""
    monkeypatch.chdir(tmp_path)
    code, out, err = investigate()

    assert (0, False, True) == (code, "::" in out + err, Path("failure-investigator-issues/0001.md").exists())
    assert ("octo-org/octo-app: 1 incident" in out, "reading failed runs" in err) == (True, True)


def test_quiet_leaves_the_data(tmp_path: Path) -> None:
    """Nothing on stderr when nothing is wrong."""
    code, out, err = investigate("--quiet", "--issues-directory", str(tmp_path))

    assert (0, True, "") == (code, "1 incident" in out, err)


def test_the_configuration_of_the_checkout_counts(tmp_path: Path, actions: dict[str, str]) -> None:
    """A file in the workspace decides where no input does; a wrong key names file and line."""
    config = tmp_path / ".github" / "failure-investigator.yml"
    config.parent.mkdir()
    config.write_text("min-failures: 50\n")
    folder = str(tmp_path / "issues")
    fewer = investigate("--issues-directory", folder, **actions)
    config.write_text("min-failure: 50\n")
    wrong = investigate("--issues-directory", folder, **actions)

    expected = "error: .github/failure-investigator.yml:1: there is no key 'min-failure'. Did you mean min-failures?"
    assert (0, "[]", 2, expected) == (
        fewer[0],
        outputs(tmp_path / "output")["created"],
        wrong[0],
        wrong[2].splitlines()[0],
    )


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (["--config", "nowhere.yml"], "error: There is no configuration nowhere.yml: neither in the checkout nor"),
        (["--organization", "octo"], "error: A snapshot holds one repository. Leave --organization out."),
        (["--report", "/dev/null/x"], "error: Cannot write the report /dev/null/x: "),
    ],
)
def test_what_cannot_be_done_is_one_line(flags: list[str], line: str, tmp_path: Path) -> None:
    """With exit code 2."""
    code, _, err = investigate("--quiet", "--issues-directory", str(tmp_path), *flags)

    assert (2, 1, line) == (code, err.count("\n"), err[: len(line)])
