"""Reading a job of a run: what the jobs API knows decides where the text leaves it open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from failure_investigator.diagnose.diagnosis import weigh
from failure_investigator.model import JobLog, LogMember, Step
from failure_investigator.reading import read_job
from failure_investigator.signatures.scanner import built_in
from tests.unit.factory import make_job, make_run

START = datetime(2026, 5, 4, 10, tzinfo=UTC)
SAID = "Missing bearer or basic authentication in header"
FAILED = "##[error]Process completed with exit code 1."


def log(*lines: tuple[int, str]) -> bytes:
    """A raw job log of (second, text)."""
    return "".join(f"{START + timedelta(seconds=s):%Y-%m-%dT%H:%M:%S}.0000000Z {text}\n" for s, text in lines).encode()


TEXT = log(
    (0, "Current runner version: '2.333.1'"), (2, "##[group]Run ./ask"), (2, "##[endgroup]"), (3, SAID), (3, FAILED),
    (9, "##[group]Run ./build"), (9, "##[endgroup]"), (10, "oh no"), (11, FAILED), (12, "Cleaning up orphan processes"),
)  # fmt: skip


def steps(first: str, second: str) -> tuple[Step, ...]:
    """Two named steps with these conclusions."""
    return (
        Step(1, "Set up job", "success", START), Step(2, "Ask the model", first, START + timedelta(seconds=2)),
        Step(3, "Build", second, START + timedelta(seconds=9)), Step(4, "Complete job", "success", START + timedelta(seconds=12)),
    )  # fmt: skip


def test_a_refusal_in_a_step_that_may_fail_does_not_explain_another_steps_failure() -> None:
    """`continue-on-error`: the API says success, the text says exit code 1."""
    run = make_run()
    delivered = JobLog((LogMember(TEXT),))

    assert read_job(delivered, make_job(run, steps=steps("success", "failure")), run, built_in()) is None


def test_the_place_is_linked_as_github_counts_it() -> None:
    """Line 3 of step 2."""
    run = make_run()
    job = make_job(run, steps=steps("failure", "success"))
    found = read_job(JobLog((LogMember(TEXT),)), job, run, built_in())

    assert found is not None
    assert f"{job.url}#step:2:3" == weigh(found).evidence[0].url


def test_step_files_of_a_zip_give_exact_places() -> None:
    """Their own numbers and lines; a file without a newline at its end costs the next one nothing."""
    run = make_run()
    job = make_job(run, steps=steps("failure", "success"))
    members = (
        LogMember(log((0, "Current runner version: '2.333.1'")).rstrip(b"\n"), 1),
        LogMember(log((2, "##[group]Run ./ask"), (2, "##[endgroup]"), (3, "asking"), (4, SAID), (4, FAILED)), 2),
    )
    found = read_job(JobLog(members), job, run, built_in())

    assert found is not None
    assert f"{job.url}#step:2:4" == weigh(found).evidence[0].url


def test_a_log_that_is_gone_says_nothing() -> None:
    """Nothing to read, nothing concluded."""
    run = make_run()

    assert read_job(JobLog(gone="404"), make_job(run), run, built_in()) is None
