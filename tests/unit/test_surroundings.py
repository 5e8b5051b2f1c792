"""A closer look: what is asked around an incident, once and only where an issue will be written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from failure_investigator.diagnose.diagnosis import weigh
from failure_investigator.errors import RefusedError
from failure_investigator.model import (
    Comparison,
    Finding,
    Incident,
    JobLog,
    LogMember,
    Repository,
    Run,
    Streak,
    StreamKey,
    Workflow,
)
from failure_investigator.reading import read_job
from failure_investigator.signatures.scanner import built_in
from failure_investigator.surroundings import CloserLook
from failure_investigator.swept import Swept
from tests.unit.factory import NIGHTLY, REPOSITORY, make_job, make_run
from tests.unit.test_reading import SAID, log

GOOD = make_run(1, "success", head_sha="a" * 40)
BAD = make_run(2, head_sha="b" * 40)
NEWER = make_run(3, head_sha="b" * 40)
FAILED = "##[error]Process completed with exit code 1."
STEP = ((2, "##[group]Run ./ask"), (2, "shell: bash"), (2, "env:"), (2, "  OPENAI_API_KEY: ***"), (2, "##[endgroup]"))
REFUSED = log((0, "Current runner version: '2.333.1'"), *STEP, (3, "Acme v2.0.0"), (3, SAID), (4, FAILED))
WORKED = log((0, "Current runner version: '2.333.1'"), *STEP, (3, "Acme v1.0.0"), (4, "done"))
OTHER = Workflow(9, "Other", ".github/workflows/other.yml")


class FakeSource:
    """Answers from dictionaries and keeps what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.asked: list[str] = []
        self.answers = answers
        self.reserve = ""

    def file(self, _repository: str, path: str, ref: str = "") -> str | None:
        """A text at a commit."""
        self.asked.append(f"file {path} {ref[:1]}")
        found: str | None = self._answer("file")
        return found

    def jobs(self, run: Run) -> tuple[Any, ...]:
        """One job, `publish`, as the run ended."""
        self.asked.append(f"jobs {run.id}")
        return (make_job(run, conclusion=run.conclusion),)

    def logs(self, run: Run, jobs: Any) -> dict[int, JobLog]:
        """Its log."""
        self.asked.append(f"logs {run.id}")
        return {job.id: JobLog((LogMember(WORKED),)) for job in jobs}

    def compare(self, _repository: str, base: str, head: str) -> Comparison | None:
        """The commits."""
        self.asked.append(f"compare {base[:1]}{head[:1]}")
        found: Comparison | None = self._answer("compare")
        return found

    def secrets(self, _repository: str) -> Any:
        """Their names."""
        self.asked.append("secrets")
        return self._answer("secrets")

    def exhausted(self) -> str:
        """The reserve."""
        return self.reserve

    def _answer(self, what: str) -> Any:
        answer = self.answers.get(what)
        if isinstance(answer, Exception):
            raise answer
        return answer


def looked(source: FakeSource, *listed: Run, text: bytes = REFUSED) -> tuple[Incident, CloserLook]:
    """An incident of two runs, and the same after a closer look."""
    job = make_job(NEWER)
    case = read_job(JobLog((LogMember(text),)), job, NEWER, built_in())
    assert case is not None
    swept = Swept(
        Repository(REPOSITORY, "public", "main"),
        datetime(2026, 5, 4, tzinfo=UTC),
        lambda _d, _r: "",
        listed=tuple(listed),
    )
    swept.cases[NEWER.key, job.id] = case
    diagnosis = weigh(case)
    findings = (Finding(NEWER, "read", job, job.id, diagnosis), Finding(BAD, "remembered", job_id=7))
    streak = Streak(StreamKey(REPOSITORY, NIGHTLY.id, "default"), NIGHTLY, "main", findings, last_good=GOOD)
    look = CloserLook(source, swept, built_in())  # type: ignore[arg-type]
    return look.at(Incident("v1:x", diagnosis, (streak,))), look


def said(incident: Incident) -> str:
    """All evidence as one text."""
    return "\n".join(fact.says for fact in incident.diagnosis.evidence)


def test_everything_is_asked_once_about_the_first_bad_and_the_last_good_run() -> None:
    """Two files, the good job and its log, the commits, the secrets' names: six requests."""
    source = FakeSource(file="on: push", compare=Comparison("ahead", (("c" * 40, "Bump acme"),), 1), secrets={})
    incident, look = looked(source)

    assert source.asked == [
        f"file {NIGHTLY.path} b", f"file {NIGHTLY.path} a", f"jobs {GOOD.id}", f"logs {GOOD.id}", "compare ab", "secrets",
    ]  # fmt: skip
    assert "`Acme` 1.0.0 → 2.0.0" in said(incident)
    assert "1 commit lies between the last good and the first bad run: Bump acme (ccccccc)." in said(incident)
    assert look.notes == []


def test_what_the_token_may_not_read_is_left_out_and_told_once() -> None:
    """The diagnosis stays as good as the log makes it."""
    refused = RefusedError("GitHub did not let us read the file", do="Add contents: read")
    incident, look = looked(FakeSource(file=refused, compare=refused))

    assert incident.diagnosis.signature == "openai/missing-bearer"
    assert len(look.notes) == 1
    assert "contents: read" in look.notes[0]


def test_the_budgets_reserve_ends_the_asking() -> None:
    """And says so."""
    source = FakeSource()
    source.reserve = "the reserve is reached"
    _, look = looked(source)

    assert source.asked == []
    assert look.notes == ["no closer look was taken: the reserve is reached"]


def test_an_incident_without_a_log_of_this_sweep_is_left_as_it_is() -> None:
    """What is only remembered was judged when it was read."""
    source = FakeSource()
    incident, look = looked(source)
    remembered = replace(incident, streaks=tuple(replace(s, findings=s.findings[1:]) for s in incident.streaks))
    source.asked.clear()

    assert look.at(remembered) is remembered
    assert source.asked == []


def test_another_workflow_with_the_same_secret_that_works_later_is_a_use() -> None:
    """Only where the wording leaves the cause open: an answer that settles it needs no witness."""
    later = make_run(6, "success", workflow=OTHER)
    text = log(
        (0, "Current runner version: '2.333.1'"),
        *STEP,
        (3, "HTTP Error 401: Unauthorized for api.openai.com"),
        (4, FAILED),
    )
    source = FakeSource(file="env: {KEY: '${{ secrets.OPENAI_API_KEY }}'}")
    incident, _ = looked(source, later, text=text)

    assert f"jobs {later.id}" in source.asked
    assert "The same credential worked after the first refusal, in “Other”" in said(incident)

    source = FakeSource(file="env: {}")
    looked(source, later, replace(later, started_at=BAD.started_at - timedelta(hours=1)), text=text)
    assert f"jobs {later.id}" not in source.asked
