"""A repository's last days as a story: good and bad runs, commits, secrets; swept, and told as an issue.

    story = Story("Nightly")
    story.good(CODEX.says("done"))
    story.commit("Bump codex")
    story.bad(CODEX.says("401 Unauthorized: Missing bearer …"))
    told = story.told(tmp_path)
    assert ("credential_missing", "certain", "OPENAI_API_KEY") == told.verdict

What is written is a snapshot directory (`sources.records`); what is told comes from the whole sweep: `investigate` on it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from textwrap import indent
from typing import TYPE_CHECKING, Any

from failure_investigator.investigate import investigate
from failure_investigator.model import Comparison, Job, Repository, Run, Workflow
from failure_investigator.model import Step as JobStep
from failure_investigator.settings import Settings
from failure_investigator.sources.records import FORMAT, dump
from failure_investigator.sources.snapshot import SnapshotSource
from failure_investigator.trackers.directory import DirectoryTracker
from tests.cases.joblog import CHECKOUT, Machine, Step, job_log

if TYPE_CHECKING:
    from pathlib import Path

    from failure_investigator.model import Diagnosis
    from failure_investigator.render.report import Report

REPOSITORY = "octo-org/octo-app"
BEGIN = datetime(2026, 5, 4, 6, tzinfo=UTC)
TOOK = timedelta(minutes=4)
ROTATE = "Make a new credential"
"""How every advice to rotate begins."""
FORK: dict[str, Any] = {
    "event": "pull_request",
    "branch": "patch-1",
    "head_repository": "contributor/octo-app",
    "actor": "contributor",
}
"""What a pull request from a fork differs in."""
DEPENDABOT: dict[str, Any] = {"event": "pull_request", "branch": "dependabot/npm/left-pad", "actor": "dependabot[bot]"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a sweep made of a story."""

    report: Report
    pages: tuple[str, ...]
    """The issues' files, header and body."""

    @property
    def diagnosis(self) -> Diagnosis:
        """Of the only incident."""
        [incident] = self.report.incidents
        return incident.diagnosis

    @property
    def verdict(self) -> tuple[str, str, str]:
        """Cause, confidence, and the credential or the right that it is about."""
        told = self.diagnosis
        return told.cause.value, told.confidence, told.right or told.credential

    @property
    def page(self) -> str:
        """The only issue."""
        [page] = self.pages
        return page

    def says(self, kind: str) -> list[str]:
        """The sentences of one kind of evidence, for and against."""
        facts = (*self.diagnosis.evidence, *self.diagnosis.against, *self.diagnosis.secondary)
        return [fact.says for fact in facts if fact.kind == kind]

    @property
    def named(self) -> list[tuple[str, str]]:
        """(verb, reason) of each change that was decided."""
        return [(done.change.verb, done.change.reason) for done in self.report.applied]

    @property
    def lines(self) -> list[str]:
        """The lines of the log that the wording's evidence quotes, the decisive one first."""
        return [fact.text for fact in self.diagnosis.evidence if fact.kind == "wording"]

    @property
    def excluded(self) -> dict[str, str]:
        """Cause → why it is ruled out."""
        return {other.what: other.why for other in self.diagnosis.alternatives if other.excluded}

    @property
    def steps(self) -> str:
        """What the diagnosis says to do."""
        return "\n".join(self.diagnosis.remedy)

    @property
    def do_not(self) -> str:
        """What it says not to do."""
        return "\n".join(self.diagnosis.do_not)

    @property
    def unwritten(self) -> list[str]:
        """Facts and reasons of the diagnosis that the issue leaves out: none, ever."""
        told = self.diagnosis
        said = [fact.says for fact in (*told.evidence, *told.against, *told.secondary)]
        said += [other.why for other in told.alternatives]
        return [text for text in (*said, *told.remedy, *told.do_not) if text not in self.page]


@dataclass
class Story:
    """One repository, written run by run; the clock goes on by `every` with each."""

    name: str = "Nightly"
    """Of the workflow that is told about, unless a run names another."""
    every: timedelta = timedelta(hours=1)
    machine: Machine = field(default_factory=Machine)
    """Of the runs that follow: replace it where the runner, an action or a permission changes."""
    now: datetime = BEGIN
    made: list[tuple[Run, Job, str]] = field(default_factory=list)
    commits: list[tuple[str, str]] = field(default_factory=lambda: [(_sha("The first commit"), "The first commit")])
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    """SHA → path → text."""
    names: list[str] = field(default_factory=list)
    secrets: dict[str, datetime] | None = None
    """What the token may know of the secrets; None when it may not."""

    def good(self, *steps: Step, times: int = 1, **differs: Any) -> None:
        """Runs that worked."""
        for _ in range(times):
            self._run("success", steps, differs)

    def bad(self, *steps: Step, times: int = 3, **differs: Any) -> None:
        """Runs whose last step failed."""
        for _ in range(times):
            self._run("failure", steps, differs)

    def commit(self, message: str, **files: str) -> None:
        """A commit on the default branch; `files` are texts of workflow files by the workflow's name."""
        before = self.files.get(self.head, {})
        self.commits.append((_sha(f"{len(self.commits)} {message}"), message))
        self.files[self.head] = {**before, **{_path(name): text for name, text in files.items()}}

    def workflow(self, text: str, name: str = "") -> None:
        """The workflow file as it stands from the beginning."""
        self.files.setdefault(self.head, {})[_path(name or self.name)] = text

    def sets(self, name: str, *, days_ago: int = 0) -> None:
        """A secret is set, now or before the story began; the token may know of it."""
        self.secrets = {**(self.secrets or {}), name: self.now - timedelta(days=days_ago)}

    def wait(self, **much: float) -> None:
        """Time passes."""
        self.now += timedelta(**much)

    @property
    def head(self) -> str:
        """The newest commit."""
        return self.commits[-1][0]

    def told(self, folder: Path) -> Told:
        """What a sweep right after the last run says."""
        write(self, folder / "snapshot")
        issues = folder / "issues"
        source = SnapshotSource(folder / "snapshot")
        settings = Settings(repository=REPOSITORY, issue_repository=REPOSITORY, issues_directory=issues)
        report = investigate(source, DirectoryTracker(issues, REPOSITORY), settings, lambda: self.now)
        pages = tuple(path.read_text("utf-8") for path in sorted(issues.glob("*.md")))
        told = Told(report, pages)
        assert [] == (told.unwritten if len(pages) == len(report.incidents) == 1 else [])
        return told

    def _run(self, conclusion: str, steps: tuple[Step, ...], differs: dict[str, Any]) -> None:
        name, job_name = differs.pop("workflow", self.name), differs.pop("job", "publish")
        if name not in self.names:
            self.names.append(name)
        number = 1 + len(self.made)
        values: dict[str, Any] = {
            "repository": REPOSITORY, "id": 5000 + number, "attempt": 1, "number": number,
            "workflow": Workflow(70 + self.names.index(name), name, _path(name)),
            "title": self.commits[-1][1], "event": "schedule", "branch": "main", "head_sha": self.head,
            "head_repository": REPOSITORY, "actor": "octocat", "conclusion": conclusion, "created_at": self.now,
            "started_at": self.now, "updated_at": self.now + TOOK,
            "url": f"https://github.com/{REPOSITORY}/actions/runs/{5000 + number}",
        }  # fmt: skip
        run = Run(**{**values, **differs})
        log = job_log(run, job_name, self.machine, steps)
        ran = tuple(JobStep(n, title, ended, start, end) for n, title, ended, start, end in log.steps())
        url = f"{run.url}/job/{9000 + number}"
        job = Job(9000 + number, run.id, 1, job_name, conclusion, url, run.started_at, run.updated_at, ran)
        self.made.append((run, job, log.text()))
        self.now += self.every

    def on(self, **differs: Any) -> None:
        """The machine differs from here on."""
        self.machine = replace(self.machine, **differs)


def job(*steps: str, permissions: str = "", about: str = "") -> str:
    """A workflow file with one job `publish`; its steps and what stands `about` them are YAML of the test's own."""
    top = f"permissions:\n{indent(permissions, '  ')}\n" if permissions else ""
    inner = f"{indent(about, '    ')}\n" if about else ""
    listed = "".join(
        indent(f"- {step}".replace("\n", "\n  "), "      ") + "\n" for step in (f"uses: {CHECKOUT}", *steps)
    )
    return f"on: schedule\n{top}jobs:\n  publish:\n    runs-on: ubuntu-latest\n{inner}    steps:\n{listed}"


def runs(command: str, **env: str) -> str:
    """A step of a workflow file; `env` says which secret feeds which variable."""
    given = "".join(f"\n  {name}: ${{{{ secrets.{secret} }}}}" for name, secret in env.items())
    return f"run: {command}" + (f"\nenv:{given}" if given else "")


def write(story: Story, folder: Path) -> None:
    """The story as a snapshot directory."""
    url = f"https://github.com/{REPOSITORY}"
    head = {"format": FORMAT, "recorded_at": story.now, "since": BEGIN, "until": story.now,
            "repository": Repository(REPOSITORY, "public", "main", url=url)}  # fmt: skip
    _write(folder / "snapshot.json", dump(head))
    _write(folder / "runs.jsonl", "".join(dump(run) + "\n" for run, _, _ in reversed(story.made)))
    for run, job, log in story.made:
        _write(folder / "jobs" / f"{run.key}.json", dump([job]))
        _write(folder / "logs" / f"{job.id}.log", log)
    for sha, files in {**story.files, "HEAD": story.files.get(story.head, {})}.items():
        for path, text in files.items():
            _write(folder / "files" / sha / path, text)
    for first, (base, _) in enumerate(story.commits):
        for last, (head_sha, _) in enumerate(story.commits[first + 1 :], first + 1):
            between = tuple(story.commits[first + 1 : last + 1])
            compared = Comparison("ahead", between, len(between))
            _write(folder / "compare" / f"{base}...{head_sha}.json", dump(compared))
    if story.secrets is not None:
        _write(folder / "secrets.json", dump(story.secrets))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def _path(name: str) -> str:
    return f".github/workflows/{name.lower().replace(' ', '-')}.yml"


def _sha(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
