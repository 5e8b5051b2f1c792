"""Templates of a repository's own in a sweep: used when right, left out and told when wrong, the sweep done either way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn

CONFIG = ".github/failure-investigator.yml"
FOLDER = ".github/ours"


def configure(standin: StandIn, **texts: str) -> None:
    """A configuration with templates by stem at the default branch: there is no checkout."""
    standin.world.files["HEAD", CONFIG] = f"templates: {FOLDER}\n"
    for stem, text in texts.items():
        standin.world.files["HEAD", f"{FOLDER}/{stem}.md.j2"] = text


def test_templates_make_the_issue_and_the_summary(program: Program, standin: StandIn) -> None:
    """With ours inside; a second sweep finds its issue again and has nothing to write."""
    configure(
        standin,
        issue="Ask in the help room.\n\n{% include 'built-in/issue.md.j2' %}",
        summary="# Sweep\n\n{{ headline }}\n",
    )
    first, second = program(), program()

    [issue] = standin.world.issues
    assert (0, 0, "[]", "[]") == (first.code, second.code, second.outputs["created"], second.outputs["updated"])
    assert ("Ask in the help room.", True) == (issue["body"].splitlines()[2], "## Root cause" in issue["body"])
    assert (True, False) == (first.summary.startswith("# Sweep\n"), "looked at" in first.summary)
    assert [] == first.report["notes"]


def test_a_broken_template_is_told_and_ours_is_used(program: Program, standin: StandIn) -> None:
    """In the step summary, in the report and on the terminal."""
    configure(standin, issue="## Affected runs\n\n{{ incident.nothing }}\n")
    done = program()

    said = f"the template {FOLDER}/issue.md.j2 is disabled: line 3: "
    [issue] = standin.world.issues
    assert (0, True) == (done.code, "## Success criteria" in issue["body"])
    assert (True, True) == (said in done.stderr, any(said in note for note in done.report["notes"]))
    assert "is disabled: line 3" in done.summary


def test_a_recording_keeps_the_templates(program: Program, standin: StandIn) -> None:
    """So that the sweep of a snapshot writes the same issue."""
    configure(standin, issue="Ask in the help room.\n\n{% include 'built-in/issue.md.j2' %}")
    recorded = program("snapshot", "recorded")
    swept = program("investigate", "--snapshot", str(program.home / "run-1" / "recorded"))

    assert (0, 0, []) == (recorded.code, swept.code, swept.report["notes"])
    assert 1 == len([path for path in program.home.rglob("*.md") if "Ask in the help room." in path.read_text()])
