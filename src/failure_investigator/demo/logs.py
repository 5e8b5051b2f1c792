"""The logs of the bundled snapshot, written line by line in the form of a job's log (steps, groups, echoes, trailer)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from failure_investigator.model import Run

_ECHO = "\x1b[36;1m"
_PLAIN = "\x1b[0m"
SetUp = ("GITHUB_TOKEN Permissions", "Contents: read", "Issues: write", "Metadata: read")


class JobWriter:
    """One job's log and its steps as the jobs API would tell them."""

    def __init__(self, run: Run) -> None:
        self._now = run.started_at + timedelta(seconds=4)
        self._lines: list[str] = []
        self._steps: list[tuple[int, str, str, datetime, datetime | None]] = []

    def say(self, *lines: str, after: float = 0.01) -> None:
        """Lines of output, each `after` seconds later than the one before."""
        for line in lines:
            self._now += timedelta(seconds=after)
            self._lines.append(f"{self._now:%Y-%m-%dT%H:%M:%S.%f}0Z {line}")

    def step(self, number: int, name: str, conclusion: str = "success") -> None:
        """A new step begins; it ends where the next one begins."""
        self._now = (self._now + timedelta(seconds=1)).replace(microsecond=0)
        self._end()
        self._steps.append((number, name, conclusion, self._now, None))

    def skipped(self, number: int, name: str) -> None:
        """A step that leaves no trace in the log."""
        self._end()
        self._steps.append((number, name, "skipped", self._now, self._now))

    def _end(self) -> None:
        if self._steps and self._steps[-1][4] is None:
            number, name, conclusion, start, _ = self._steps[-1]
            self._steps[-1] = (number, name, conclusion, start, self._now.replace(microsecond=0))

    def script(self, command: str, env: dict[str, str]) -> None:
        """The echo of a `run:` step."""
        self.say(f"##[group]Run {command}", f"{_ECHO}{command}{_PLAIN}", "shell: /usr/bin/bash -e {0}", after=0.001)
        self.say(*_env(env), "##[endgroup]", after=0.001)

    def action(self, name: str, inputs: dict[str, str]) -> None:
        """The echo of a `uses:` step."""
        self.say(
            f"##[group]Run {name}", "with:", *(f"  {k}: {v}" for k, v in inputs.items()), "##[endgroup]", after=0.001
        )

    def steps(self) -> list[tuple[int, str, str, datetime, datetime | None]]:
        """(number, name, conclusion, start, end)."""
        self._end()
        return self._steps

    def text(self) -> str:
        """The log, with the byte order mark that the runner writes."""
        return "\ufeff" + "\n".join(self._lines) + "\n"


def _env(env: dict[str, str]) -> Iterator[str]:
    if env:
        yield "env:"
        yield from (f"  {name}: {value}" for name, value in env.items())


def _begin(run: Run, job: str) -> JobWriter:
    log = JobWriter(run)
    log.step(1, "Set up job")
    log.say("Current runner version: '2.333.1'", "##[group]Runner Image Provisioner", "Hosted Compute Agent")
    log.say("Version: 20260401.512", "##[endgroup]", "##[group]Operating System", "Ubuntu", "24.04.4", "LTS")
    log.say("##[endgroup]", "##[group]Runner Image", "Image: ubuntu-24.04", "Version: 20260413.91.1", "##[endgroup]")
    log.say(*(("##[group]" if line == SetUp[0] else "") + line for line in SetUp), "##[endgroup]")
    log.say("Secret source: Actions", "Prepare workflow directory", "Prepare all required actions")
    log.say("Getting action download info")
    log.say("Download action repository 'actions/checkout@v4' (SHA:34e114876b0b11c390a56381ad16ebd13914f8d5)")
    log.say(f"Complete job name: {job}")
    log.step(2, "Run actions/checkout@v4")
    log.action("actions/checkout@v4", {"repository": run.repository, "token": "***", "fetch-depth": "1"})
    log.say(
        f"Syncing repository: {run.repository}", "##[group]Getting Git version info", "[command]/usr/bin/git version"
    )
    log.say("git version 2.53.0", "##[endgroup]", f"HEAD is now at {run.head_sha[:7]} Tidy the imports")
    return log


def _finish(log: JobWriter, post: int) -> JobWriter:
    log.step(post, "Post Run actions/checkout@v4")
    log.say("Post job cleanup.", "[command]/usr/bin/git version", "git version 2.53.0")
    log.step(post + 1, "Complete job")
    log.say("Cleaning up orphan processes")
    return log


def _moderation(run: Run, version: str, conclusion: str) -> JobWriter:
    log = _begin(run, "moderate")
    log.step(3, "Start the credential proxy")
    log.script("./scripts/start-proxy.sh", {})
    log.say("credential proxy for api.openai.com listens on 172.30.0.30:10000")
    log.step(4, "Run Codex", conclusion)
    log.script(
        'codex exec --full-auto "$(cat prompt.md)"',
        {
            "OPENAI_API_KEY": "***",
            "OPENAI_BASE_URL": "http://172.30.0.30:10000/v1",
            "CODEX_HOME": "/home/runner/.codex",
        },
    )
    log.say(f"OpenAI Codex v{version} (research preview)", "--------", "workdir: /home/runner/work/octo-app/octo-app")
    log.say("model: gpt-5.3-codex", "provider: openai", "approval: never", "sandbox: workspace-write", "--------")
    return log


def refused_moderation(run: Run, *, last: bool) -> JobWriter:
    """A run of the incident: five reconnects, then the refusal; the last one also shows the egress firewall."""
    log = _moderation(run, "0.121.0", "failure")
    pause = (run.seconds - 30) / 6
    for attempt in range(1, 6):
        log.say(f"ERROR: Reconnecting... {attempt}/5", after=pause)
    log.say("ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header", after=pause)
    log.say("  url: https://api.openai.com/v1/responses")
    if last:
        log.say("Firewall: blocked domains", "| domain | port | requests |", "| chatgpt.com | 443 | 6 |")
    log.say("##[error]Process completed with exit code 1.")
    log.skipped(5, "Label the issue")
    return _finish(log, 10)


def good_moderation(run: Run) -> JobWriter:
    """The last good run, with the client's version before it changed."""
    log = _moderation(run, "0.118.0", "success")
    log.say("codex", "The issue is on topic: no label is needed.", after=20)
    log.step(5, "Label the issue")
    log.script("./scripts/label.sh", {})
    log.say("nothing to label")
    return _finish(log, 10)


def failed_tests(run: Run) -> JobWriter:
    """A failure of another workflow that no service had a part in."""
    log = _begin(run, "test")
    log.step(3, "Run tests", "failure")
    log.script("python -m pytest", {"PYTHONUNBUFFERED": "1"})
    log.say("============================= test session starts ==============================")
    log.say("collected 214 items", "tests/test_login.py ....F...", after=2)
    log.say("FAILED tests/test_login.py::test_unknown_user_gets_401 - assert 200 == 401")
    log.say("======================== 1 failed, 213 passed in 41.20s ========================")
    log.say("##[error]Process completed with exit code 1.")
    return _finish(log, 6)
