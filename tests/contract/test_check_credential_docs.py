"""docs/check-credential.md shows what the command takes, prints and returns."""

from __future__ import annotations

import io
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

from failure_investigator import cli, errors
from failure_investigator.credentials.model import Answer, Checked, Finding
from failure_investigator.credentials.report import as_json
from failure_investigator.credentials.verdict import JUDGED, OUTCOMES, REFUSED
from failure_investigator.yamlfile import load

PAGE = (Path(__file__).parents[2] / "docs" / "check-credential.md").read_text(encoding="utf-8")
SOURCES = Path(cli.__file__).parent / "credentials"


def blocks(language: str) -> list[str]:
    """The page's fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def rows(title: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def codes(cell: str) -> list[str]:
    """What stands in code in a cell."""
    return re.findall(r"`([a-z_-]+)`", cell)


def test_the_example_prints_what_is_shown() -> None:
    """To the letter."""
    assignment, *argv = shlex.split(blocks("sh")[0])
    name, _, value = assignment.partition("=")
    out = io.StringIO()
    code = cli.run(argv[1:], {name: value}, (io.BytesIO(), out, io.StringIO()), lambda: datetime.now(UTC))

    assert (1, blocks("text")[0]) == (code, out.getvalue())


def test_the_flags_of_the_page_are_those_of_the_command() -> None:
    """In its first line all of them, elsewhere no others."""
    parser = cli.build_parser()
    flags = {f for a in cli.actions_of(parser, "check-credential") for f in a.option_strings if f.startswith("--")}
    synopsis = next(line for line in PAGE.splitlines() if line.startswith("    failure-investigator check-credential"))

    assert flags - {"--help", "--quiet", "--verbose"} == set(re.findall(r"--[a-z-]+", synopsis))
    prose = re.sub(r"^```yaml\n.*?^```", "", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert set() == set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", prose)) - flags


def test_the_workflow_is_yaml_and_calls_the_command_as_it_is() -> None:
    """With the inputs that it declares, an index into the secrets, and a default that may be asked for."""
    workflow = load(blocks("yaml")[0], "page").data
    inputs = workflow["on"]["workflow_dispatch"]["inputs"]
    step = workflow["jobs"]["check"]["steps"][-1]
    used = set(re.findall(r"inputs\.([a-z]+)", str(step["env"])))
    command = step["run"].splitlines()[-1].partition(" -m failure_investigator ")[2]
    argv = shlex.split(command.replace("$NAME", inputs["name"]["options"][0]).replace("$PROBE", "--probe"))

    assert (set(inputs), "${{ secrets[inputs.name] }}") == (used, step["env"]["VALUE"])
    assert ("check-credential", True) == ((found := cli.parse(argv)).command, found.probe)
    assert [] == [name for each in workflow["jobs"]["check"]["steps"] if "${{" in (name := each.get("run", ""))]
    assert re.fullmatch(r"actions/checkout@[0-9a-f]{40}", workflow["jobs"]["check"]["steps"][0]["uses"])


def test_the_step_for_a_failing_job_is_yaml_and_a_command() -> None:
    """It names the variable that it sets."""
    [step] = load(blocks("yaml")[1], "page").data
    argv = shlex.split(step["run"])

    assert list(step["env"]) == cli.parse(argv[1:]).names


def test_every_check_and_outcome_is_explained() -> None:
    """Those that the code has, and no others."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    named = set(re.findall(r'(?:Finding\(\s*|^CHECK = )"([a-z-]+)"', sources, re.MULTILINE)) - {"wrapping"}
    explained = {check for row in rows("What is checked") for check in codes(row[0])}
    outcomes = {outcome: int(row[-1]) for row in rows("Asking the service") for outcome in codes(row[0])}

    assert (named, set(OUTCOMES)) == (explained, set(outcomes))
    due = {outcome: 1 if outcome in REFUSED else 0 if outcome in JUDGED else 4 for outcome in OUTCOMES}
    assert due == outcomes


def test_the_exit_codes_are_those_of_the_help() -> None:
    """And owned by `errors.py`."""
    shown = [int(row[0]) for row in rows("Exit codes")]
    helped = cli._module("check-credential").EXIT_CODES

    assert [0, errors.EXIT_WRONG, errors.UsageError.exit_code, errors.UnreachableError.exit_code] == shown
    assert shown == [int(code) for code in re.findall(r"(?<=[:;] )(\d)(?= )", helped)]


def test_the_keys_of_the_json_are_all_named() -> None:
    """Of the object, of a finding, of an answer."""
    answer = Answer("direct", "accepted", 200, "", "")
    data = as_json(Checked("A", None, True, 1, None, (Finding("set", "fine", ""),), (answer,)))
    section = PAGE.split("## As JSON")[1].split("## ")[0]

    assert [] == [
        key for part in (data, *data["findings"], *data["probe"]) for key in part if f"`{key}`" not in section
    ]
