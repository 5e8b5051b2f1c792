"""What GITHUB_TOKEN lacked: the call's need against what "Set up job" printed, and the change that grants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cases.joblog import action, script
from tests.cases.story import Story, job, runs

if TYPE_CHECKING:
    from pathlib import Path

PUSH = script("git push origin main").says(
    "remote: Permission to octo-org/octo-app.git denied to github-actions[bot].",
    "fatal: unable to access 'https://github.com/octo-org/octo-app.git/': The requested URL returned error: 403",
)
DENIED = "Resource not accessible by integration"


def lacked(entry: str) -> list[str]:
    """The sentence of one entry that was needed and not there."""
    return [f"The call needs `{entry}`; the token that “Set up job” printed lacked `{entry}`."]


def test_a_push_refused_to_the_workflows_own_token_names_contents_write_and_shows_the_diff(tmp_path: Path) -> None:
    """The level is raised where it stands, and nothing else changes."""
    story = Story()
    story.workflow(job(runs("git push origin main"), permissions="contents: read"))
    story.bad(PUSH)
    told = story.told(tmp_path)
    diff = "--- a/.github/workflows/nightly.yml\n+++ b/.github/workflows/nightly.yml\n"

    assert ("workflow_permissions", "certain", "contents: write") == told.verdict
    assert lacked("contents: write") == told.says("token_permissions")
    assert (diff in told.page, "\n-  contents: read\n+  contents: write\n" in told.page) == (True, True)
    assert "Do not replace `GITHUB_TOKEN` by a personal token" in told.do_not


@pytest.mark.parametrize(
    ("before", "added"),
    [
        ("run: make", ["permissions:", "contents: write"]),
        ("uses: actions/github-script@v7", ["permissions:", "contents: write", "issues: write"]),
    ],
    ids=["the least", "and what a script may need"],
)
def test_a_file_without_permissions_gets_the_least_that_suffices(before: str, added: list[str], tmp_path: Path) -> None:
    """Naming one entry drops the others: what a script may use of those that the token had stays."""
    story = Story()
    story.on(permissions={"Contents": "read", "Issues": "write", "Metadata": "read"})
    story.workflow(job(before, runs("git push origin main")))
    story.bad(PUSH)
    patch = story.told(tmp_path).diagnosis.patch

    assert added == [line[1:].strip() for line in patch.splitlines() if line.startswith("+ ")]


@pytest.mark.parametrize(
    ("documentation", "needs"),
    [
        ("issues/comments#create-an-issue-comment", "issues: write"),
        ("checks/runs#create-a-check-run", "checks: write"),
        ("deployments/deployments#create-a-deployment", "deployments: write"),
    ],
)
def test_a_refused_endpoint_names_its_permission(documentation: str, needs: str, tmp_path: Path) -> None:
    """GitHub's answer links the endpoint's page, and the table tells what it needs."""
    story = Story()
    story.workflow(job("uses: actions/github-script@v7", permissions="contents: read"))
    story.bad(action("actions/github-script@v7", {"github-token": "***"}).says(
        f"RequestError [HttpError]: {DENIED} - https://docs.github.com/rest/{documentation}", "  status: 403,",
        f"##[error]Unhandled error: HttpError: {DENIED}"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("workflow_permissions", "certain", needs) == told.verdict
    assert lacked(needs) == told.says("token_permissions")
    assert f"+  {needs}" in told.page
    assert {
        "credential_invalid": "GitHub knew the token; for one that it does not know it says `Bad credentials`.",
        "rate_limited": "Rate-limit headers in the dump stand on every answer of GitHub.",
    } == told.excluded


def test_a_mutation_of_graphql_names_its_permission(tmp_path: Path) -> None:
    """`gh` prints the mutation that was refused."""
    story = Story()
    story.workflow(job(runs("gh issue comment 12 --body hello"), permissions="contents: read"))
    story.bad(script("gh issue comment 12 --body hello", GH_TOKEN="***").says(f"GraphQL: {DENIED} (addComment)"))
    told = story.told(tmp_path)

    assert ("workflow_permissions", "certain") == told.verdict[:2]
    assert "issues: write" in told.verdict[2]
    assert "+  issues: write" in told.page


def test_what_no_permissions_entry_can_grant_is_said(tmp_path: Path) -> None:
    """Branch protection needs another token."""
    story = Story()
    story.bad(script("gh api -X PUT repos/octo-org/octo-app/branches/main/protection", GH_TOKEN="***").says(
        f"gh: {DENIED} (HTTP 403)"))  # fmt: skip
    told = story.told(tmp_path)

    assert ("workflow_permissions", "certain") == told.verdict[:2]
    assert ["The call needs `administration: write`, which no `permissions:` entry can give to GITHUB_TOKEN."] == (
        told.says("token_permissions")
    )
    assert (
        "Use the token of a GitHub App or a fine-grained personal access token with `administration: write` here"
    ) in told.steps
    assert "" == told.diagnosis.patch


def test_a_token_that_had_the_right_points_to_a_rule(tmp_path: Path) -> None:
    """`contents: write` was printed, and the push is refused all the same."""
    story = Story()
    story.on(permissions={"Contents": "write", "Metadata": "read"})
    story.bad(PUSH)

    assert [
        "The call needs `contents: write`, which the token had: what refuses is a rule of the repository or organisation."
    ] == story.told(tmp_path).says("token_permissions")


def test_a_line_is_quoted_once(tmp_path: Path) -> None:
    """Two generic signatures on one line are one fact."""
    story = Story()
    story.bad(PUSH)
    lines = story.told(tmp_path).lines

    assert sorted(set(lines)) == sorted(lines)
