from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.permissions import (
    Need,
    needed_for_action,
    needed_for_command,
    needed_for_gh,
    needed_for_git,
    needed_for_graphql,
)
from failure_investigator.permissions.operations import operations


def _shown(need: Need | None) -> list[list[str]] | None:
    return [[str(entry) for entry in one] for one in need.sets] if need else None


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("push", [["contents: write"]]),
        ("git push", [["contents: write"]]),
        ("push workflows", [["contents: write", "workflows: write"]]),
        ("fetch", [["contents: read"]]),
        ("git clone", [["contents: read"]]),
        ("packages push", [["packages: write"]]),
        ("ghcr push", [["packages: write"]]),
        ("docker pull", [["packages: read"]]),
        ("oidc", [["id-token: write"]]),
        ("deploy pages", [["pages: write", "id-token: write"]]),
        ("sarif upload", [["security-events: write"]]),
        ("models", [["models: read"]]),
        ("rebase", None),
    ],
)
def test_git_packages_and_oidc(operation: str, expected: list[list[str]] | None) -> None:
    """Each operation has its entries; a push of workflow files is never GITHUB_TOKEN's."""
    need = needed_for_git(operation)
    assert expected == _shown(need)
    assert need is None or need.grantable == ("workflows" not in operation)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("addComment", [["issues: write"], ["pull-requests: write"]]),
        ("createPullRequest", [["contents: read", "pull-requests: write"]]),
        ("addLabelsToLabelable", [["issues: write"], ["pull-requests: write"]]),
        ("enablePullRequestAutoMerge", [["contents: write", "pull-requests: write"]]),
        ("createCommitOnBranch", [["contents: write"]]),
        ("addDiscussionComment", [["discussions: write"]]),
        ("updateProjectV2ItemFieldValue", [["organization_projects: write"]]),
        ("mergePullRequest", [["contents: write"]]),
        ("repository.pullRequests.nodes.0.statusCheckRollup.nodes.0.commit.statusCheckRollup",
         [["checks: read", "statuses: read"]]),
        ("repository.pullRequests.nodes.0", [["pull-requests: read"]]),
        ("Resource not accessible by integration (addComment)", [["issues: write"], ["pull-requests: write"]]),
        ("somethingElse", None),
        ("", None),
    ],
)  # fmt: skip
def test_graphql_by_name_or_path(name: str, expected: list[list[str]] | None) -> None:
    """A mutation's name, a field's path or a whole refusal."""
    assert expected == _shown(needed_for_graphql(name))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("gh pr create --fill", ["contents: read", "pull-requests: write"]),
        ("gh pr merge --auto --squash 5", ["contents: write", "pull-requests: write"]),
        ("gh release create v1 dist/*", ["contents: write"]),
        ("gh release upload v1 app.zip", ["contents: write"]),
        ("gh issue comment 5 --body x", ["issues: write"]),
        ("gh issue ls", ["issues: read"]),
        ("gh issue create --title 'a b'", ["issues: write"]),
        ("gh workflow run ci.yml --ref main", ["actions: write"]),
        ("gh run rerun 5 --failed", ["actions: write"]),
        ("gh cache delete --all", ["actions: write"]),
        ("gh secret set TOKEN", ["secrets: write"]),
        ("gh project item-add 3", ["organization_projects: write"]),
        ("gh api repos/o/r/issues", ["issues: read"]),
        ("gh api /repos/o/r/issues -f title=x", ["issues: write"]),
        ("gh api -X POST repos/o/r/check-runs --input -", ["checks: write"]),
        ("gh api --method=PATCH repos/o/r/pulls/5 -f state=closed", ["pull-requests: write"]),
        ("gh api -XDELETE repos/o/r/git/refs/heads/x", ["contents: write"]),
        ("gh api -H 'Accept: application/json' repos/{owner}/{repo}/pulls", ["pull-requests: read"]),
        ("gh api repos/o/r/pulls | jq .", ["pull-requests: read"]),
        ("gh api https://github.example.com/api/v3/repos/o/r/pulls", ["pull-requests: read"]),
        ("gh api graphql -f query=x", None),
        ("gh api", None),
        ("gh api 'unclosed", None),
        ("gh alias", None),
        ("gh extension install x/y", None),
        ("gh --version", None),
        ("gh api -X", None),
    ],
)
def test_gh_commands(command: str, expected: list[str] | None) -> None:
    """Subcommands from the table; `gh api` from its request: GET, or POST once there is a field."""
    shown = _shown(needed_for_gh(command))
    assert expected == (shown[0] if shown else None)


@pytest.mark.parametrize(
    ("uses", "inputs", "expected"),
    [
        ("actions/checkout@v4", {}, ["contents: read"]),
        ("Actions/Checkout@11bd71901bbe5b1630ceea73d27597364c9af683", {}, ["contents: read"]),
        ("actions/create-release@v1", {}, ["contents: write"]),
        ("actions/upload-release-asset@v1", {}, ["contents: write"]),
        ("actions/deploy-pages@v4", {}, ["pages: write", "id-token: write"]),
        ("actions/configure-pages@v5", {}, ["pages: read"]),
        ("actions/configure-pages@v5", {"enablement": "true"}, ["administration: write", "pages: write"]),
        ("github/codeql-action/upload-sarif@v3", {}, ["security-events: write"]),
        ("github/codeql-action/analyze@v3", {}, ["security-events: write"]),
        ("actions/attest-build-provenance@v2", {}, ["id-token: write", "attestations: write"]),
        ("actions/labeler@v5", {}, ["contents: read", "pull-requests: write"]),
        ("actions/stale@v9", {}, ["issues: write", "pull-requests: write"]),
        ("actions/dependency-review-action@v4", {}, ["contents: read"]),
        ("actions/dependency-review-action@v4", {"comment-summary-in-pr": "always"}, ["contents: read", "pull-requests: write"]),
        ("docker/login-action@v3", {"registry": "ghcr.io"}, ["packages: read"]),
        ("docker/login-action@v3", {"username": "x"}, None),
        ("aws-actions/configure-aws-credentials@v4", {"role-to-assume": "arn:aws:iam::1:role/x"}, ["id-token: write"]),
        ("aws-actions/configure-aws-credentials@v4", {"aws-access-key-id": "x"}, None),
        ("google-github-actions/auth@v2", {"workload_identity_provider": "projects/1"}, ["id-token: write"]),
        ("azure/login@v2", {"client-id": "x"}, ["id-token: write"]),
        ("azure/login@v2", {"creds": "x"}, None),
        ("hashicorp/vault-action@v3", {"method": "JWT"}, ["id-token: write"]),
        ("pypa/gh-action-pypi-publish@release/v1", {}, ["id-token: write"]),
        ("pypa/gh-action-pypi-publish@release/v1", {"password": "${{ secrets.PYPI }}"}, None),
        ("peter-evans/create-pull-request@v7", {}, ["contents: write", "pull-requests: write"]),
        ("softprops/action-gh-release@v2", {}, ["contents: write"]),
        ("actions/github-script@v7", {"script": "x"}, None),
        ("./local", {}, None),
        ("docker://alpine:3", {}, None),
        ("", {}, None),
    ],
)  # fmt: skip
def test_actions(uses: str, inputs: dict[str, str], expected: list[str] | None) -> None:
    """What an action needs can hang on its inputs; any version and spelling of its name will do."""
    shown = _shown(needed_for_action(uses, inputs))
    assert expected == (shown[0] if shown else None)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("set -e\ngit commit -m x && git push origin HEAD\n", ["contents: write"]),
        ("git -c user.name=x push", ["contents: write"]),
        ("git lfs push origin main", ["contents: write"]),
        ("GH_TOKEN=x gh issue create -t x; gh issue list", ["issues: write", "issues: read"]),
        ("if gh pr view 5; then gh pr comment 5; fi", ["pull-requests: read", "pull-requests: write"]),
        ("url=$(gh release view v1)", ["contents: read"]),
        ("docker push ghcr.io/o/r:1", ["packages: write"]),
        ("docker push docker.io/o/r:1", []),
        ("gh release create v1 \\\n  --notes x", ["contents: write"]),
        ("echo git push", []),
        ("# gh pr create", []),
        ("", []),
    ],
)
def test_scripts(script: str, expected: list[str]) -> None:
    """Every command of a script that is known to need something, and nothing that is only mentioned."""
    assert expected == [str(need.entries[0]) for need in needed_for_command(script)]


@given(st.text(max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    """Names and commands come from logs."""
    for ask in (needed_for_git, needed_for_graphql, needed_for_gh, needed_for_action, needed_for_command):
        ask(text)
    needed_for_gh("gh api " + text)
    needed_for_command("gh " + text)


def test_the_table_is_sorted_and_each_line_can_be_read() -> None:
    """No line twice, five columns at most, and permissions in every line but `gh api`."""
    text = files("failure_investigator.permissions").joinpath("operations.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line[0] != "#"]
    names = [tuple(line[:2]) for line in lines]
    assert sorted(set(names)) == names
    assert all(len(line) in (4, 5) for line in lines)
    unread = [one.name for group in operations().values() for one in group if one.need is None]
    assert ["api"] == unread
