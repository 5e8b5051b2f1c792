"""A closer look at an incident that an issue will be written about: what stands around the log of its newest job.

Asked are, once each: the workflow file at the first bad and the last good commit, the log of the same job in the last good
run, the commits between, the names of secrets, and whether the same credential worked elsewhere since. What may not be
read is left out, and told; the budget's reserve ends the asking.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from failure_investigator.diagnose.credentials import secret_of
from failure_investigator.diagnose.diagnosis import weigh
from failure_investigator.diagnose.evidence.onset import MOMENT
from failure_investigator.errors import RefusedError
from failure_investigator.model import Cause, Surroundings, Use
from failure_investigator.reading import read_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from failure_investigator.diagnose.case import Case
    from failure_investigator.model import Comparison, Finding, Incident, Job, JobFacts, Run, Streak
    from failure_investigator.signatures.scanner import Scanner
    from failure_investigator.sources.base import Source
    from failure_investigator.swept import Swept

    T = TypeVar("T")

ELSEWHERE = 2
"""Other workflows in which a use of the same credential is looked for."""
_SENT = (Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_EXPIRED, Cause.UNCLASSIFIED)
_CREDENTIAL = (*_SENT, Cause.CREDENTIAL_MISSING, Cause.CREDENTIAL_MALFORMED)


@dataclass
class CloserLook:
    """Asks a source about incidents of one sweep; `notes` gain what could not be asked."""

    source: Source
    swept: Swept
    scanner: Scanner
    notes: list[str] = field(default_factory=list)

    def at(self, incident: Incident) -> Incident:
        """The incident with its newest job judged again by all that stands around it."""
        found = _newest(incident)
        if found is None:
            return incident
        streak, finding = found
        case = self.swept.cases.get((finding.run.key, finding.job_id))
        if case is None:
            return incident
        around = self._around(incident, streak, finding, case)
        return replace(incident, diagnosis=weigh(replace(case, around=around)))

    def _around(self, incident: Incident, streak: Streak, finding: Finding, case: Case) -> Surroundings:
        bad, good = streak.findings[-1].run, streak.last_good
        told = weigh(case)
        around = Surroundings(
            first_bad=bad,
            last_good=good,
            workflow=self._asked(lambda: self._file(bad)),
            workflow_before=self._asked(lambda: self._file(good)) if good else None,
            good=self._asked(lambda: self._facts(good, finding, case)) if good else None,
            comparison=self._asked(lambda: self._compared(good, bad)) if good else None,
            secrets=self._asked(lambda: self.source.secrets(bad.repository)) if told.cause in _CREDENTIAL else None,
            together=_together(incident, bad),
        )
        secret = secret_of(replace(case, around=around)) if told.cause in _SENT else ""
        return replace(around, uses=self._asked(lambda: tuple(self._uses(secret, bad))) or ()) if secret else around

    def _asked(self, question: Callable[[], T]) -> T | None:
        """The answer, or None when the reserve is reached or the token may not know."""
        if reason := self.source.exhausted():
            self._note(f"no closer look was taken: {reason}")
            return None
        try:
            return question()
        except RefusedError as error:
            self._note(f"something around a failure could not be read: {error.line()}")
            return None

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _file(self, run: Run) -> str | None:
        """The workflow file of a run; workflows that GitHub makes itself (`dynamic/…`) have none."""
        path = run.workflow.path
        return self.source.file(run.repository, path, run.head_sha) if path.startswith(".github/") else None

    def _compared(self, good: Run, bad: Run) -> Comparison | None:
        if good.head_sha == bad.head_sha:
            return None
        return self.source.compare(bad.repository, good.head_sha, bad.head_sha)

    def _facts(self, good: Run, finding: Finding, case: Case) -> JobFacts | None:
        """How the refused job ran in the last good run."""
        jobs = self.swept.jobs_of(self.source, good) or ()
        same = [job for job in jobs if finding.job and job.name == finding.job.name and job.conclusion == "success"]
        if len(same) != 1:
            return None
        log = self.source.logs(good, same).get(same[0].id)
        return read_facts(log, same[0], good, self.scanner, case) if log is not None and not log.gone else None

    def _uses(self, secret: str, bad: Run) -> Iterator[Use]:
        """Later runs of other workflows whose file names the same secret and that have one job only, which succeeded."""
        seen: set[int] = {bad.workflow.id}
        for run in self.swept.listed:
            later = run.started_at > bad.started_at and run.conclusion == "success" and not run.without_secrets
            if not later or run.workflow.id in seen or len(seen) > ELSEWHERE:
                continue
            seen.add(run.workflow.id)
            text = self._file(run)
            jobs = self.swept.jobs_of(self.source, run) if text and f"secrets.{secret}" in text else ()
            jobs = jobs or ()
            yield from (Use(run, job.name, succeeded=True) for job in _only(jobs))


def _only(jobs: tuple[Job, ...]) -> tuple[Job, ...]:
    """The job of a run that has one: of several nobody knows which used the secret."""
    ran = tuple(job for job in jobs if job.conclusion == "success")
    return ran if len(ran) == len(jobs) == 1 else ()


def _newest(incident: Incident) -> tuple[Streak, Finding] | None:
    """The finding that says what the incident is, if it was read now, with its streak."""
    judged = incident.judged
    pairs = ((streak, found) for streak in incident.streaks for found in streak.findings if found == judged)
    return next(pairs, None)


def _together(incident: Incident, bad: Run) -> int:
    """Workflows with a failed run of this incident within a moment of `bad`."""
    near = (f.run for f in incident.findings if abs(f.run.started_at - bad.started_at) <= MOMENT)
    return max(1, len({(run.repository, run.workflow.id) for run in near}))
