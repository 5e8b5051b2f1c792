"""Which files of a run's zip belong to which failed job, when that is sure.

The zip has `0_job name.txt` for whole jobs and `job name/3_step name.txt` for steps. GitHub replaces or drops
characters that file names cannot have and cuts long names, so names are compared by their letters and digits, and
anything that is not one to one is left to the job's plain text.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from failure_investigator.model import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from failure_investigator.model import Job

_JOB_FILE = re.compile(r"\d+_([^/]+)\.txt")
_STEP_FILE = re.compile(r"([^/]+)/(\d+)_([^/]+)\.txt")


def members_of(
    jobs: Sequence[Job], job_names: Iterable[str], names: Sequence[str]
) -> dict[int, Mapping[str, int | None]]:
    """By job id: the zip's paths to read and the step number of each (None: the whole job).

    `job_names` are the names of all jobs of the run, `names` the zip's paths. A job gets its failed steps' files and
    "Set up job"; the whole job's file where a failed step has none; and is absent when its files are not certain.
    """
    ambiguous = {key for key, count in Counter(map(_plain, job_names)).items() if count > 1}
    chosen: dict[int, Mapping[str, int | None]] = {}
    for job in jobs:
        key = _plain(job.name)
        if not key or key in ambiguous:
            continue
        paths = _step_files(job, key, names) or _job_file(key, names)
        if paths:
            chosen[job.id] = paths
    return chosen


def _step_files(job: Job, key: str, names: Sequence[str]) -> dict[str, int | None]:
    found = [match for match in map(_STEP_FILE.fullmatch, names) if match and _plain(match[1]) == key]
    if len({match[1] for match in found}) != 1:
        return {}
    steps = {step.number: step for step in job.steps}
    files: dict[int, str] = {}
    for match in found:
        number = int(match[2])
        if number in steps and _alike(steps[number].name, match[3]):
            files[number] = match[0]
    failed = [step.number for step in job.steps if step.conclusion in FAILED]
    if not failed or any(number not in files for number in failed):
        return {}
    return {files[number]: number for number in sorted({1, *failed}) if number in files}


def _job_file(key: str, names: Sequence[str]) -> dict[str, int | None]:
    found = [match[0] for match in map(_JOB_FILE.fullmatch, names) if match and _plain(match[1]) == key]
    return {found[0]: None} if len(found) == 1 else {}


def _alike(step: str, file: str) -> bool:
    """Whether a file's step name is this step's, which may have been cut."""
    one, other = _plain(step), _plain(file)
    return one == other or (len(other) >= 20 and one.startswith(other))


def _plain(name: str) -> str:
    return "".join(re.findall(r"[^\W_]+", name.casefold()))
