"""A small runner for workflows: jobs by their needs, a matrix, job and step conditions, outputs, `run:` and `uses:` steps.

A run is kept: jobs are run again as "Re-run failed jobs" or the button beside one job does it, with the outputs of the
others. `uses:` steps that need the real service are replaced by stand-ins (`service_steps.py`); the action that a job has
checked out is run by `action_runner.py`.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from failure_investigator.yamlfile import load
from tests.e2e.action_runner import Acted, ActionRunner, bash
from tests.e2e.expressions import Contexts, Outputs, as_text, filled, holds, value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    Uses = Callable[[Mapping[str, str], "Place"], Mapping[str, str]]
    Dies = Callable[[str], bool]

_SKIPPED = "skipped"


@dataclass
class Place:
    """One job's machine."""

    job: str
    """Its key, with its part of the matrix behind it: `scan 2`."""
    temp: Path
    workspace: Path
    attempt: int


@dataclass
class Job:
    """One job as it ran last."""

    result: str
    outputs: dict[str, str] = field(default_factory=dict)
    said: str = ""
    summary: str = ""


@dataclass
class Run:
    """A run of a called workflow, with its attempts."""

    workflow: dict[str, Any]
    place: Path
    uses: Mapping[str, Uses]
    """Stand-ins, by the name of the action before its `@`."""
    action_uses: Mapping[str, Any]
    """The same for the steps of the action itself."""
    environ: Mapping[str, str]
    github: Mapping[str, Any]
    called: Mapping[str, str]
    """What the context `job` says of the called workflow."""
    inputs: Mapping[str, Any]
    secrets: Mapping[str, str]
    jobs: dict[str, Job] = field(default_factory=dict)
    """By key, a matrix's with its part behind: `scan 2`."""
    attempt: int = 0

    def start(self, again: Collection[str] | None = None, dies: Dies = lambda _: False) -> dict[str, Job]:
        """An attempt: all jobs, or those of `again` and what needs them. `dies` names jobs whose machine is lost."""
        self.attempt += 1
        redone: set[str] = set()
        for key, spec in self.workflow["jobs"].items():
            chosen = again is None or any(name.split()[0] == key for name in again) or redone & set(_needs(spec))
            if not chosen:
                continue
            redone.add(key)
            only = [name for name in again or () if name.split()[0] == key and " " in name]
            self._job(key, spec, only, dies)
        return self.jobs

    def failed(self) -> list[str]:
        """The jobs that "Re-run failed jobs" names."""
        return [name for name, job in self.jobs.items() if job.result == "failure"]

    def _job(self, key: str, spec: dict[str, Any], only: Collection[str], dies: Dies) -> None:
        contexts = self._contexts(spec)
        needed = [each["result"] for each in contexts["needs"].values()]
        functions = {"success": lambda: set(needed) <= {"success"}, "cancelled": lambda: False}
        if not holds(str(spec.get("if", "success()")), contexts, functions):
            self.jobs[key] = Job(_SKIPPED)
            return
        self.jobs.pop(key, None)
        for name, part in _matrix(key, spec, contexts):
            if not only or name in only:
                place = self._place(name)
                self.jobs[name] = self._run(spec, {**contexts, "matrix": part}, place, dies=dies(name))

    def _contexts(self, spec: dict[str, Any]) -> dict[str, Any]:
        needs = {name: self._needed(name) for name in _needs(spec)}
        github = {**self.github, "run_attempt": self.attempt}
        return {"github": github, "inputs": self.inputs, "secrets": Outputs(self.secrets), "needs": needs}

    def _needed(self, key: str) -> dict[str, Any]:
        """A job that is needed; of a matrix the worst result and the outputs of the last."""
        jobs = [job for name, job in self.jobs.items() if name.split()[0] == key]
        results = [job.result for job in jobs]
        worst = next((each for each in ("failure", _SKIPPED) if each in results), "success")
        return {"result": worst, "outputs": Outputs(jobs[-1].outputs)}

    def _place(self, name: str) -> Place:
        place = self.place / f"{name.replace(' ', '-')}-{self.attempt}"
        (place / "temp").mkdir(parents=True)
        (place / "workspace").mkdir()
        return Place(name, place / "temp", place / "workspace", self.attempt)

    def _run(self, spec: dict[str, Any], contexts: dict[str, Any], place: Place, *, dies: bool) -> Job:
        steps = spec["steps"]
        contexts["steps"] = {step["id"]: {"outputs": Outputs()} for step in steps if "id" in step}
        contexts["runner"], contexts["job"] = {"temp": str(place.temp)}, self.called
        environ = self._environ(spec, contexts, place)
        done = Acted()
        for number, step in enumerate(steps):
            functions = {"success": lambda: done.code == 0, "cancelled": lambda: False}
            if not holds(str(step.get("if", "success()")), contexts, functions):
                continue
            if dies and number:
                return Job("failure", said="The runner has received a shutdown signal.")
            outputs = self._step(number, step, contexts, (place, environ, done))
            if "id" in step:
                contexts["steps"][step["id"]]["outputs"].update(outputs)
            if done.code:
                break
        outputs = {name: filled(each, contexts) for name, each in spec.get("outputs", {}).items()}
        return Job("failure" if done.code else "success", outputs, done.stdout + done.stderr, done.summary)

    def _environ(self, spec: dict[str, Any], contexts: Contexts, place: Place) -> dict[str, str]:
        own = {name: filled(as_text(text), contexts) for name, text in spec.get("env", {}).items()}
        paths = {"RUNNER_TEMP": str(place.temp), "GITHUB_WORKSPACE": str(place.workspace)}
        return {**self.environ, **paths, "GITHUB_RUN_ATTEMPT": str(place.attempt), **own}

    def _step(
        self, number: int, step: dict[str, Any], contexts: Contexts, at: tuple[Place, Mapping[str, str], Acted]
    ) -> Mapping[str, str]:
        place, environ, done = at
        if "run" in step:
            own = {name: filled(as_text(text), contexts) for name, text in step.get("env", {}).items()}
            return bash(step["run"], place.temp / f"step-{number}", place.workspace, {**environ, **own}, done)
        given = {name: filled(as_text(text), contexts) for name, text in step.get("with", {}).items()}
        if step["uses"].startswith("./"):
            checkout = place.workspace / step["uses"]
            token = str(self.github["token"])
            acted = ActionRunner(checkout, place.temp, place.workspace, self.action_uses, token).run(given, environ)
            done.code, done.summary = acted.code, done.summary + acted.summary
            done.stdout, done.stderr = done.stdout + acted.stdout, done.stderr + acted.stderr
            return acted.outputs
        return self.uses[step["uses"].partition("@")[0]](given, place)


def called(path: Path, inputs: Mapping[str, Any], secrets: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A workflow to call, and its inputs with their defaults; inputs and secrets that it does not declare are mistakes."""
    workflow: dict[str, Any] = load(path.read_text("utf-8"), path.name).data
    declared = workflow["on"]["workflow_call"]
    assert (set(), set()) == (set(inputs) - set(declared["inputs"]), set(secrets) - set(declared["secrets"]))
    kinds = {"string": str, "boolean": bool}
    for name, given in inputs.items():
        assert isinstance(given, kinds[declared["inputs"][name]["type"]]), name
    return workflow, {**{name: each["default"] for name, each in declared["inputs"].items()}, **inputs}


def _needs(spec: dict[str, Any]) -> list[str]:
    given = spec.get("needs", [])
    return [given] if isinstance(given, str) else list(given)


def _matrix(key: str, spec: dict[str, Any], contexts: Contexts) -> list[tuple[str, dict[str, Any]]]:
    """The jobs of a matrix with one dimension, by name; one without a matrix is itself."""
    strategy = spec.get("strategy")
    if strategy is None:
        return [(key, {})]
    [(name, text)] = strategy["matrix"].items()
    parts = value(text, contexts)
    assert 0 < len(parts) <= 256, "a matrix has 1 to 256 jobs"
    return [(f"{key} {part}", {name: part}) for part in parts]
