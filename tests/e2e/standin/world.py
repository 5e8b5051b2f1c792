"""What the stand-in knows: a repository, its runs, jobs, logs, files and issues, who may do what, and what goes wrong."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from failure_investigator.model import Job, Repository, Run, Step, Workflow
from failure_investigator.sources.snapshot import SnapshotSource

if TYPE_CHECKING:
    from pathlib import Path

ALL = {"metadata": "read", "actions": "read", "contents": "read", "issues": "write"}
BOT = "github-actions[bot]"


@dataclass
class Token:
    """Who a token is and what it may do; `user` False is an installation, to which `GET /user` is refused."""

    login: str = BOT
    permissions: dict[str, str] = field(default_factory=lambda: dict(ALL))
    user: bool = False
    viewer: bool = True
    """Whether GraphQL tells the token who it is."""
    scopes: str | None = None
    """What `X-OAuth-Scopes` says of a classic token."""
    role: dict[str, bool] = field(default_factory=dict)
    """`permissions` of a repository: its owner's role, for tokens of users."""
    limit: int = 5000
    """Requests an hour; 0 where limits are off, as on most Enterprise Servers."""
    used: int = 0
    sees: frozenset[str] | None = None
    """Names of an organisation's repositories that it may see; None for all."""


@dataclass
class Fault:
    """Something that goes wrong for requests of a method and path, `times` times.

    Kinds: `status` (with `status` and `headers`), `reset` (connection dropped before anything is done), `lost` (done, and
    the reply is lost), `cut` (half of the body), `delay` (seconds).
    """

    method: str
    path: str
    kind: str
    times: int = 1
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "Server Error"
    delay: float = 0.0

    def fits(self, method: str, path: str) -> bool:
        """Whether it strikes now; counts down when it does."""
        if self.times <= 0 or method != self.method or not re.search(self.path, path):
            return False
        self.times -= 1
        return True


@dataclass
class World:
    """Everything that the stand-in answers from."""

    repository: Repository
    now: datetime
    runs: list[Run] = field(default_factory=list)
    jobs: dict[str, list[Job]] = field(default_factory=dict)
    logs: dict[int, bytes] = field(default_factory=dict)
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    labels: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    zips: dict[str, bytes] = field(default_factory=dict)
    """Run zips by `id.attempt` made beforehand, where making them at each request would be measured too."""
    ranges: bool = True
    """Whether the second origin answers Range requests."""
    search_lag: timedelta = timedelta(minutes=12)
    """How old an issue must be before the search index shows it."""
    gone: set[int] = field(default_factory=set)
    """Jobs whose log has expired: 410."""
    others: dict[str, Repository] = field(default_factory=dict)
    """Further repositories that can be looked at, by name; they have no runs and no issues."""
    secrets: dict[str, datetime] = field(default_factory=dict)
    """Names of the repository's secrets and when each was last set."""
    states: dict[str, str] = field(default_factory=dict)
    """State of a workflow by its path, where it is not `active`; a `deleted` one is listed nowhere, and its runs answer 404."""
    ancestry: list[str] = field(default_factory=list)
    """Commits of one line of history, oldest first, for comparisons."""
    writes_a_minute: int = 80
    """Content writes in a minute of the real clock before the secondary limit refuses; GitHub's is about 80."""
    events: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    """What happened to an issue, by its number, oldest first."""
    archived: bool = False
    disabled: bool = False
    topics: tuple[str, ...] = ()
    first_run: int = 30_000_000_000
    """Id of the first run that is added; ids are GitHub's, not a repository's, so worlds beside each other begin apart."""
    deleted: set[int] = field(default_factory=set)
    """Numbers of issues that were deleted: 410."""
    unlisted: set[int] = field(default_factory=set)
    """Numbers of issues that a list leaves out although they are there."""
    branches: set[str] | None = None
    """Names of the branches that exist; None for the default branch and those of all runs."""

    @classmethod
    def from_snapshot(cls, directory: Path) -> World:
        """The world that a snapshot recorded, at the time of its recording."""
        source = SnapshotSource(directory)
        world = cls(source.repository(""), source.manifest.recorded_at)
        for line in (directory / "runs.jsonl").read_text("utf-8").splitlines():
            number = int(re.search(r'"id": (\d+)', line)[1])  # type: ignore[index]
            run = next(r for r in source._runs if r.id == number)
            world.runs.append(run)
            if (directory / "jobs" / f"{run.key}.json").is_file():
                world.jobs[run.key] = list(source.jobs(run) or ())
        for path in (directory / "logs").glob("*.log"):
            world.logs[int(path.stem)] = path.read_bytes()
        for path in (directory / "files").rglob("*.yml"):
            ref, _, inside = path.relative_to(directory / "files").as_posix().partition("/")
            world.files[ref, inside] = path.read_text("utf-8")
        return world

    def add_run(self, workflow: Workflow, started: datetime, conclusion: str = "failure", **changes: Any) -> Run:
        """A new run of ten minutes on the default branch, unless `changes` say otherwise."""
        number = changes.pop("id", self.first_run + len(self.runs))
        values: dict[str, Any] = {
            "repository": self.repository.name,
            "id": number,
            "attempt": 1,
            "number": len(self.runs) + 1,
            "workflow": workflow,
            "title": workflow.name,
            "event": "schedule",
            "branch": self.repository.default_branch,
            "head_sha": f"{number:040x}",
            "head_repository": self.repository.name,
            "actor": "octocat",
            "conclusion": conclusion,
            "created_at": started,
            "started_at": started,
            "updated_at": started + timedelta(minutes=10),
            "url": f"{self.repository.url}/actions/runs/{number}",
        }
        run = Run(**{**values, **changes})
        self.runs.append(run)
        return run

    def add_job(self, run: Run, name: str, lines: list[str], conclusion: str = "failure") -> Job:
        """A job with one step `Run ./NAME` whose output are `lines` (an `env:` block first when lines begin with two blanks)."""
        number = run.id * 1000 + len(self.jobs.get(run.key, []))
        start = run.started_at + timedelta(seconds=5)
        env = [line for line in lines if line.startswith("  ")]
        said = [line for line in lines if not line.startswith("  ")]
        text = [
            "Current runner version: '2.333.1'", "Secret source: Actions", f"Complete job name: {name}",
            f"##[group]Run ./{name}", f"\x1b[36;1m./{name}\x1b[0m", "shell: /usr/bin/bash -e {0}",
            *(["env:", *env] if env else []), "##[endgroup]", *said,
            *(["##[error]Process completed with exit code 1."] if conclusion == "failure" else []),
            "Cleaning up orphan processes",
        ]  # fmt: skip
        stamp = f"{start:%Y-%m-%dT%H:%M:%S}.0000000Z"
        self.logs[number] = ("\ufeff" + "".join(f"{stamp} {line}\n" for line in text)).encode()
        steps = (
            Step(1, "Set up job", "success", start, start),
            Step(2, f"Run ./{name}", conclusion, start, run.updated_at),
            Step(3, "Complete job", "success", run.updated_at, run.updated_at),
        )
        url = f"{run.url}/job/{number}"
        job = Job(number, run.id, run.attempt, name, conclusion, url, run.started_at, run.updated_at, steps)
        self.jobs.setdefault(run.key, []).append(job)
        return job

    def add_token(self, value: str, **changes: Any) -> str:
        """A token that the stand-in knows; returns its value."""
        self.tokens[value] = Token(**changes)
        return value

    def rename(self, **changes: Any) -> None:
        """Change something of the repository."""
        self.repository = dataclasses.replace(self.repository, **changes)

    def next_number(self) -> int:
        """The number of the next issue: none is given twice."""
        return max([0, *self.deleted, *(int(issue["number"]) for issue in self.issues)]) + 1

    def file_issue(self, author: str, title: str, body: str, **changes: Any) -> dict[str, Any]:
        """An issue as the world keeps it."""
        stamp = f"{self.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        issue = {
            "number": self.next_number(), "title": title, "body": body, "state": "open", "state_reason": None,
            "author": author, "labels": [], "created_at": stamp, "updated_at": stamp, "closed_at": None, **changes,
        }  # fmt: skip
        self.issues.append(issue)
        return issue
