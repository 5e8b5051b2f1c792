"""GitHub's answers, validated at the border: only the fields that a sweep uses, as types of `model.py`.

Shapes: https://docs.github.com/en/rest/actions/workflow-runs and https://docs.github.com/en/rest/actions/workflow-jobs.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, overload

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationError

from failure_investigator.errors import IncompleteError
from failure_investigator.model import Job, Repository, Run, Step, Visibility, Workflow

Page = TypeVar("Page", bound="Payload")


class Payload(BaseModel):
    """An object of an answer; fields that are not named here are ignored, for GitHub adds some every month."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _at_least(count: object) -> object:
    return re.sub(r"[,+]", "", count) if isinstance(count, str) else count


class Account(Payload):
    """A user or bot."""

    login: str


class RepositoryName(Payload):
    """A repository where it is mentioned."""

    full_name: str


class RepositoryPayload(Payload):
    """`GET /repos/{owner}/{repo}`."""

    full_name: str
    private: bool = False
    visibility: Visibility | None = None
    default_branch: str
    has_issues: bool = True
    html_url: str = ""
    archived: bool = False
    disabled: bool = False
    topics: tuple[str, ...] = ()

    def to_model(self) -> Repository:
        """The repository; a server that tells no visibility tells `private`."""
        visibility: Visibility = self.visibility or ("private" if self.private else "public")
        return Repository(self.full_name, visibility, self.default_branch, self.has_issues, self.html_url)


class RepositoriesPage(Payload):
    """A page of repositories."""

    repositories: tuple[RepositoryPayload, ...]


class InstallationPage(RepositoriesPage):
    """`GET /installation/repositories`."""

    total_count: int
    repository_selection: str = ""


class EntryPayload(Payload):
    """One entry of a folder."""

    name: str
    type: str = ""


class FolderPayload(Payload):
    """`GET /repos/{owner}/{repo}/contents/{path}` of a folder: https://docs.github.com/en/rest/repos/contents."""

    entries: tuple[EntryPayload, ...]


class RunPayload(Payload):
    """One run of `GET /repos/{owner}/{repo}/actions/runs`."""

    id: int
    run_number: int
    run_attempt: int = 1
    workflow_id: int
    name: str | None = None
    display_title: str | None = None
    path: str = ""
    event: str
    head_branch: str | None = None
    head_sha: str = ""
    head_repository: RepositoryName | None = None
    triggering_actor: Account | None = None
    actor: Account | None = None
    conclusion: str | None = None
    created_at: AwareDatetime
    run_started_at: AwareDatetime | None = None
    updated_at: AwareDatetime
    html_url: str = ""

    @property
    def plain_path(self) -> str:
        """The workflow's path without the `@ref` that required and reusable workflows carry."""
        return self.path.partition("@")[0]

    @property
    def name_may_be_title(self) -> bool:
        """Whether `name` could be this run's title: with `run-name:` GitHub sends the title in both fields.

        Source: https://github.com/actions/runner/issues/4141.
        """
        return not self.name or self.name == self.display_title

    def to_model(self, repository: str, workflow: Workflow) -> Run:
        """The run, with the workflow that its id stands for."""
        started = self.run_started_at or self.created_at
        who = self.triggering_actor or self.actor
        return Run(
            repository=repository,
            id=self.id,
            attempt=self.run_attempt,
            number=self.run_number,
            workflow=workflow,
            title=self.display_title or self.name or "",
            event=self.event,
            branch=self.head_branch or "",
            head_sha=self.head_sha,
            head_repository=self.head_repository.full_name if self.head_repository else "",
            actor=who.login if who else "",
            conclusion=self.conclusion or "",
            created_at=_utc(self.created_at),
            started_at=_utc(started),
            updated_at=_utc(self.updated_at),
            url=self.html_url,
        )


class RunsPage(Payload):
    """A page of runs; above 2,500 GitHub reports "2,500+" for their number, which is more than any query lists.

    Source: https://github.blog/changelog/2026-09-25-changes-to-query-results-in-the-github-actions-api-and-ui.
    """

    total_count: Annotated[int, BeforeValidator(_at_least)]
    workflow_runs: tuple[RunPayload, ...]


class WorkflowPayload(Payload):
    """One workflow of `GET /repos/{owner}/{repo}/actions/workflows`."""

    id: int
    name: str
    path: str = ""
    state: str = "active"


class WorkflowsPage(Payload):
    """A page of workflows."""

    total_count: int
    workflows: tuple[WorkflowPayload, ...]


class StepPayload(Payload):
    """A step of a job."""

    number: int
    name: str
    conclusion: str | None = None
    started_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None


class JobPayload(Payload):
    """One job of `GET /repos/{owner}/{repo}/actions/runs/{run}/attempts/{attempt}/jobs`."""

    id: int
    run_id: int
    run_attempt: int | None = None
    name: str
    conclusion: str | None = None
    html_url: str | None = None
    started_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    steps: tuple[StepPayload, ...] | None = None

    def to_model(self, attempt: int) -> Job:
        """The job; `attempt` stands in where the server does not repeat it."""
        steps = (
            Step(step.number, step.name, step.conclusion or "", _utc(step.started_at), _utc(step.completed_at))
            for step in self.steps or ()
        )
        return Job(
            id=self.id,
            run_id=self.run_id,
            attempt=self.run_attempt or attempt,
            name=self.name,
            conclusion=self.conclusion or "",
            url=self.html_url or "",
            started_at=_utc(self.started_at),
            completed_at=_utc(self.completed_at),
            steps=tuple(steps),
        )


class JobsPage(Payload):
    """A page of jobs."""

    total_count: int
    jobs: tuple[JobPayload, ...]


def parse(kind: type[Page], data: Any, doing: str) -> Page:
    """`data` as this kind of page. Raises `IncompleteError` when it is not one: never read as an empty page."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise IncompleteError(
            f"Could not {doing}",
            why=f"the API's answer is not what GitHub documents: {where}: {first['msg']}",
            do="Check GITHUB_API_URL",
        ) from error


@overload
def _utc(moment: datetime) -> datetime: ...
@overload
def _utc(moment: datetime | None) -> datetime | None: ...
def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
