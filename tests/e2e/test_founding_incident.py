"""The founding incident on the stand-in: one right issue, and silence after."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.model import Workflow
from tests.e2e.conftest import TOKEN
from tests.e2e.standin.zips import steps

if TYPE_CHECKING:
    from tests.e2e.conftest import Program
    from tests.e2e.standin import StandIn

RUNS = ("24575674483", "24577634319", "24579500430", "24579781734")
DECISIVE = b"Missing bearer or basic authentication in header"


def test_one_issue_says_what_happened_why_and_what_to_do(program: Program, standin: StandIn) -> None:
    """Title, runs, cause, remedy and what not to do, with the token kept from the logs' origin."""
    done = program()

    [issue] = standin.world.issues
    title, body = issue["title"], issue["body"]
    remedy = body.partition("## Remediation")[2].partition("## Success criteria")[0]
    steps_told, _, do_not = remedy.partition("**Do not:**")
    assert (done.code, done.stderr.count("Traceback")) == (0, 0)
    assert [word for word in ("AI Moderator", "OpenAI", "401", "OPENAI_API_KEY") if word not in title] == []
    assert [run for run in RUNS if f"/actions/runs/{run})" not in body] == []
    assert "No credential reached the service" in body
    assert "`OPENAI_API_KEY` was set" in body
    assert "rotate" not in steps_told.lower()
    assert "rotate" in do_not.lower()
    assert [line for line in body.splitlines() if line.startswith("## ")] == [
        "## Affected runs", "## Root cause", "## Remediation", "## Success criteria",
    ]  # fmt: skip
    assert {entry.authorization for entry in standin.journal if entry.origin == "blobs"} == {""}


def test_the_reasoning_stands_in_the_issue(program: Program, standin: StandIn) -> None:
    """Certain; the contradiction, the client's version that changed, and what is ruled out with its reason."""
    done = program()

    [incident] = json.loads(done.outputs["incidents"])
    cause = standin.world.issues[0]["body"].partition("## Root cause")[2].partition("## Remediation")[0]
    assert ("credential_missing", "certain") == (incident["diagnosis"]["cause"], incident["diagnosis"]["confidence"])
    assert "was set and masked in the step's environment, so it was lost between the step and the request" in cause
    assert "Since the last good run the version changed: `OpenAI Codex` 0.118.0 → 0.121.0." in cause
    excluded = cause.partition("ruled out:")[2]
    assert ["- credential invalid: For a key", "- credential expired: For a"] == [
        said for said in ("- credential invalid: For a key", "- credential expired: For a") if said in excluded
    ]


def test_a_push_refused_to_the_bot_shows_the_change_of_the_workflow_file(program: Program, standin: StandIn) -> None:
    """`contents: write`, as a diff that fits the file at that commit."""
    world = standin.world
    workflow = Workflow(900, "Release", ".github/workflows/release.yml")
    steps_of_job = "    steps:\n      - uses: actions/checkout@v4\n      - run: git push --tags\n"
    file = f"on: push\njobs:\n  tag:\n    runs-on: ubuntu-latest\n{steps_of_job}"
    lines = [
        "##[group]Run git push --tags", "\x1b[36;1mgit push --tags\x1b[0m",
        "shell: /usr/bin/bash -e {0}", "##[endgroup]",
        f"remote: Permission to {world.repository.name}.git denied to github-actions[bot].",
        f"fatal: unable to access 'https://github.com/{world.repository.name}/': The requested URL returned error: 403",
        "##[error]Process completed with exit code 128.",
    ]  # fmt: skip
    for hours in (1, 2):
        run = world.add_run(workflow, world.now - timedelta(hours=hours), head_sha="d" * 40)
        world.add_job(run, "tag", lines)
        world.files[run.head_sha, workflow.path] = file

    done = program()

    [body] = [issue["body"] for issue in world.issues if issue["title"].startswith("Release")]
    assert done.code == 0
    assert "The call needs `contents: write`" in body
    assert "--- a/.github/workflows/release.yml\n+++ b/.github/workflows/release.yml\n" in body
    assert "+    permissions:\n+      contents: write\n" in body


def test_a_token_that_may_see_the_secrets_tells_when_the_key_was_set(program: Program, standin: StandIn) -> None:
    """Names and times only; the job's own token is refused once, and nothing is said of it."""
    world = standin.world
    program()
    asked = [path for path in standin.asked() if path.endswith("/actions/secrets")]
    assert ("was last set at" in world.issues[0]["body"], len(asked)) == (False, 1)

    world.issues.clear()
    world.secrets = {"OPENAI_API_KEY": world.now - timedelta(days=90)}
    world.tokens[TOKEN].permissions["secrets"] = "read"
    program()

    assert re.search(
        r"`OPENAI_API_KEY` was last set at \d{4}-\d\d-\d\d \d\d:\d\d UTC, 8\d days", world.issues[0]["body"]
    )


def test_evidence_links_end_in_the_right_step_and_line(program: Program, standin: StandIn) -> None:
    """The expected place is found in the log cut into its steps, as GitHub counts."""
    world = standin.world
    [job] = world.jobs["24579781734.1"]
    expected = [
        f"{job.url}#step:{number}:{line}"
        for number, _, text in steps(job, world.logs[job.id])
        for line, said in enumerate(text.splitlines(), 1)
        if DECISIVE in said
    ]

    program()

    links = re.findall(r"\(\[log\]\(([^)]+)\)\)", world.issues[0]["body"])
    assert expected == links[:1]
    assert re.search(r"#step:4:\d+$", links[0])


def test_the_first_sweep_costs_at_most_26_requests(program: Program, standin: StandIn) -> None:
    """Both hops of a log count as one; the product's own count is the journal's."""
    done = program()

    assert len(standin.asked()) <= 26
    assert done.report["requests"]["total"] == len(standin.asked())


def test_a_second_sweep_from_an_empty_machine_changes_nothing(program: Program, standin: StandIn) -> None:
    """No write, and no log that the issue remembers is downloaded again."""
    program()
    body = standin.world.issues[0]["body"]
    standin.journal.clear()

    done = program()

    remembered = {f"/logs/{job.id}.txt" for run in RUNS for job in standin.world.jobs[f"{run}.1"]}
    assert done.code == 0
    assert standin.writes() == []
    assert remembered & {entry.path for entry in standin.journal} == set()
    assert body == standin.world.issues[0]["body"]


def test_a_fifth_failure_updates_the_same_issue_without_a_comment(program: Program, standin: StandIn) -> None:
    """The body grows in place; nobody is notified."""
    program()
    world = standin.world
    last = next(run for run in world.runs if str(run.id) == RUNS[-1])
    later = last.started_at + timedelta(hours=1)
    fifth = world.add_run(last.workflow, later, event="issues", title=last.title)
    world.add_job(
        fifth, "moderate", ["  OPENAI_API_KEY: ***", f"ERROR: unexpected status 401 Unauthorized: {DECISIVE.decode()}"]
    )
    world.now = later + timedelta(minutes=30)
    before = world.issues[0]["body"].replace("## Affected runs", "A person's note\n\n## Affected runs", 0)
    world.issues[0]["body"] = before + "\nA person's note below.\n"
    standin.journal.clear()

    done = program()

    assert (done.code, len(world.issues), world.comments) == (0, 1, {})
    assert standin.writes() == [f"PATCH /repos/{world.repository.name}/issues/1"]
    assert f"/actions/runs/{fifth.id})" in world.issues[0]["body"]
    assert "5 failed runs, all read" in world.issues[0]["body"]
    assert world.issues[0]["body"].endswith("\nA person's note below.\n")
    assert json.loads(done.outputs["updated"]) == [{"repository": world.repository.name, "number": 1}]


def test_outputs_and_summary_tell_what_was_done(program: Program, standin: StandIn) -> None:
    """The outputs of action.yml are set, the summary has counts and the decision."""
    done = program()

    assert done.outputs["incident-count"] == "1"
    assert json.loads(done.outputs["created"]) == [{"repository": standin.world.repository.name, "number": 1}]
    assert json.loads(done.outputs["incidents"])[0]["diagnosis"]["cause"] == "credential_missing"
    assert "| logs read | 4 |" in done.summary
    assert TOKEN not in done.stdout.replace(f"::add-mask::{TOKEN}", "") + done.stderr + done.summary


def test_a_dry_run_writes_nothing_and_shows_everything(program: Program, standin: StandIn) -> None:
    """The plan with its page, and no write."""
    done = program(environ={"INPUT_DRY-RUN": "true"})

    assert done.code == 0
    assert standin.writes() == []
    assert "OPENAI_API_KEY" in done.summary
    assert done.report["changes"][0]["deferred"] == "dry run"
