"""The logs of a run's failed jobs: each job's plain text, or the failed steps' files out of the run's zip.

One failed job: its text, one request and nothing but the job. Two or more: the zip, one request for all of them, and
only the failed steps' bytes. Each falls back to the other.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal

from failure_investigator.model import JobLog, LogMember
from failure_investigator.sources.log_retry import LogGoneError
from failure_investigator.sources.remote_zip import RemoteZip, ZipUnusableError
from failure_investigator.sources.zip_members import members_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.model import Job, Run
    from failure_investigator.sources.log_download import LogDownloader

Prefer = Literal["auto", "text", "zip"]


class RunLogs:
    """Reads the logs of failed jobs; `limit` bounds every log in bytes, `prefer` says which way is tried first."""

    def __init__(self, downloader: LogDownloader, *, limit: int, workers: int, prefer: Prefer = "auto") -> None:
        self._downloader, self._limit, self._workers, self._prefer = downloader, limit, workers, prefer

    def read(self, run: Run, jobs: Sequence[Job], job_names: Sequence[str]) -> dict[int, JobLog]:
        """The log of each of `jobs` by id. `job_names` are those of all jobs of the run, as far as they are known.

        Raises `RefusedError` when the token may not read logs; everything else is told by `JobLog.gone`.
        """
        zip_first = self._prefer == "zip" or (self._prefer == "auto" and len(jobs) > 1)
        logs = self._from_zip(run, jobs, job_names) if zip_first else {}
        rest = [job for job in jobs if job.id not in logs]
        with ThreadPoolExecutor(max_workers=max(1, min(self._workers, len(rest)))) as pool:
            logs |= zip((job.id for job in rest), pool.map(lambda job: self._text(run, job), rest), strict=True)
        if not zip_first:
            lacking = [job for job in rest if logs[job.id].truncated or logs[job.id].gone.startswith("404")]
            logs |= self._from_zip(run, lacking, job_names)
        return logs

    def _text(self, run: Run, job: Job) -> JobLog:
        try:
            download = self._downloader.text(f"/repos/{run.repository}/actions/jobs/{job.id}/logs")
        except LogGoneError as error:
            return JobLog(gone=str(error))
        return JobLog((LogMember(download.data),), truncated=download.truncated)

    def _from_zip(self, run: Run, jobs: Sequence[Job], job_names: Sequence[str]) -> dict[int, JobLog]:
        """The logs that the zip surely has; a zip that is gone or unusable has none."""
        if not jobs or not job_names:
            return {}
        path = f"/repos/{run.repository}/actions/runs/{run.id}/attempts/{run.attempt}/logs"
        try:
            remote = RemoteZip(self._downloader.ranges(path), limit=self._limit)
            members = members_of(jobs, job_names, remote.names)
            data = remote.read([name for names in members.values() for name in names])
        except (LogGoneError, ZipUnusableError):
            return {}
        return {
            job: JobLog(
                tuple(LogMember(data[name][0], step) for name, step in names.items()),
                truncated=any(data[name][1] for name in names),
            )
            for job, names in members.items()
        }
