"""Which runs there are: pages, the cap of 1,000 results, and the workflow that a run belongs to.

GitHub gives at most 1,000 runs to a filtered query, so a listing that has more is cut into slices of time
(https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from failure_investigator.errors import IncompleteError, RefusedError
from failure_investigator.model import FAILED, Listing, Run, Workflow
from failure_investigator.sources.base import PAGE
from failure_investigator.sources.payloads import RunPayload, RunsPage, WorkflowPayload, WorkflowsPage, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from typing import Any

    Get = Callable[[str, dict[str, Any], str], Any]

CAP = 1000
"""The API's cap on a filtered listing."""

FEW = 10
"""Pages of one stream from an issue's last failure on, all that GitHub gives: good runs close an issue long before."""

_SECOND = timedelta(seconds=1)


def newest_first(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs by start, newest first, each id once (pages shift while runs complete; the later attempt wins)."""
    latest: dict[int, Run] = {}
    for run in runs:
        if run.id not in latest or latest[run.id].attempt < run.attempt:
            latest[run.id] = run
    return tuple(sorted(latest.values(), key=lambda run: (run.started_at, run.id), reverse=True))


class RunLister:
    """Lists runs by `get(path, parameters, doing) -> decoded JSON`; at most `page_cap` pages a window.

    `get_newest` gets the one page whose address is always the same, and may know it already.
    """

    def __init__(self, get: Get, *, page_cap: int, get_newest: Get | None = None) -> None:
        self._get = get
        self._get_newest = get_newest or get
        self._page_cap = page_cap
        self._workflows: dict[tuple[str, int], Workflow] = {}
        self._names: dict[str, dict[int, str]] = {}
        self._listed: dict[str, list[WorkflowPayload]] = {}

    def window(self, repository: str, start: datetime, end: datetime) -> Listing:
        """All completed runs created in [start, end]."""
        found: list[RunPayload] = []
        notes: list[str] = []
        slices, pages = [(start.replace(microsecond=0), end)], 0
        while slices:
            first, last = slices.pop()
            if pages >= self._page_cap:
                notes.append(f"the listing of {repository} stopped after {pages} pages, before {_stamp(last)}")
                break
            parameters = {"status": "completed", "created": f"{_stamp(first)}..{_stamp(last)}"}
            page = self._page(f"/repos/{repository}/actions/runs", parameters, repository)
            pages += 1
            if page.total_count >= CAP and last - first >= _SECOND:
                middle = (first + (last - first) / 2).replace(microsecond=0)
                slices += [(first, middle), (min(middle + _SECOND, last), last)]
                found += page.workflow_runs
                continue
            rest, complete = self._rest(f"/repos/{repository}/actions/runs", parameters, repository, page)
            pages += -(-len(rest) // PAGE)
            found += (*page.workflow_runs, *rest)
            if not complete or page.total_count >= CAP:
                notes.append(f"{repository} has {page.total_count} runs around {_stamp(first)}, more than GitHub lists")
        return Listing(newest_first(self._models(repository, found)), not notes, "; ".join(notes))

    def recent(self, repository: str, start: datetime, end: datetime) -> Listing:
        """The same as `window`, for a window that ends now: the newest page, and further ones only if it ends inside.

        A query without a date has an address that never changes, so that an unchanged repository can say so. What does
        not fit into the API's cap is listed by `window`.
        """
        path, parameters = f"/repos/{repository}/actions/runs", {"status": "completed"}
        start, end = start.replace(microsecond=0), end.replace(microsecond=0)
        page = self._page(path, parameters, repository, get=self._get_newest)
        found, number, note = list(page.workflow_runs), 1, ""
        while len(found) < page.total_count and not (found and _oldest(found) < start):
            if number * PAGE >= CAP or _pages_needed(found, start) > min(CAP // PAGE, self._page_cap):
                return self.window(repository, start, end)
            number += 1
            further = self._page(path, parameters, repository, number)
            if not further.workflow_runs:
                note = f"{repository} has {page.total_count} runs, and GitHub listed {len(found)} of them"
                break
            found += further.workflow_runs
        inside = (run for run in found if start <= run.created_at <= end)
        return Listing(newest_first(self._models(repository, inside)), not note, note)

    def workflow_page(self, repository: str, workflow_id: int, parameters: dict[str, str]) -> Listing:
        """The newest page of one workflow's completed runs; complete when there is no second page."""
        path = f"/repos/{repository}/actions/workflows/{workflow_id}/runs"
        page = self._page(path, {"status": "completed", **parameters}, repository)
        seen, total = len(page.workflow_runs), page.total_count
        note = f"{seen} of {total} older runs were looked at" if total > seen else ""
        return Listing(newest_first(self._models(repository, page.workflow_runs)), not note, note)

    def workflow_pages(self, repository: str, workflow_id: int, parameters: dict[str, str]) -> Listing:
        """One workflow's completed runs, `FEW` pages at most; complete when these are all."""
        path = f"/repos/{repository}/actions/workflows/{workflow_id}/runs"
        parameters = {"status": "completed", **parameters}
        first = self._page(path, parameters, repository, get=self._get_newest)
        found, number = [*first.workflow_runs], 1
        while len(found) < first.total_count and number < FEW:
            number += 1
            page = self._page(path, parameters, repository, number)
            found += page.workflow_runs
            if not page.workflow_runs:
                break
        note = f"{len(found)} of {first.total_count} runs were looked at" if len(found) < first.total_count else ""
        return Listing(newest_first(self._models(repository, found)), not note, note)

    def scheduled(self, repository: str, file: str) -> Listing:
        """The newest page of one workflow's scheduled runs of any status; by its path, which stands for its name too."""
        path = f"/repos/{repository}/actions/workflows/{quote(file.rpartition('/')[2])}/runs"
        page = self._page(path, {"event": "schedule"}, repository)
        runs = [run.to_model(repository, Workflow(run.workflow_id, file, file)) for run in page.workflow_runs]
        return Listing(newest_first(runs), len(runs) >= page.total_count)

    def states(self, repository: str) -> dict[int, str]:
        """The state of every workflow by its id. Raises `IncompleteError` when the list ends early."""
        return {one.id: one.state for one in self._every_workflow(repository)}

    def _every_workflow(self, repository: str) -> list[WorkflowPayload]:
        """All workflows of a repository, asked for once."""
        if repository not in self._listed:
            doing = f"list the workflows of {repository}"
            found: list[WorkflowPayload] = []
            number = total = 1
            while len(found) < total:
                query = {"per_page": PAGE, **({"page": number} if number > 1 else {})}
                page = parse(WorkflowsPage, self._get(f"/repos/{repository}/actions/workflows", query, doing), doing)
                if not page.workflows and len(found) < page.total_count:
                    raise IncompleteError(f"Could not {doing}", why=f"{len(found)} of {page.total_count} came")
                found += page.workflows
                number, total = number + 1, page.total_count
            self._listed[repository] = found
        return self._listed[repository]

    def _page(
        self, path: str, parameters: dict[str, str], repository: str, number: int = 1, get: Get | None = None
    ) -> RunsPage:
        doing = f"list the workflow runs of {repository}"
        query: dict[str, Any] = {**parameters, "per_page": PAGE}
        if number > 1:
            query["page"] = number
        return parse(RunsPage, (get or self._get)(path, query, doing), doing)

    def _rest(
        self, path: str, parameters: dict[str, str], repository: str, first: RunsPage
    ) -> tuple[list[RunPayload], bool]:
        """The pages after the first, and whether all were seen."""
        rest: list[RunPayload] = []
        number, seen, total = 1, len(first.workflow_runs), min(first.total_count, CAP)
        while seen < total:
            number += 1
            page = self._page(path, parameters, repository, number)
            if not page.workflow_runs:
                return rest, False
            seen += len(page.workflow_runs)
            rest += page.workflow_runs
        return rest, True

    def _models(self, repository: str, payloads: Iterable[RunPayload]) -> list[Run]:
        by_workflow: dict[int, list[RunPayload]] = {}
        for payload in sorted(payloads, key=lambda run: run.created_at, reverse=True):
            by_workflow.setdefault(payload.workflow_id, []).append(payload)
        return [
            payload.to_model(repository, workflow)
            for runs in by_workflow.values()
            for workflow in [self._workflow(repository, runs)]
            for payload in runs
        ]

    def _workflow(self, repository: str, runs: Sequence[RunPayload]) -> Workflow:
        """One `Workflow` per id and sweep, so that a renamed workflow or a `run-name:` never looks like two.

        The name comes from the newest run whose title is another; only where no run is sure and one failed does it
        cost a request, for a name that only success uses is shown to nobody.
        """
        key = (repository, runs[0].workflow_id)
        if key in self._workflows:
            return self._workflows[key]
        path = runs[0].plain_path
        sure = next((run.name for run in runs if run.name and not run.name_may_be_title), None)
        if sure is None and not any(run.conclusion in FAILED for run in runs):
            return Workflow(key[1], runs[0].name or path, path)
        name = sure or self._listed_names(repository).get(key[1]) or runs[0].name or path
        return self._workflows.setdefault(key, Workflow(key[1], name, path))

    def _listed_names(self, repository: str) -> dict[int, str]:
        """Names of the repository's workflows by id; none from a server that does not list them."""
        if repository not in self._names:
            self._names[repository] = {}
            with suppress(RefusedError):
                self._names[repository] = {one.id: one.name for one in self._every_workflow(repository)}
        return self._names[repository]


def _oldest(runs: Sequence[RunPayload]) -> datetime:
    return min(run.created_at for run in runs)


def _pages_needed(found: Sequence[RunPayload], start: datetime) -> float:
    """How many pages reach back to `start` if runs go on as densely as these; 0 when nothing can be said."""
    if not found:
        return 0
    oldest = _oldest(found)
    span = max(run.created_at for run in found) - oldest
    return (1 + (oldest - start) / span) * len(found) / PAGE if span >= _SECOND else 0


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
