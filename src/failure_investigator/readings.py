"""Reads failed runs: their jobs one after the other, their logs several at a time, judged in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from failure_investigator.diagnose.diagnosis import weigh
from failure_investigator.incidents.streaks import RunReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.model import Job, JobLog, Run
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.swept import Swept

WORKERS = 8
"""Runs whose logs are fetched at the same time."""


def read_runs(source: Source, swept: Swept, scanner: Scanner, runs: Sequence[Run]) -> None:
    """Read these runs, each once; what the budget's reserve leaves, or nobody can tell, is kept in `swept.left`."""
    chosen = {run.key: run for run in runs if run.key not in swept.read}
    asked: list[tuple[Run, tuple[Job, ...]]] = []
    for run in chosen.values():
        if swept.exhausted(source):
            swept.left.update(chosen.keys() - {run.key for run, _ in asked} - swept.read.keys())
            break
        jobs = swept.jobs_of(source, run)
        if jobs is None:
            swept.left.add(run.key)
            continue
        if swept.verdicts.cleared(run, jobs):
            swept.read[run.key] = RunReading(run, jobs)
            continue
        asked.append((run, jobs))
    with ThreadPoolExecutor(WORKERS) as pool:
        for start in range(0, len(asked), WORKERS):  # batches bound the memory: logs are large
            batch = asked[start : start + WORKERS]
            logs = pool.map(lambda pair: source.logs(pair[0], [job for job in pair[1] if job.failed]), batch)
            for (run, jobs), delivered in zip(batch, logs, strict=True):
                _take(swept, run, jobs, delivered, scanner)


def _take(swept: Swept, run: Run, jobs: tuple[Job, ...], delivered: Mapping[int, JobLog], scanner: Scanner) -> None:
    swept.read[run.key] = _read(run, jobs, delivered, scanner, swept)
    swept.logs_read += sum(not log.gone for log in delivered.values())
    swept.logs_gone += sum(bool(log.gone) for log in delivered.values())
    if any(log.truncated for log in delivered.values()):
        swept.notes.append(f"the log of run {run.id} was longer than the limit: its end was not read")


def _read(
    run: Run, jobs: tuple[Job, ...], delivered: Mapping[int, JobLog], scanner: Scanner, swept: Swept
) -> RunReading:
    refused = []
    for job in jobs:
        log = delivered.get(job.id)
        case = swept.reader(log, job, run, scanner) if log is not None and not log.gone else None
        if case is not None:
            diagnosis = weigh(case)
            refused.append((swept.identify(diagnosis, run), job, diagnosis))
            swept.cases[run.key, job.id] = case
    judged = {number: "" for number, log in delivered.items() if not log.gone and not log.truncated}
    swept.verdicts.keep(run, judged | {job.id: mark for mark, job, _ in refused})
    gone = [log.gone for log in delivered.values() if log.gone]
    return RunReading(run, jobs, tuple(refused), gone[0] if gone and len(gone) == len(delivered) else "")
