"""GitHub's JSON shapes, complete enough for its own OpenAPI description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from failure_investigator.model import Job, Repository, Run
    from tests.e2e.standin.world import World

API = "https://api.github.com"
_REPO_URLS = [
    "archive_url",
    "assignees_url",
    "blobs_url",
    "branches_url",
    "collaborators_url",
    "comments_url",
    "commits_url",
    "compare_url",
    "contents_url",
    "contributors_url",
    "deployments_url",
    "downloads_url",
    "events_url",
    "forks_url",
    "git_commits_url",
    "git_refs_url",
    "git_tags_url",
    "hooks_url",
    "issue_comment_url",
    "issue_events_url",
    "issues_url",
    "keys_url",
    "labels_url",
    "languages_url",
    "merges_url",
    "milestones_url",
    "notifications_url",
    "pulls_url",
    "releases_url",
    "stargazers_url",
    "statuses_url",
    "subscribers_url",
    "subscription_url",
    "tags_url",
    "teams_url",
    "trees_url",
]
_PULL_URLS = ["diff_url", "html_url", "patch_url", "url"]
_USER_URLS = [
    "followers_url",
    "following_url",
    "gists_url",
    "starred_url",
    "subscriptions_url",
    "organizations_url",
    "repos_url",
    "events_url",
    "received_events_url",
]


def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 with Z, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


def user(login: str) -> dict[str, Any]:
    """A `simple-user`."""
    url = f"{API}/users/{login}"
    kind = "Bot" if login.endswith("[bot]") else "User"
    return {
        "login": login, "id": 41898282, "node_id": "MDM6Qm90", "avatar_url": f"{url}/avatar", "gravatar_id": "",
        "url": url, "html_url": f"https://github.com/{login}", "type": kind, "site_admin": False,
        **{name: f"{url}/{name}" for name in _USER_URLS},
    }  # fmt: skip


def organization(login: str) -> dict[str, Any]:
    """An `organization-full`."""
    url = f"{API}/orgs/{login}"
    return {
        "login": login, "id": 9919, "node_id": "O_1", "url": url, "repos_url": f"{url}/repos", "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks", "issues_url": f"{url}/issues", "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}", "avatar_url": f"{url}/avatar", "description": None,
        "has_organization_projects": True, "has_repository_projects": True, "public_repos": 1, "public_gists": 0,
        "followers": 0, "following": 0, "html_url": f"https://github.com/{login}", "type": "Organization",
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "archived_at": None,
    }  # fmt: skip


def minimal_repository(repository: Repository) -> dict[str, Any]:
    """A `minimal-repository`."""
    url = f"{API}/repos/{repository.name}"
    owner, _, name = repository.name.partition("/")
    return {
        "id": 1296269, "node_id": "MDEwOlJlcG9zaXRvcnkx", "name": name, "full_name": repository.name, "owner": user(owner),
        "private": repository.visibility != "public", "html_url": repository.url, "description": None, "fork": False,
        "url": url, **{name: f"{url}/{name}" for name in _REPO_URLS},
    }  # fmt: skip


def full_repository(repository: Repository, **more: Any) -> dict[str, Any]:
    """A `full-repository`, which is more than the `minimal-repository` of a list needs; `more` says what is special."""
    web = repository.url
    return {
        **minimal_repository(repository), "clone_url": f"{web}.git", "git_url": "git://github.com/x.git", "mirror_url": None,
        "ssh_url": "git@github.com:x.git", "svn_url": web, "homepage": None, "language": None, "forks_count": 0,
        "stargazers_count": 0, "watchers_count": 0, "size": 1, "default_branch": repository.default_branch,
        "open_issues_count": 0, "has_issues": repository.has_issues, "has_projects": True, "has_wiki": True,
        "has_pages": False, "has_downloads": True, "has_discussions": False, "archived": False, "disabled": False,
        "visibility": repository.visibility, "pushed_at": "2026-01-01T00:00:00Z", "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z", "forks": 0, "open_issues": 0, "watchers": 0, "network_count": 0,
        "subscribers_count": 0, "license": None, **more,
    }  # fmt: skip


def run(value: Run, world: World) -> dict[str, Any]:
    """A `workflow-run`."""
    url = f"{API}/repos/{value.repository}/actions/runs/{value.id}"
    person = {"name": "Octo Cat", "email": "octocat@example.com"}
    head = minimal_repository(world.repository)
    if value.head_repository != value.repository:
        head = {**head, "full_name": value.head_repository, "fork": True}
    return {
        "id": value.id, "name": value.workflow.name, "node_id": "WFR_1", "check_suite_id": 1, "check_suite_node_id": "CS_1",
        "head_branch": value.branch or None, "head_sha": value.head_sha, "path": f"{value.workflow.path}@main",
        "run_number": value.number, "run_attempt": value.attempt, "event": value.event, "status": "completed",
        "conclusion": value.conclusion, "workflow_id": value.workflow.id, "url": url, "html_url": value.url,
        "pull_requests": [], "created_at": stamp(value.created_at), "updated_at": stamp(value.updated_at),
        "run_started_at": stamp(value.started_at), "actor": user(value.actor), "triggering_actor": user(value.actor),
        "jobs_url": f"{url}/jobs", "logs_url": f"{url}/logs", "check_suite_url": f"{url}/suite",
        "artifacts_url": f"{url}/artifacts", "cancel_url": f"{url}/cancel", "rerun_url": f"{url}/rerun",
        "workflow_url": f"{url}/workflow", "previous_attempt_url": None, "display_title": value.title,
        "head_commit": {"id": value.head_sha, "tree_id": value.head_sha, "message": "Tidy", "author": person,
                        "committer": person, "timestamp": stamp(value.created_at)},
        "repository": minimal_repository(world.repository), "head_repository": head,
    }  # fmt: skip


def job(value: Job, owner: Run) -> dict[str, Any]:
    """A `job`."""
    url = f"{API}/repos/{owner.repository}/actions/jobs/{value.id}"
    steps = [
        {"name": s.name, "status": "completed", "conclusion": s.conclusion, "number": s.number,
         "started_at": stamp(s.started_at), "completed_at": stamp(s.completed_at)}
        for s in value.steps
    ]  # fmt: skip
    return {
        "id": value.id, "run_id": value.run_id, "run_url": f"{API}/repos/{owner.repository}/actions/runs/{value.run_id}",
        "run_attempt": value.attempt, "node_id": "CR_1", "head_sha": owner.head_sha, "url": url, "html_url": value.url,
        "status": "completed", "conclusion": value.conclusion, "created_at": stamp(owner.created_at),
        "started_at": stamp(value.started_at or owner.started_at), "completed_at": stamp(value.completed_at),
        "name": value.name, "steps": steps, "check_run_url": f"{url}/check", "labels": ["ubuntu-latest"], "runner_id": 1,
        "runner_name": "GitHub Actions 1", "runner_group_id": 2, "runner_group_name": "GitHub Actions",
        "workflow_name": owner.workflow.name, "head_branch": owner.branch or None,
    }  # fmt: skip


def workflow(value: Any, repository: Repository) -> dict[str, Any]:
    """A `workflow`."""
    url = f"{API}/repos/{repository.name}/actions/workflows/{value.id}"
    return {
        "id": value.id, "node_id": "W_1", "name": value.name, "path": value.path, "state": "active",
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "url": url,
        "html_url": f"{repository.url}/blob/main/{value.path}", "badge_url": f"{repository.url}/badge.svg",
    }  # fmt: skip


def branch(name: str, commit: dict[str, Any], repository: Repository) -> dict[str, Any]:
    """A `branch-with-protection`."""
    url = f"{API}/repos/{repository.name}/branches/{name}"
    return {
        "name": name, "commit": commit, "protected": False, "protection": {}, "protection_url": f"{url}/protection",
        "_links": {"self": url, "html": f"{repository.url}/tree/{name}"},
    }  # fmt: skip


def entry(folder: str, name: str, repository: Repository) -> dict[str, Any]:
    """An entry of a `content-directory`; what lies deeper is told as a folder."""
    first, deeper, _ = name.partition("/")
    path = f"{folder}{first}"
    url = f"{API}/repos/{repository.name}/contents/{path}"
    page = f"{repository.url}/blob/main/{path}"
    return {
        "type": "dir" if deeper else "file", "name": first, "path": path, "size": 1, "sha": "0" * 40, "url": url,
        "html_url": page, "git_url": None, "download_url": None,
        "_links": {"self": url, "git": None, "html": page},
    }  # fmt: skip


def label(value: dict[str, Any], repository: Repository) -> dict[str, Any]:
    """A `label`."""
    url = f"{API}/repos/{repository.name}/labels/{value['name']}"
    return {"id": 1, "node_id": "L_1", "url": url, "default": False, **value}


def issue(value: dict[str, Any], world: World) -> dict[str, Any]:
    """An `issue`."""
    repository = world.repository
    url = f"{API}/repos/{repository.name}/issues/{value['number']}"
    labels = [label(world.labels[name], repository) for name in value["labels"]]
    return {
        "id": 1000 + value["number"], "node_id": "I_1", "url": url, "repository_url": f"{API}/repos/{repository.name}",
        "labels_url": f"{url}/labels{{/name}}", "comments_url": f"{url}/comments", "events_url": f"{url}/events",
        "html_url": f"{repository.url}/issues/{value['number']}", "number": value["number"], "state": value["state"],
        "state_reason": value["state_reason"], "title": value["title"], "body": value["body"], "user": user(value["author"]),
        "labels": labels, "assignee": None, "assignees": [], "milestone": None, "locked": False, "comments": 0,
        "closed_at": value["closed_at"], "created_at": value["created_at"], "updated_at": value["updated_at"],
        "author_association": "NONE", "closed_by": user(value["closed_by"]) if value.get("closed_by") else None,
        **({"pull_request": dict.fromkeys(_PULL_URLS)} if value.get("pull_request") else {}),
    }  # fmt: skip


def event(value: dict[str, Any], world: World) -> dict[str, Any]:
    """An event in an issue's history: labels, closing and reopening."""
    told = {
        "id": 9000, "node_id": "E_1", "url": f"{API}/repos/{world.repository.name}/issues/events/9000",
        "actor": user(value["actor"]), "event": value["event"], "commit_id": None, "commit_url": None,
        "created_at": value["created_at"], "performed_via_github_app": None,
    }  # fmt: skip
    if "label" in value:
        return {**told, "label": {key: world.labels[value["label"]][key] for key in ("name", "color")}}
    return {**told, "state_reason": None}


def comment(value: dict[str, Any], number: int, repository: Repository) -> dict[str, Any]:
    """An `issue-comment`."""
    url = f"{API}/repos/{repository.name}/issues/comments/{value['id']}"
    return {
        "id": value["id"], "node_id": "IC_1", "url": url, "html_url": f"{repository.url}/issues/{number}#c{value['id']}",
        "body": value["body"], "user": user(value["author"]), "created_at": value["created_at"],
        "updated_at": value["created_at"], "issue_url": f"{API}/repos/{repository.name}/issues/{number}",
        "author_association": "NONE",
    }  # fmt: skip
