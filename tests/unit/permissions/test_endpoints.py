"""The expected entries were read in GitHub's table of permissions per endpoint, not in ours."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.permissions import needed, needed_for_documentation
from failure_investigator.permissions.endpoints import BESIDES, endpoints

R = "/repos/octo-org/octo-app"
WORKFLOWS_USE = [
    ("GET", f"{R}/actions/runs", "actions: read"),
    ("GET", f"{R}/actions/runs/17/jobs", "actions: read"),
    ("GET", f"{R}/actions/jobs/4/logs", "actions: read"),
    ("GET", f"{R}/actions/artifacts", "actions: read"),
    ("GET", f"{R}/actions/artifacts/9/zip", "actions: read"),
    ("DELETE", f"{R}/actions/artifacts/9", "actions: write"),
    ("DELETE", f"{R}/actions/caches", "actions: write"),
    ("GET", f"{R}/actions/caches", "actions: read"),
    ("POST", f"{R}/actions/runs/17/cancel", "actions: write"),
    ("POST", f"{R}/actions/runs/17/rerun-failed-jobs", "actions: write"),
    ("DELETE", f"{R}/actions/runs/17", "actions: write"),
    ("POST", f"{R}/actions/workflows/ci.yml/dispatches", "actions: write"),
    ("PUT", f"{R}/actions/workflows/ci.yml/enable", "actions: write"),
    ("POST", f"{R}/actions/runs/17/pending_deployments", "deployments: write"),
    ("GET", f"{R}/environments", "actions: read"),
    ("POST", f"{R}/attestations", "attestations: write"),
    ("GET", f"{R}/attestations/sha256:0a", "attestations: read"),
    ("POST", f"{R}/check-runs", "checks: write"),
    ("PATCH", f"{R}/check-runs/4", "checks: write"),
    ("GET", f"{R}/commits/main/check-runs", "checks: read"),
    ("GET", f"{R}/check-suites/4/check-runs", "checks: read"),
    ("POST", f"{R}/code-scanning/sarifs", "security-events: write"),
    ("GET", f"{R}/code-scanning/alerts", "security-events: read"),
    ("PATCH", f"{R}/code-scanning/alerts/3", "security-events: write"),
    ("GET", f"{R}/commits/main/status", "statuses: read"),
    ("POST", f"{R}/statuses/0a1b2c", "statuses: write"),
    ("GET", f"{R}/commits", "contents: read"),
    ("GET", f"{R}/commits/main", "contents: read"),
    ("POST", f"{R}/commits/0a1b/comments", "contents: read"),
    ("GET", f"{R}/compare/main...next", "contents: read"),
    ("GET", f"{R}/contents/README.md", "contents: read"),
    ("PUT", f"{R}/contents/docs/a.md", "contents: write"),
    ("DELETE", f"{R}/contents/docs/a.md", "contents: write"),
    ("POST", f"{R}/dispatches", "contents: write"),
    ("POST", f"{R}/git/blobs", "contents: write"),
    ("POST", f"{R}/git/commits", "contents: write"),
    ("POST", f"{R}/git/trees", "contents: write"),
    ("POST", f"{R}/git/tags", "contents: write"),
    ("POST", f"{R}/git/refs", "contents: write"),
    ("PATCH", f"{R}/git/refs/heads/main", "contents: write"),
    ("DELETE", f"{R}/git/refs/tags/v1", "contents: write"),
    ("POST", f"{R}/merges", "contents: write"),
    ("PUT", f"{R}/pulls/5/merge", "contents: write"),
    ("POST", f"{R}/releases", "contents: write"),
    ("PATCH", f"{R}/releases/8", "contents: write"),
    ("GET", f"{R}/releases/latest", "contents: read"),
    ("GET", f"{R}/releases/tags/v1", "contents: read"),
    ("POST", f"{R}/releases/generate-notes", "contents: write"),
    ("DELETE", f"{R}/releases/assets/3", "contents: write"),
    ("GET", f"{R}/tarball/main", "contents: read"),
    ("POST", f"{R}/dependency-graph/snapshots", "contents: write"),
    ("GET", f"{R}/dependency-graph/compare/main...next", "contents: read"),
    ("GET", f"{R}/branches", "contents: read"),
    ("GET", f"{R}/dependabot/alerts", "vulnerability-alerts: read"),
    ("POST", f"{R}/deployments", "deployments: write"),
    ("POST", f"{R}/deployments/3/statuses", "deployments: write"),
    ("GET", f"{R}/deployments", "deployments: read"),
    ("POST", f"{R}/issues", "issues: write"),
    ("GET", f"{R}/issues", "issues: read"),
    ("POST", f"{R}/issues/5/reactions", "issues: write"),
    ("POST", f"{R}/issues/5/sub_issues", "issues: write"),
    ("GET", f"{R}/pages", "pages: read"),
    ("POST", f"{R}/pages/builds", "pages: write"),
    ("POST", f"{R}/pages/deployments", "pages: write"),
    ("GET", f"{R}/pulls", "pull-requests: read"),
    ("POST", f"{R}/pulls", "pull-requests: write"),
    ("PATCH", f"{R}/pulls/5", "pull-requests: write"),
    ("GET", f"{R}/pulls/5/files", "pull-requests: read"),
    ("POST", f"{R}/pulls/5/reviews", "pull-requests: write"),
    ("POST", f"{R}/pulls/5/comments", "pull-requests: write"),
    ("POST", f"{R}/pulls/5/requested_reviewers", "pull-requests: write"),
    ("GET", f"{R}/commits/0a1b/pulls", "pull-requests: read"),
    ("POST", f"{R}/releases/8/assets", "contents: write"),
    ("GET", "/orgs/octo-org/packages/container/app/versions", "packages: read"),
    ("DELETE", "/users/octocat/packages/npm/app/versions/3", "packages: write"),
]
EITHER = [
    ("POST", f"{R}/issues/5/comments", "write"),
    ("PATCH", f"{R}/issues/comments/5", "write"),
    ("GET", f"{R}/issues/5/comments", "read"),
    ("POST", f"{R}/issues/5/labels", "write"),
    ("DELETE", f"{R}/issues/5/labels/bug", "write"),
    ("PATCH", f"{R}/issues/5", "write"),
    ("POST", f"{R}/issues/5/assignees", "write"),
    ("PUT", f"{R}/issues/5/lock", "write"),
    ("POST", f"{R}/labels", "write"),
    ("GET", f"{R}/labels/bug", "read"),
    ("POST", f"{R}/milestones", "write"),
]
NOT_GRANTABLE = [
    ("PATCH", R, ["administration: write"]),
    ("PUT", f"{R}/actions/secrets/TOKEN", ["secrets: write"]),
    ("GET", f"{R}/actions/variables", ["actions_variables: read"]),
    ("PUT", f"{R}/environments/prod", ["administration: write"]),
    ("GET", f"{R}/environments/prod/secrets", ["environments: read"]),
    ("PUT", f"{R}/branches/main/protection", ["administration: write"]),
    ("POST", f"{R}/hooks", ["repository_hooks: write"]),
    ("POST", f"{R}/pages", ["administration: write", "pages: write"]),
    ("POST", f"{R}/forks", ["administration: write", "contents: read"]),
    ("PUT", f"{R}/contents/.github/workflows/ci.yml", ["contents: write", "workflows: write"]),
    ("GET", "/orgs/octo-org/members", ["members: read"]),
    ("PUT", "/orgs/octo-org/teams/core/repos/octo-org/octo-app", ["administration: write", "members: read"]),
    ("PATCH", f"{R}/dependabot/alerts/3", ["vulnerability-alerts: write"]),
    ("POST", f"{R}/actions/runners/registration-token", ["administration: write"]),
    ("GET", f"{R}/secret-scanning/alerts", ["secret_scanning_alerts: read"]),
]

KNOWN = """
actions actions_variables administration agent_secrets agent_variables artifact-metadata attestations blocking
checks codespaces codespaces_lifecycle_admin codespaces_metadata codespaces_secrets codespaces_user_secrets contents
copilot_agent_settings dependabot_secrets deployments emails enterprise_copilot_metrics enterprise_teams environments
followers gists git_signing_ssh_public_keys gpg_keys interaction_limits issue_fields issue_types issues keys members
org_copilot_content_exclusion organization_actions_variables organization_administration organization_agent_secrets
organization_agent_variables organization_api_insights organization_campaigns organization_codespaces
organization_codespaces_secrets organization_codespaces_settings organization_copilot_agent_settings
organization_copilot_metrics organization_copilot_seat_management organization_copilot_spaces
organization_custom_org_roles organization_custom_properties organization_dependabot_secrets organization_events
organization_hooks organization_network_configurations organization_personal_access_token_requests
organization_personal_access_tokens organization_private_registries organization_projects
organization_runner_custom_images organization_secrets organization_self_hosted_runners organization_user_blocking
packages pages plan private_repository_invitations profile pull-requests repository-projects repository_advisories
repository_custom_properties repository_hooks secret_scanning_alerts secrets security-events starring statuses
vulnerability-alerts watching workflows
"""
"""Every permission that the table names."""


def _entries(method: str | None, path: str) -> list[str]:
    need = needed(method, path)
    assert need is not None, (method, path)
    return [str(entry) for entry in need.entries]


@pytest.mark.parametrize(("method", "path", "expected"), WORKFLOWS_USE)
def test_endpoints_of_workflows_need_one_key(method: str, path: str, expected: str) -> None:
    """What workflows call, and the one entry under `permissions:` that grants it."""
    assert [expected] == _entries(method, path)
    need = needed(method, path)
    assert need is not None
    assert need.grantable


@pytest.mark.parametrize(("method", "path", "level"), EITHER)
def test_issues_and_pull_requests_share_endpoints(method: str, path: str, level: str) -> None:
    """Comments, labels, assignees and milestones take either right."""
    need = needed(method, path)
    assert need is not None
    assert [[f"issues: {level}"], [f"pull-requests: {level}"]] == [[str(entry) for entry in one] for one in need.sets]


@pytest.mark.parametrize(("method", "path", "expected"), NOT_GRANTABLE)
def test_what_no_key_grants_is_named_as_such(method: str, path: str, expected: list[str]) -> None:
    """The permission of an App is named, and that `permissions:` cannot give it."""
    need = needed(method, path)
    assert need is not None
    assert expected == _entries(method, path)
    assert not need.grantable


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.github.com/repos/o/r/issues?state=open&per_page=100", "issues: write"),
        ("https://api.github.com/repos/o/r/issues#fragment", "issues: write"),
        ("https://API.GITHUB.COM/repos/o/r/issues", "issues: write"),
        ("https://github.example.com/api/v3/repos/o/r/issues", "issues: write"),
        ("https://github.example.com:8443/api/v3/repos/o/r/issues", "issues: write"),
        ("https://api.octo.ghe.com/repos/o/r/issues", "issues: write"),
        ("/api/v3/repos/o/r/issues", "issues: write"),
        ("repos/o/r/issues", "issues: write"),
        ("/repos/***/***/issues", "issues: write"),
        ("/repos/{owner}/{repo}/issues", "issues: write"),
        ("'/repos/o/r/issues/'", "issues: write"),
        ("https://uploads.github.com/repos/o/r/releases/8/assets?name=app.zip", "contents: write"),
        ("https://github.example.com/api/uploads/repos/o/r/releases/8/assets?name=a", "contents: write"),
        ("https://ghcr.io/v2/o/r/blobs/uploads/", "packages: write"),
        ("https://npm.pkg.github.com/@o%2fr", "packages: write"),
        ("https://maven.pkg.github.com/o/r/a/1/a-1.jar", "packages: write"),
        ("https://models.github.ai/inference/chat/completions", "models: read"),
    ],
)
def test_urls_of_every_form_are_understood(url: str, expected: str) -> None:
    """Query strings, other ports, Enterprise Server, GHE.com, masked and templated parts."""
    assert [expected] == _entries("POST", url)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/repos/o/r/issues",
        "https://github.com/repos/o/r/issues",
        "https://evil.example/?api.github.com/repos/o/r/issues",
        "https://[bad/repos/o/r/issues",
        "/rate_limit",
        "/graphql",
        "/orgs/octo-org/something/else",
        "",
        "/",
        "https://api.github.com",
    ],
)
def test_other_hosts_and_unknown_paths_have_no_answer(url: str) -> None:
    """None rather than a guess."""
    assert needed("POST", url) is None


def test_the_most_specific_template_wins() -> None:
    """`latest` is no release id, `generate-notes` neither, and `enforce_admins` no branch."""
    expected = [
        "releases/releases#get-the-latest-release",
        "releases/releases#get-a-release",
        "releases/releases#generate-release-notes-content-for-a-release",
        "repos/rules#get-rules-for-a-branch",
        "actions/secrets#get-a-repository-public-key",
    ]
    asked = [
        needed("GET", f"{R}/releases/latest"),
        needed("GET", f"{R}/releases/17"),
        needed("POST", f"{R}/releases/generate-notes"),
        needed("GET", f"{R}/rules/branches/main"),
        needed("GET", f"{R}/actions/secrets/public-key"),
    ]
    assert [f"https://docs.github.com/rest/{page}" for page in expected] == [need.source for need in asked if need]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{R}/issues", ["issues: read"]),
        (f"{R}/statuses/0a1b", ["statuses: write"]),
        (f"{R}/git/refs/heads/main", ["contents: write"]),
        (f"{R}/pages", ["pages: read"]),
        (f"{R}/pulls/5/merge", None),
        (f"{R}/environments/prod", None),
        (R, []),
    ],
)
def test_without_a_method_it_is_the_least_of_all(path: str, expected: list[str] | None) -> None:
    """Never too much: what every method of the path needs, or nothing is said."""
    need = needed(None, path)
    assert expected == ([str(entry) for entry in need.entries] if need else None)


def test_what_only_users_may_do_is_said() -> None:
    """`GET /user` is refused to GITHUB_TOKEN whatever it was granted."""
    for method, path in (
        ("GET", "/user"),
        (None, "/user"),
        ("GET", "/user/orgs"),
        ("POST", "/gists"),
        ("GET", "/user/repos"),
    ):
        need = needed(method, path)
        assert need is not None
        assert (False, False) == (need.installation, need.grantable)
        assert "GITHUB_TOKEN" in need.note


def test_head_is_get_and_metadata_is_nothing() -> None:
    """Every token may read the metadata, so nothing has to be granted."""
    need = needed("head", R)
    assert need is not None
    assert ((),) == need.sets
    assert need.grantable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://docs.github.com/rest/issues/comments#create-an-issue-comment", ["issues: write"]),
        (
            '{"documentation_url":"https://docs.github.com/rest/checks/runs#create-a-check-run","status":"403"}',
            ["checks: write"],
        ),
        ("https://docs.github.com/en/rest/releases/releases#create-a-release", ["contents: write"]),
        ("https://docs.github.com/rest/reference/repos#create-a-release", ["contents: write"]),
        (
            "https://docs.github.com/enterprise-server@3.14/rest/pulls/pulls#create-a-pull-request",
            ["pull-requests: write"],
        ),
        ("https://docs.github.com/rest/releases/assets#upload-a-release-asset", ["contents: write"]),
        ("https://docs.github.com/rest/actions/secrets#get-a-repository-secret", ["secrets: read"]),
        ("https://docs.github.com/rest/nothing#get-a-repository-secret", None),
        ("https://docs.github.com/rest/issues/comments", None),
        ("https://example.com/rest/issues/comments#create-an-issue-comment", None),
    ],
)
def test_the_page_that_a_refusal_names_is_enough(text: str, expected: list[str] | None) -> None:
    """GitHub's answer names its documentation; where a fragment is ambiguous nothing is said."""
    need = needed_for_documentation(text)
    assert expected == ([str(entry) for entry in need.entries] if need else None)


@given(st.sampled_from(["GET", "POST", None, "", "odd"]), st.text(max_size=60))
def test_no_text_makes_it_raise(method: str | None, text: str) -> None:
    """What a log shows as a URL can be anything."""
    needed(method, text)
    needed(method, "https://api.github.com/" + text)
    needed_for_documentation(text)


def _table() -> list[str]:
    return files("failure_investigator.permissions").joinpath("endpoints.tsv").read_text("utf-8").splitlines()


def test_the_table_says_where_it_is_from() -> None:
    """Source, commit, date and hash of the document stand in its head."""
    head = dict(line[2:].split(": ", 1) for line in _table() if line.startswith("# ") and ": " in line)
    assert "github/docs" in head["source"]
    assert re.fullmatch(r"[0-9a-f]{40}", head["commit"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", head["date"])
    assert re.fullmatch(r"[0-9a-f]{64}", head["sha256"])


def test_the_table_is_sorted_and_says_nothing_twice() -> None:
    """By path, then by method; one line an endpoint, and nothing of what stands besides it."""
    keys = [tuple(line.split("\t")[1::-1]) for line in _table() if line[0] != "#"]
    assert sorted(set(keys)) == keys
    assert not set(keys) & {tuple(line.split(" ")[1::-1]) for line in BESIDES.splitlines()}


def test_every_line_of_the_table_is_read() -> None:
    """Methods, templates, permissions and pages have their form, and each template finds itself."""
    for line in (line for line in _table() if line[0] != "#"):
        method, path, sets, works, page = line.split("\t")
        assert method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        assert re.fullmatch(r"(?:/(?:[A-Za-z0-9_.-]+|\{[a-z_-]+\}))+", path), path
        assert re.fullmatch(r"[a-z_]+=(?:read|write|admin)(?:(?:,|; )[a-z_]+=(?:read|write|admin))*", sets), sets
        assert works in ("yes", "no")
        assert re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+#[a-z0-9-]+", page), page
        found = needed(method, path.replace("{enablement}", "enable_all"))
        assert found is not None
        assert f"https://docs.github.com/rest/{page}" == found.source, path


def test_the_permissions_are_known() -> None:
    """A permission that is new in the document is seen before it is believed."""
    known = KNOWN.split()
    named = {entry.name for endpoint in endpoints() for one in endpoint.need.sets for entry in one}
    assert sorted(known) == sorted(named)
