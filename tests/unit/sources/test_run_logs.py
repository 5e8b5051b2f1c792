"""Which way a run's logs come: text or zip, and from one to the other."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from failure_investigator.model import Job, JobLog, LogMember, Run
from failure_investigator.sources.payloads import JobPayload
from tests.unit.sources.conftest import Answer, Hub, job_json
from tests.unit.sources.test_github import JOBS, one_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.sources.run_logs import Prefer

ZIP = "/repos/octo/app/actions/runs/1003/attempts/1/logs"


def text_at(number: int) -> str:
    """Path of a job's log."""
    return f"/repos/octo/app/actions/jobs/{number}/logs"


def found(place: str) -> Answer:
    """The first hop's answer."""
    return Answer(status=302, headers={"Location": f"http://blob.test{place}"})


def run_zip(*jobs: str) -> Answer:
    """The zip of a run with these jobs, each refused in its third step."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for number, name in enumerate(jobs):
            target.writestr(f"{number}_{name}.txt", f"all of {name}")
            target.writestr(f"{name}/1_Set up job.txt", "runner")
            target.writestr(f"{name}/3_Publish.txt", f"refused {name}")
    return Answer(buffer.getvalue())


def from_zip(name: str) -> JobLog:
    """The log that the zip has of a job."""
    return JobLog((LogMember(b"runner", 1), LogMember(f"refused {name}".encode(), 3)))


def read(hub: Hub, names: Sequence[str], prefer: Prefer = "auto", **options: int) -> dict[int, JobLog]:
    """The logs of failed jobs of these names, numbered from 5."""
    jobs = [job_json(number, name) for number, name in enumerate(names, 5)]
    run: Run = one_run(hub)
    hub.rules[JOBS] = Answer({"total_count": len(jobs), "jobs": jobs})
    source = hub.source(prefer=prefer, **options)
    failed: tuple[Job, ...] = source.jobs(run)
    hub.journal.clear()
    return source.logs(run, failed)


def test_no_job_no_request(hub: Hub) -> None:
    """Nothing failed, nothing is asked."""
    assert (read(hub, []), hub.journal) == ({}, [])


def test_two_failed_jobs_come_out_of_one_zip(hub: Hub) -> None:
    """Two failed jobs cost one API request, and only their failed steps are read."""
    hub.rules |= {ZIP: found("/zip"), "/zip": run_zip("build", "test")}
    assert {5: from_zip("build"), 6: from_zip("test")} == read(hub, ["build", "test"])
    assert hub.paths() == [ZIP, "/zip"]


@pytest.mark.parametrize("zipped", [Answer({"message": "Not Found"}, 404), Answer(b'{"message": "Not Found"}')])
def test_unusable_zip_falls_back_to_texts(hub: Hub, zipped: Answer) -> None:
    """A zip that is gone or an error body leaves the jobs to their texts."""
    hub.rules |= {ZIP: found("/zip"), "/zip": zipped, text_at(5): found("/5"), text_at(6): found("/6")}
    hub.rules |= {"/5": Answer(b"five"), "/6": Answer(b"six")}
    expected = {5: JobLog((LogMember(b"five"),)), 6: JobLog((LogMember(b"six"),))}
    assert expected == read(hub, ["build", "test"])


def test_job_that_the_zip_lacks_comes_as_text(hub: Hub) -> None:
    """Each job is looked for by itself: one from the zip, the other from its text."""
    hub.rules |= {ZIP: found("/zip"), "/zip": run_zip("build"), text_at(6): found("/6"), "/6": Answer(b"six")}
    assert {5: from_zip("build"), 6: JobLog((LogMember(b"six"),))} == read(hub, ["build", "test"])


def test_missing_text_is_looked_for_in_the_zip(hub: Hub) -> None:
    """A job whose text is not there may still be in the run's zip."""
    hub.rules |= {ZIP: found("/zip"), "/zip": run_zip("build")}
    assert {5: from_zip("build")} == read(hub, ["build"])


def test_text_above_the_limit_is_looked_for_in_the_zip(hub: Hub) -> None:
    """A log that the limit cuts lost its end, where the failure is: the zip has the failed step alone."""
    hub.rules |= {text_at(5): found("/5"), "/5": Answer(b"x" * 5000), ZIP: found("/zip"), "/zip": run_zip("build")}
    assert {5: from_zip("build")} == read(hub, ["build"], log_bytes=2000)


def test_log_that_is_nowhere_is_gone(hub: Hub) -> None:
    """When neither has it, the reason of the text is kept."""
    assert {5: JobLog(gone="404 Not Found")} == read(hub, ["build"])


def test_expired_log_is_not_looked_for_twice(hub: Hub) -> None:
    """410 is true for the whole run, so the zip is not asked."""
    hub.rules[text_at(5)] = Answer({"message": "Gone"}, 410)
    assert ({5: JobLog(gone="410 Gone")}, False) == (read(hub, ["build"]), ZIP in hub.paths())


@pytest.mark.parametrize(("prefer", "asked"), [("text", text_at(5)), ("zip", ZIP)])
def test_way_can_be_forced(hub: Hub, prefer: Prefer, asked: str) -> None:
    """Both ways can be measured by forcing one."""
    hub.rules |= {ZIP: found("/zip"), "/zip": run_zip("build"), text_at(5): found("/5"), "/5": Answer(b"five")}
    read(hub, ["build"], prefer)
    assert asked == hub.paths()[0]


def test_unknown_job_names_leave_the_zip_alone(hub: Hub) -> None:
    """Without the names of all jobs of the run nothing in a zip is certain."""
    run = one_run(hub)
    hub.rules |= {text_at(number): found("/text") for number in (5, 6)} | {"/text": Answer(b"text")}
    jobs = [JobPayload.model_validate(job_json(number)).to_model(1) for number in (5, 6)]
    expected = {number: JobLog((LogMember(b"text"),)) for number in (5, 6)}
    assert (expected, False) == (hub.source().logs(run, jobs), ZIP in hub.paths())
