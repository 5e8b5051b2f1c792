"""Whether the bot's own workflow is there, is let run, and ran."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from failure_investigator.doctor.model import Check
from failure_investigator.permissions.entries import Entry
from failure_investigator.workflows import permissions_diff, read_workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from failure_investigator.doctor.access import Probe
    from failure_investigator.doctor.model import State
    from failure_investigator.workflows import JobSpec, WorkflowFile

NEEDS = (Entry("actions", "read"), Entry("contents", "read"), Entry("issues", "write"))
"""What the job's token needs: https://docs.github.com/rest/authentication/permissions-required-for-github-apps."""
_OURS = re.compile(r"failure[-_]investigator")
_OFF = {
    "disabled_inactivity": "GitHub disabled its schedule after 60 days without activity in the repository",
    "disabled_manually": "somebody disabled it",
    "disabled_fork": "schedules are disabled in a fork until somebody enables them",
    "deleted": "it was deleted",
}
"""https://docs.github.com/actions/how-tos/manage-workflow-runs/disable-and-enable-workflows."""


class Own(NamedTuple):
    """The bot's own workflow."""

    id: int
    path: str
    state: str


def find(probe: Probe, repository: str, path: str, read: Callable[[str], str | None]) -> tuple[Own, str] | None:
    """The own workflow with its text: the one that runs us, else the first whose file names us; `read` reads a file."""
    answer = probe.get(f"/repos/{repository}/actions/workflows", {"per_page": 100})
    entries = answer.data.get("workflows", []) if answer.status == 200 else []
    known = [Own(each["id"], each["path"], each.get("state", "active")) for each in entries if each.get("path")]
    named = [own for own in known if own.path == path] or sorted(known, key=lambda own: not _likely(own.path))
    for own in named[:20]:
        text = read(own.path) or ""
        if own.path == path or _OURS.search(text):
            return own, text
    return None


def _likely(path: str) -> bool:
    return bool(_OURS.search(path) or "investigat" in path)


def workflow(found: tuple[Own, str] | None, job_key: str) -> Iterator[Check]:
    """The file, and what its job grants the token."""
    if found is None:
        yield Check(
            "workflow",
            "warning",
            "no workflow here runs failure-investigator",
            "Write one with `failure-investigator init`.",
        )
        return
    own, text = found
    yield Check(
        "workflow",
        "ok" if own.state == "active" else "refused",
        _state(own),
        "" if own.state == "active" else _enable(own),
    )
    file = read_workflow(text)
    job = own_job(file, job_key)
    if job is not None:
        yield from _grants(file, job, own, text)


def _state(own: Own) -> str:
    return f"{own.path}: {_OFF.get(own.state, own.state)}" if own.state != "active" else f"{own.path} is active"


def _enable(own: Own) -> str:
    return f"Enable it: gh workflow enable {own.path.rpartition('/')[2]}"


def own_job(file: WorkflowFile, key: str) -> JobSpec | None:
    """The job that runs us: by its key, else by what its steps use or run, else the only one."""
    if key in file.jobs:
        return file.jobs[key]
    for job in file.jobs.values():
        if any(_OURS.search(f"{step.uses} {step.run}") for step in job.steps) or _OURS.search(job.uses):
            return job
    return next(iter(file.jobs.values())) if len(file.jobs) == 1 else None


def _grants(file: WorkflowFile, job: JobSpec, own: Own, text: str) -> Iterator[Check]:
    block = file.permissions_of(job)
    other = any(
        not re.search(r"\b(?:github\.token|GITHUB_TOKEN)\b", step.inputs.get("github-token", "github.token"))
        for step in job.steps
    )
    name = "permissions"
    if job.uses:
        yield Check(name, "ok", f"the job {job.key} calls {job.uses}, whose jobs have tokens of their own")
        return
    if other:
        yield Check(name, "unknown", f"the job {job.key} uses a token of its own, not GITHUB_TOKEN")
        return
    missing = [entry for entry in NEEDS if block is None or not block.grants(entry)]
    if not missing:
        yield Check(name, "ok", f"the job {job.key} grants " + ", ".join(str(entry) for entry in NEEDS))
        return
    listed = ", ".join(str(entry) for entry in missing)
    says = f"the job {job.key} does not grant {listed}"
    if block is None:
        says = f"the job {job.key} says no permissions: the repository's default decides whether it has {listed}"
    lines = "permissions:\n" + "\n".join(f"  {entry}" for entry in NEEDS)
    add = permissions_diff(text, own.path, job.key, NEEDS) or lines
    yield Check(name, "warning" if block is None else "refused", says, "Say what the token may do in the job.", add)


def runs(probe: Probe, repository: str, own: Own, now: datetime, lookback: timedelta) -> Iterator[Check]:
    """The last scheduled run, and the last sweep of any event."""
    path = f"/repos/{repository}/actions/workflows/{own.id}/runs"
    scheduled = _newest(probe.get(path, {"event": "schedule", "per_page": 1}).data)
    longest = max(2 * lookback, timedelta(days=2))
    if scheduled is None:
        yield Check(
            "schedule", "warning", "it never ran by its schedule", "A schedule runs on the default branch only."
        )
    else:
        age = now - _created(scheduled)
        state: State = "ok" if age <= longest else "warning"
        do = (
            ""
            if state == "ok"
            else "Runs older than lookback are not seen any more; is the schedule still in the file?"
        )
        yield Check("schedule", state, f"it last ran by its schedule {_ago(age)} ago", do)
    last = _newest(probe.get(path, {"status": "completed", "per_page": 1}).data)
    if last is not None:
        fine = last.get("conclusion") == "success"
        says = f"{_ago(now - _created(last))} ago, {last.get('conclusion')}: {last.get('html_url', '')}"
        yield Check("last sweep", "ok" if fine else "warning", says, "" if fine else "Its log says why.")


def _newest(data: Any) -> dict[str, Any] | None:
    found: Sequence[dict[str, Any]] = data.get("workflow_runs", []) if isinstance(data, dict) else []
    return found[0] if found else None


def _created(run: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(run["created_at"]).replace("Z", "+00:00")).astimezone(UTC)


def _ago(age: timedelta) -> str:
    hours = max(0, int(age.total_seconds() // 3600))
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"
