"""A job's log as the runner writes it: header, each step's echo and output, trailer (docs/log-format.md)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from failure_investigator.demo.logs import JobWriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from failure_investigator.model import Run

_ECHO = "\x1b[36;1m{}\x1b[0m"
CHECKOUT = "actions/checkout@v4"
FETCH = ("/usr/bin/git init /home/runner/work/octo-app/octo-app", "/usr/bin/git config --local gc.auto 0",
         "/usr/bin/git submodule foreach --recursive git config --local --unset-all core.sshCommand",
         "/usr/bin/git -c protocol.version=2 fetch --no-tags --prune --depth=1 origin main",
         "/usr/bin/git sparse-checkout disable", "/usr/bin/git checkout --progress --force -B main refs/remotes/origin/main",
         "/usr/bin/git log -1 --format=%H")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it runs, what the runner echoes of it, and what it prints."""

    runs: str
    """A script, or an action with its `@ref`."""
    env: Mapping[str, str] = field(default_factory=dict)
    """As printed: `***` masked, '' empty."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    action: bool = False

    def says(self, *lines: str) -> Step:
        """The step with its output; lines that hold several are cut at their ends."""
        return replace(self, lines=tuple(part for line in lines for part in line.split("\n")))


def script(command: str, **env: str) -> Step:
    """A `run:` step with its environment."""
    return Step(command, env)


def action(name: str, inputs: Mapping[str, str] | None = None, **env: str) -> Step:
    """A `uses:` step with its inputs and environment."""
    return Step(name, env, inputs or {}, action=True)


def checkout(*, persist: bool = True) -> Step:
    """The checkout that stands before every story's first step, unless the story brings its own."""
    kept = str(persist).lower()
    inputs = {"repository": "octo-org/octo-app", "token": "***", "persist-credentials": kept, "fetch-depth": "1"}
    commands = [line for command in FETCH for line in (f"[command]{command}", "##[endgroup]", "##[group]Next")]
    return action(CHECKOUT, inputs).says(
        "Syncing repository: octo-org/octo-app", "##[group]Getting Git version info", "git version 2.53.0",
        "##[endgroup]", "##[group]Fetching the repository", *commands[:-1],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machine:
    """What the header tells of the job's surroundings."""

    image: str = "20260413.91.1"
    permissions: Mapping[str, str] = field(default_factory=lambda: {"Contents": "read", "Metadata": "read"})
    secret_source: str = "Actions"
    actions: Mapping[str, str] = field(default_factory=dict)
    """Action with its `@ref` → SHA."""


def job_log(run: Run, job: str, machine: Machine, steps: Sequence[Step]) -> JobWriter:
    """The log of a job whose last step ended as the run did; the steps before it succeeded."""
    log = JobWriter(run)
    _header(log, job, machine)
    if not steps[0].runs.startswith("actions/checkout@"):
        steps = [checkout(), *steps]
    for number, step in enumerate(steps, 2):
        failed = run.failed and number == len(steps) + 1
        _step(log, number, step, failed=failed)
    _trailer(log, 2 * len(steps) + 1)
    return log


def _header(log: JobWriter, job: str, machine: Machine) -> None:
    log.step(1, "Set up job")
    log.say("Current runner version: '2.333.1'", "##[group]Runner Image Provisioner", "Hosted Compute Agent")
    log.say("Version: 20260401.512", "##[endgroup]", "##[group]Operating System", "Ubuntu", "24.04.4", "LTS")
    log.say("##[endgroup]", "##[group]Runner Image", "Image: ubuntu-24.04", f"Version: {machine.image}", "##[endgroup]")
    log.say("##[group]GITHUB_TOKEN Permissions")
    log.say(*(f"{name}: {level}" for name, level in machine.permissions.items()), "##[endgroup]")
    log.say(f"Secret source: {machine.secret_source}", "Prepare workflow directory", "Prepare all required actions")
    log.say("Getting action download info")
    for name, sha in {CHECKOUT: "34e114876b0b11c390a56381ad16ebd13914f8d5", **machine.actions}.items():
        log.say(f"Download action repository '{name}' (SHA:{sha})")
    log.say(f"Complete job name: {job}")


def _step(log: JobWriter, number: int, step: Step, *, failed: bool) -> None:
    first = step.runs.split("\n")[0]
    log.step(number, f"Run {first}", "failure" if failed else "success")
    log.say(f"##[group]Run {first}", after=0.001)
    if step.action:
        log.say("with:", *(f"  {name}: {value}" for name, value in step.inputs.items()), after=0.001)
    else:
        log.say(*(_ECHO.format(line) for line in step.runs.split("\n")), "shell: /usr/bin/bash -e {0}", after=0.001)
    if step.env:
        log.say("env:", *(f"  {name}: {value}" for name, value in step.env.items()), after=0.001)
    log.say("##[endgroup]", after=0.001)
    log.say(*step.lines, after=0.2)
    if failed and not step.action:
        log.say("##[error]Process completed with exit code 1.")


def _trailer(log: JobWriter, post: int) -> None:
    log.step(post, f"Post Run {CHECKOUT}")
    log.say("Post job cleanup.", "[command]/usr/bin/git version", "git version 2.53.0")
    log.step(post + 1, "Complete job")
    log.say("Cleaning up orphan processes")
