"""The live source: GitHub's REST API, by PyGithub for metadata and files and by httpx for logs."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

import httpx
from github.Requester import Requester

from failure_investigator.errors import UnknownError
from failure_investigator.model import Listing
from failure_investigator.sources.base import LONGEST_RUN, PAGE
from failure_investigator.sources.budget import read_budget
from failure_investigator.sources.conditional import ConditionalGet, HitRate
from failure_investigator.sources.github_client import DEFAULT_API_URL, USER_AGENT, connect
from failure_investigator.sources.github_context import RepositoryContext
from failure_investigator.sources.github_errors import explain_errors
from failure_investigator.sources.known_jobs import keep_jobs, kept_jobs
from failure_investigator.sources.log_download import LogDownloader
from failure_investigator.sources.meter import RESERVE, Meter
from failure_investigator.sources.organization import OrganizationLister
from failure_investigator.sources.payloads import FolderPayload, JobPayload, JobsPage, RepositoryPayload, parse
from failure_investigator.sources.run_listing import RunLister
from failure_investigator.sources.run_logs import Prefer, RunLogs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from failure_investigator.model import Comparison, Job, JobLog, Repository, Run, StreamKey, Usage
    from failure_investigator.sources.budget import Budget
    from failure_investigator.sources.organization import Repositories, RepositoryFilter
    from failure_investigator.state import StateFile

LOG_BYTES = 64 * 1024 * 1024
LOG_WORKERS = 8
PAGE_CAP = 100
"""Pages of one window's listing, 10,000 runs: a tenth of the hourly limit of GITHUB_TOKEN."""


class GitHubSource:
    """See `Source`. Methods may be called from several threads; `close` ends its connections.

    `own_workflow` is the path of the bot's own workflow in `own_repository`, whose runs are never listed. `log_bytes`
    bounds every log download, `log_workers` how many run at a time, `reserve` is the part of the rate limit that stays
    for others, `budget` bounds this source's requests where the limit is shared out. With a `state` runs are listed at an
    address that never changes, and neither an unchanged list nor the jobs of an attempt are paid for twice. `prefer`
    forces the way that logs come ("text" or "zip"), to measure both. `transport` replaces the network of log downloads.
    """

    def __init__(
        self,
        token: str,
        api_url: str = DEFAULT_API_URL,
        *,
        own_workflow: str = "",
        own_repository: str = "",
        longest_run: timedelta = LONGEST_RUN,
        page_cap: int = PAGE_CAP,
        log_bytes: int = LOG_BYTES,
        log_workers: int = LOG_WORKERS,
        reserve: float = RESERVE,
        budget: int | None = None,
        state: StateFile | None = None,
        prefer: Prefer = "auto",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._own = (own_repository.lower(), own_workflow)
        self._longest_run = longest_run
        self._meter = Meter(reserve, budget=budget)
        self._client = connect(token, api_url, meter=self._meter, sleep=sleep)
        self._http = httpx.Client(
            timeout=httpx.Timeout(60, connect=15), headers={"User-Agent": USER_AGENT}, transport=transport
        )
        downloader = LogDownloader(
            self._http, token, api_url, self._meter, limit=log_bytes, workers=log_workers, clock=clock, sleep=sleep
        )
        self._logs = RunLogs(downloader, limit=log_bytes, workers=log_workers, prefer=prefer)
        self._state = state
        self._conditional = ConditionalGet(self._client.requester, state) if state is not None else None
        self._lister = RunLister(self._get, page_cap=page_cap, get_newest=self._get_unless_known)
        self._job_names: dict[str, tuple[str, ...]] = {}
        self._files: dict[tuple[str, str, str], str | None] = {}
        self._context = RepositoryContext(self._get)
        self._organization = OrganizationLister(self._client.requester, token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()
        self._http.close()

    def repository(self, name: str) -> Repository:
        """See `Source.repository`; a renamed repository comes back under its present name."""
        doing = f"read the repository {name}"
        return parse(RepositoryPayload, self._get(f"/repos/{name}", {}, doing, ""), doing).to_model()

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `Source.runs`. A re-run is found by the creation of its run, which is all that GitHub filters by."""
        listed = self._lister.window if self._state is None else self._lister.recent
        return self._ended(listed(repository.name, since - self._longest_run, until), since)

    def recent(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """The same as `runs`, for a window that ends now; one request where the newest hundred runs reach back to it."""
        return self._ended(self._lister.recent(repository.name, since - self._longest_run, until), since)

    def _ended(self, listing: Listing, since: datetime) -> Listing:
        runs = (run for run in listing.runs if run.updated_at >= since and not self._is_own(run))
        return Listing(tuple(runs), listing.complete, listing.note)

    def follow(self, stream: StreamKey, before: datetime, default_branch: str) -> Listing:
        """See `Source.follow`."""
        if stream.kind == "none":
            return Listing(())
        parameters = {"created": f"<={_stamp(before)}", **_branch_of(stream, default_branch)}
        try:
            listing = self._lister.workflow_page(stream.repository, stream.workflow_id, parameters)
        except UnknownError:
            return Listing((), complete=False, note="its workflow was deleted")
        runs = (run for run in listing.runs if run.started_at < before and not self._is_own(run))
        return Listing(tuple(runs), listing.complete, listing.note)

    def since(self, stream: StreamKey, start: datetime, default_branch: str) -> Listing | None:
        """See `Source.since`: the address changes only with the stream's last failure, so that it can be asked for again."""
        parameters = {"created": f">={_stamp(start)}", **_branch_of(stream, default_branch)}
        try:
            listing = self._lister.workflow_pages(stream.repository, stream.workflow_id, parameters)
        except UnknownError:
            return None
        return Listing(tuple(run for run in listing.runs if not self._is_own(run)), listing.complete, listing.note)

    def scheduled(self, repository: str, path: str) -> Listing:
        """See `Source.scheduled`; GitHub takes a file's name for a workflow's id."""
        return self._lister.scheduled(repository, path)

    def workflows(self, repository: str) -> Mapping[int, str] | None:
        """See `Source.workflows`; asked for once. None from a server that does not list them."""
        try:
            return self._lister.states(repository)
        except UnknownError:
            return None

    def branch(self, repository: str, name: str) -> bool:
        """See `Source.branch`."""
        try:
            self._get(f"/repos/{repository}/branches/{quote(name)}", {}, f"read the branch {name}", "contents: read")
        except UnknownError:
            return False
        return True

    def jobs(self, run: Run) -> tuple[Job, ...]:
        """See `Source.jobs`. Those of a completed attempt never change, so the state knows them."""
        kept = kept_jobs(self._state, run)
        found = self._listed_jobs(run) if kept is None else kept
        self._job_names[run.key] = tuple(job.name for job in found)
        return tuple(job.to_model(run.attempt) for job in found)

    def _listed_jobs(self, run: Run) -> tuple[JobPayload, ...]:
        doing = f"list the jobs of run {run.id} of {run.repository}"
        path = f"/repos/{run.repository}/actions/runs/{run.id}/attempts/{run.attempt}/jobs"
        found: list[JobPayload] = []
        number = total = 1
        while len(found) < total:
            query = {"per_page": PAGE, **({"page": number} if number > 1 else {})}
            page = parse(JobsPage, self._get(path, query, doing), doing)
            number, total = number + 1, page.total_count
            if not page.jobs:
                break
            found += page.jobs
        if len(found) >= total:
            keep_jobs(self._state, run, tuple(found))
        return tuple(found)

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:
        """See `Source.logs`. Raises `RefusedError` when the token may not read logs."""
        return self._logs.read(run, jobs, self._job_names.get(run.key, ()))

    def file(self, repository: str, path: str, ref: str = "") -> str | None:
        """See `Source.file`; each is asked for once."""
        key = (repository, path, ref)
        if key not in self._files:
            self._files[key] = self._file(*key)
        return self._files[key]

    def folder(self, repository: str, path: str) -> tuple[str, ...]:
        """See `Source.folder`. GitHub lists at most 1,000 files of a folder."""
        text = self._contents(repository, path.rstrip("/"), {}, "application/vnd.github+json")
        doing = f"list the folder {path} of {repository}"
        listed = json.loads(text or "[]")
        entries = parse(FolderPayload, {"entries": listed}, doing).entries if isinstance(listed, list) else ()
        return tuple(sorted(entry.name for entry in entries if entry.type == "file"))

    def compare(self, repository: str, base: str, head: str) -> Comparison | None:
        """See `Source.compare`."""
        return self._context.compare(repository, base, head)

    def secrets(self, repository: str) -> Mapping[str, datetime] | None:
        """See `Source.secrets`."""
        return self._context.secrets(repository)

    def usage(self) -> Usage:
        """See `Source.usage`."""
        return self._meter.usage()

    def exhausted(self) -> str:
        """See `Source.exhausted`."""
        return self._meter.exhausted()

    def repositories(self, login: str, wanted: RepositoryFilter | None = None) -> Repositories:
        """The repositories of an organisation; see `OrganizationLister.repositories`."""
        return self._organization.repositories(login, wanted)

    def budget(self) -> Budget | None:
        """How many requests are left this hour; None where there is no limit."""
        return read_budget(self._get)

    def hit_rate(self) -> HitRate:
        """How many listings were unchanged; none without a state."""
        return self._conditional.rate() if self._conditional else HitRate()

    def _is_own(self, run: Run) -> bool:
        return (run.repository.lower(), run.workflow.path) == self._own

    def _get(self, path: str, query: dict[str, Any], doing: str, permission: str = "actions: read") -> Any:
        """The decoded JSON of a GET. Raises errors of ours only."""
        repository = "/".join(path.split("/")[2:4])
        with explain_errors(doing, permission=permission, repository=repository):
            _, data = self._client.requester.requestJsonAndCheck("GET", path, parameters=query)
        return data

    def _get_unless_known(self, path: str, query: dict[str, Any], doing: str) -> Any:
        """The decoded JSON of a GET, from the state when GitHub says that it is unchanged."""
        if self._conditional is None:
            return self._get(path, query, doing)
        with explain_errors(doing, permission="actions: read", repository="/".join(path.split("/")[2:4])):
            return self._conditional(path, query)

    def _file(self, repository: str, path: str, ref: str) -> str | None:
        # The raw media type gives the text itself, also of files that are too large for the JSON form:
        # https://github.blog/changelog/2022-05-03-increased-file-size-limit-when-retrieving-file-contents-via-rest-api
        return self._contents(repository, path, {"ref": ref} if ref else {}, "application/vnd.github.raw+json")

    def _contents(self, repository: str, path: str, query: dict[str, str], accept: str) -> str | None:
        """What stands at a path, as text; None when nothing does."""
        url = f"/repos/{repository}/contents/{quote(path)}"
        with explain_errors(f"read {path} of {repository}", permission="contents: read", repository=repository):
            status, headers, text = self._client.requester.requestJson("GET", url, query, {"Accept": accept})
            if status == 404:
                return None
            if status >= 400:
                raise Requester.createException(status, headers, json.loads(text or "{}"))
        return text


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _branch_of(stream: StreamKey, default_branch: str) -> dict[str, str]:
    """What selects a stream's branch. Pull requests and pushes to their heads are one stream, which no query selects."""
    if stream.kind == "pull_request":
        return {}
    return {"branch": stream.branch if stream.kind == "branch" else default_branch}
