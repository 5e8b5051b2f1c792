"""What logs say: places, refusals, evidence, diagnoses, and the incidents they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from failure_investigator.causes import Cause, Confidence
    from failure_investigator.model.issues import Tracked
    from failure_investigator.model.runs import Job, Run, StreamKey, Workflow


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a log: `line` is 1-based in the file or member; step and step line are None while not known."""

    line: int
    step: int | None = None
    step_line: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place where a service refused the job. `text` is the cleaned and redacted line."""

    signature: str
    """`service/id` of the signature."""
    service: str
    """A service id, or the registrable host, or `unknown`."""
    status: int
    """The number printed if 401, 403, 407 or 429, else the one meant."""
    cause: Cause
    place: Place
    text: str
    host: str = ""
    endpoint: str = ""
    credential: str = ""
    """Name of the credential that the wording itself names; empty if it names none."""
    identity: str = ""
    """Who was refused, when the wording tells (user, role, account)."""
    right: str = ""
    """Right, scope or permission that the wording names as missing."""
    decisive: bool = True
    demoted_by: str = ""
    """The decisiveness rule that took it out, with its reason; empty while decisive."""
    member: str | None = None
    """Path in the zip for `explain` on a zip."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observed fact for or against causes, with where it was seen."""

    says: str
    """The fact in one sentence, our words."""
    supports: frozenset[Cause] = frozenset()
    excludes: frozenset[Cause] = frozenset()
    text: str = ""
    """The redacted log line, when it stands on one."""
    place: Place | None = None
    url: str = ""
    """Link to where it was seen, if GitHub has one."""
    kind: str = "wording"
    """Which file of `diagnose/evidence/` found it."""
    cure: str = ""
    """What to do about it, where the fact itself says so: it takes the place of the general steps."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A cause or credential that was considered; `excluded` with the reason when evidence rules it out."""

    what: str
    why: str
    excluded: bool


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one job failed of."""

    service: str
    status: int
    cause: Cause
    confidence: Confidence
    signature: str
    credential: str = ""
    host: str = ""
    endpoint: str = ""
    identity: str = ""
    right: str = ""
    """Right or `permissions:` entry that is missing, e.g. `contents: write`."""
    evidence: tuple[Evidence, ...] = ()
    """For the cause; the first one is the decisive line."""
    patch: str = ""
    """The change of the workflow file that cures it, as a unified diff; '' where there is none to tell."""
    against: tuple[Evidence, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    secondary: tuple[Evidence, ...] = ()
    """Signals in the failed job that are no refusal of the credential (blocked egress, DNS, timeouts …)."""
    remedy: tuple[str, ...] = ()
    """Steps in Markdown, most likely first, ours (never log text)."""
    do_not: tuple[str, ...] = ()
    retries: int = 0
    """How often the log shows the refused call being tried again."""
    member: str | None = None
    step_name: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One failed run of a stream with what is known of one fingerprint in it: read now, remembered, or inferred."""

    run: Run
    how: Literal["read", "remembered", "inferred"]
    job: Job | None = None
    """The refused job; None when inferred, or remembered without its job."""
    job_id: int = 0
    """The refused job's id, 0 if not known (kept by markers, so it survives where `job` is not fetched again)."""
    diagnosis: Diagnosis | None = None
    mark: str = ""
    """The fingerprint that it was read or remembered under; empty when inferred."""
    older: bool = False
    """Whether its commit is known to be older than the one that was good again: a re-run of what failed before."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Consecutive failed runs of one stream with one fingerprint, newest first, no success of the job between.

    Without findings it is a stream that an issue names, whose failures are no longer listed.
    """

    stream: StreamKey
    workflow: Workflow
    branch: str
    """The branch shown to people (default branch's name, the long-lived branch, or empty for pull requests)."""
    findings: tuple[Finding, ...]
    strip: tuple[Run, ...] = ()
    """The stream's last runs, newest first, for the picture of what happened around the streak."""
    last_good: Run | None = None
    """The newest run of the stream before the streak in which the job succeeded, if seen."""
    good: tuple[Run, ...] = ()
    """Runs after the streak in which the refused jobs really ran and succeeded, oldest first."""
    unsure: int = 0
    """Green runs after the streak whose jobs were not looked at: they prove nothing."""
    jobs: tuple[str, ...] = ()
    """Names of the jobs that were refused in its newest run, sorted."""
    last: Tracked | None = None
    """What the issue recorded of the stream; the newest failure is this one where no listed run is newer."""
    complete: bool = True
    """Whether all runs from the last failure to now are listed."""
    gone: str = ""
    """Why no run can come any more."""

    @property
    def going(self) -> bool:
        """Whether it may open or reopen an issue: with secrets, where runs can still come, and not followed by a success."""
        possible = self.stream.kind != "none" and not self.gone
        return bool(self.findings) and possible and not self.good and not self.unsure

    @property
    def newest(self) -> datetime | None:
        """Start of the newest run that is known of the stream."""
        return self.strip[0].started_at if self.strip else None


@dataclass(frozen=True, slots=True)
class Incident:
    """All streaks, in all workflows and repositories, with one fingerprint: one issue."""

    fingerprint: str
    """`v1:family:key…`, see `incidents/fingerprint.py`."""
    diagnosis: Diagnosis
    """Of the newest job that was read."""
    streaks: tuple[Streak, ...]
    aliases: tuple[str, ...] = ()
    """Older fingerprints of the same issue."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of all streaks, newest first."""
        every = [finding for streak in self.streaks for finding in streak.findings]
        return tuple(sorted(every, key=lambda f: (f.run.started_at, f.run.id), reverse=True))

    @property
    def names(self) -> frozenset[str]:
        """All fingerprints that belong to it."""
        return frozenset((self.fingerprint, *self.aliases))

    @property
    def sealed(self) -> bool:
        """Whether more people may read its issue than its evidence: counts, cause and general advice are all it may say."""
        return ":sealed:" in self.fingerprint

    @property
    def counted(self) -> tuple[Streak, ...]:
        """The streaks that may move it: runs without secrets are only told."""
        return tuple(streak for streak in self.streaks if streak.stream.kind != "none")

    @property
    def judged(self) -> Finding | None:
        """The newest failure of which a log is known, if that was read now: it says what the incident is.

        None where its issue says so: an older failure that is read later is no better evidence.
        """
        streaks = self.counted or self.streaks
        known = [found for streak in streaks for found in streak.findings if found.how != "inferred"]
        newest = max(known, key=lambda found: (found.run.started_at, found.run.id), default=None)
        if newest is None or newest.diagnosis is None:
            return None
        recorded = max((streak.last.at for streak in streaks if streak.last), default="")
        return newest if f"{newest.run.started_at:%Y-%m-%dT%H:%M:%SZ}" >= recorded else None

    @property
    def repositories(self) -> tuple[str, ...]:
        """The repositories it was seen in, sorted."""
        return tuple(sorted({streak.stream.repository for streak in self.streaks}))

    @property
    def workflows(self) -> tuple[Workflow, ...]:
        """The workflows it was seen in, by name; each once, as the newest run that is listed tells it."""
        newest = sorted(self.streaks, key=lambda streak: (streak.newest is not None, streak.newest or 0))
        found = {(streak.stream.repository, streak.stream.workflow_id): streak.workflow for streak in newest}
        return tuple(sorted(found.values(), key=lambda w: (w.name, w.id)))
