"""A source that writes down what it hears: each answer is asked for once, and kept in a snapshot's directory, redacted.

Whatever asks through it leaves a snapshot that gives the same answers again (format in `records.py`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from threading import Lock
from typing import TYPE_CHECKING, Any

from failure_investigator.model import Listing
from failure_investigator.sources.base import LONGEST_RUN
from failure_investigator.sources.delegating import DelegatingSource
from failure_investigator.sources.records import dump
from failure_investigator.sources.run_listing import newest_first
from failure_investigator.sources.snapshot import read_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from failure_investigator.model import Comparison, Issue, Job, JobLog, Repository, Run, StreamKey
    from failure_investigator.sources.base import Source

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when a stream is known of which there is nothing older."""


@dataclass
class Recorded:
    """How much a snapshot holds; `notes` say what is missing in it."""

    runs: int = 0
    failed: int = 0
    logs: int = 0
    gone: int = 0
    files: int = 0
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.runs} runs ({self.failed} failed), {self.logs} logs ({self.gone} gone), {self.files} files"


class RecordingSource(DelegatingSource):
    """See `Source`. Writes into the directory `place`; what only makes sense as a whole is written by `finish`."""

    def __init__(self, source: Source, place: Path, redact: Callable[[str], str], recorded: Recorded) -> None:
        super().__init__(source)
        self._place, self._redact, self._recorded = place, redact, recorded
        self._lock = Lock()
        self._window: Listing | None = None
        self._runs: dict[str, Run] = {}
        self._reach: dict[str, datetime | None] = {}
        self._jobs: dict[str, tuple[Job, ...] | None] = {}
        self._logs: set[int] = set()
        self._files: dict[tuple[str, str], str | None] = {}
        self._compared: dict[tuple[str, str], Comparison | None] = {}
        self._branches: dict[str, bool] = {}
        self._once: dict[str, Any] = {}

    def runs(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `Source.runs`. The first window that is asked for is listed, and those after it lie inside."""
        if self._window is None:
            self._window = super().runs(repository, since, until)
            self._keep(self._window.runs)
        start = since - LONGEST_RUN
        inside = (run for run in self._window.runs if start <= run.created_at <= until and run.updated_at >= since)
        return Listing(tuple(inside), self._window.complete, self._window.note)

    def follow(self, stream: StreamKey, before: datetime, default_branch: str) -> Listing:
        """See `Source.follow`."""
        listing = super().follow(stream, before, default_branch)
        self._keep(listing.runs)
        if listing.complete or listing.runs:
            self._reaches(stream, BEGINNING if listing.complete else min(run.created_at for run in listing.runs))
        return listing

    def since(self, stream: StreamKey, start: datetime, default_branch: str) -> Listing | None:
        """See `Source.since`."""
        listing = super().since(stream, start, default_branch)
        if listing is None:
            self._reach[str(stream)] = None
            return None
        self._keep(listing.runs)
        if listing.complete:
            self._reaches(stream, start)
        return listing

    def _keep(self, runs: Iterable[Run]) -> None:
        self._runs |= {run.key: run for run in runs}

    def _reaches(self, stream: StreamKey, start: datetime) -> None:
        known = self._reach.get(str(stream)) or start
        self._reach[str(stream)] = min(known, start)

    def scheduled(self, repository: str, path: str) -> Listing:
        """See `Source.scheduled`."""
        listing = super().scheduled(repository, path)
        self.text("scheduled.json", self.json({path: list(listing.runs)}))
        return listing

    def workflows(self, repository: str) -> Mapping[int, str] | None:
        """See `Source.workflows`."""
        if "workflows" not in self._once:
            states = super().workflows(repository)
            self._once["workflows"] = states
            if states is not None:
                self.text("workflows.json", self.json(dict(states)))
        found: Mapping[int, str] | None = self._once["workflows"]
        return found

    def branch(self, repository: str, name: str) -> bool:
        """See `Source.branch`."""
        if name not in self._branches:
            self._branches[name] = super().branch(repository, name)
        return self._branches[name]

    def jobs(self, run: Run) -> tuple[Job, ...] | None:
        """See `Source.jobs`; none are asked for when the budget's reserve is reached."""
        if run.key not in self._jobs:
            if self.exhausted():
                return None
            jobs = super().jobs(run)
            self._jobs[run.key] = jobs
            if jobs is not None:
                self.text(f"jobs/{run.key}.json", self.json(list(jobs), indent=1))
        return self._jobs[run.key]

    def logs(self, run: Run, jobs: Sequence[Job]) -> dict[int, JobLog]:
        """See `Source.logs`."""
        missing = [job for job in jobs if job.id not in self._logs]
        for job, log in (super().logs(run, missing) if missing else {}).items():
            self._log(job, log)
        return {job.id: read_log(self._place, job.id) for job in jobs}

    def _log(self, job: int, log: JobLog) -> None:
        with self._lock:
            self._logs.add(job)
            self._recorded.gone += bool(log.gone)
            self._recorded.logs += not log.gone
            if log.truncated:
                self._recorded.notes.append(f"the log of job {job} is cut at the byte limit")
        if log.gone:
            self.text(f"logs/{job}.gone", self._redact(log.gone) + "\n")
        for member in log.members:
            path = f"logs/{job}.log" if member.step is None else f"logs/{job}/{member.step}.log"
            self.text(path, self._redact(member.data.decode("utf-8", "surrogateescape")))

    def file(self, repository: str, path: str, ref: str = "") -> str | None:
        """See `Source.file`; the path comes from outside and must stay inside."""
        inside = PurePosixPath(ref or "HEAD") / path.lstrip("/")
        if ".." in inside.parts or inside.is_absolute():
            return None
        if (path, ref) not in self._files:
            text = super().file(repository, path, ref)
            self._files[path, ref] = text
            if text is not None:
                self._recorded.files += 1
                self.text(f"files/{inside}", self._redact(text))
        return self._files[path, ref]

    def compare(self, repository: str, base: str, head: str) -> Comparison | None:
        """See `Source.compare`."""
        if (base, head) not in self._compared:
            found = super().compare(repository, base, head)
            self._compared[base, head] = found
            if found is not None:
                self.text(f"compare/{base}...{head}.json", self.json(found, indent=1))
        return self._compared[base, head]

    def secrets(self, repository: str) -> Mapping[str, datetime] | None:
        """See `Source.secrets`."""
        if "secrets" not in self._once:
            names = super().secrets(repository)
            self._once["secrets"] = names
            if names is not None:
                self.text("secrets.json", self.json(dict(names), indent=1))
        found: Mapping[str, datetime] | None = self._once["secrets"]
        return found

    def issues(self, issues: Sequence[Issue]) -> None:
        """Writes the bot's own issues; their markers stand in their bodies."""
        lines = [{key: value for key, value in json.loads(dump(issue)).items() if key != "marker"} for issue in issues]
        self.text("issues.jsonl", "".join(self.json(line) for line in lines))

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Writes the runs and the manifest, which gains what is missing."""
        every = newest_first(self._runs.values())
        self.text("runs.jsonl", "".join(self.json(run) for run in every))
        self.text("streams.json", self.json(self._reach, indent=1))
        self.text("branches.json", self.json(self._branches, indent=1))
        self._recorded.runs, self._recorded.failed = len(every), sum(run.failed for run in every)
        missing = {"listing": self._window.note if self._window else "", "notes": self._recorded.notes}
        self.text("snapshot.json", self.json({**manifest, **missing}, indent=2))

    def json(self, value: Any, indent: int | None = None) -> str:
        """`value` as one JSON text with every string redacted by itself, so that the text stays JSON."""
        return dump(self._redacted(json.loads(dump(value))), indent=indent) + "\n"

    def _redacted(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, list):
            return [self._redacted(one) for one in value]
        return {key: self._redacted(one) for key, one in value.items()} if isinstance(value, dict) else value

    def text(self, path: str, text: str) -> None:
        """Writes one file; `surrogateescape` carries bytes that are no UTF-8."""
        place = self._place / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8", "surrogateescape"))
