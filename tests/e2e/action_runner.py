"""A small runner for composite actions: expressions of the kinds that action.yml uses, env, outputs, files, bash.

Steps that `uses:` something need the real service and are replaced by stand-ins that the caller declares.
https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runs-for-composite-actions
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from failure_investigator.yamlfile import load
from tests.e2e.expressions import Outputs, as_text, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    StandInStep = Callable[[Mapping[str, str]], Mapping[str, str]]


@dataclass
class Acted:
    """What a run of an action left."""

    code: int = 0
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    stdout: str = ""
    stderr: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time of each step by its name."""


@dataclass
class ActionRunner:
    """Runs the action of a checkout, in a job's directory, with `uses:` steps replaced by name."""

    checkout: Path
    temp: Path
    job: Path
    uses: Mapping[str, StandInStep]
    token: str = ""

    def run(self, inputs: Mapping[str, str], environ: Mapping[str, str]) -> Acted:
        """All steps, up to the first that fails."""
        action = load((self.checkout / "action.yml").read_text("utf-8"), "action.yml").data
        github = {"token": self.token, "action_path": str(self.checkout)}
        defaults = {
            name: filled(str(each.get("default", "")), {"github": github}) for name, each in action["inputs"].items()
        }
        assert set() == set(inputs) - set(defaults)
        context: dict[str, Any] = {"github": github, "inputs": {**defaults, **inputs}, "steps": {}}
        steps = action["runs"]["steps"]
        context["steps"] = {step["id"]: {"outputs": Outputs()} for step in steps if "id" in step}
        done = Acted()
        for number, step in enumerate(steps):
            start = time.perf_counter()
            outputs = self._step(number, step, context, environ, done)
            done.seconds[step["name"]] = time.perf_counter() - start
            if "id" in step:
                context["steps"][step["id"]]["outputs"].update(outputs)
            if done.code:
                break
        done.outputs = {name: filled(each["value"], context) for name, each in action["outputs"].items()}
        return done

    def _step(
        self, number: int, step: dict[str, Any], context: Mapping[str, Any], environ: Mapping[str, str], done: Acted
    ) -> Mapping[str, str]:
        if "uses" in step:
            given = {name: filled(as_text(value), context) for name, value in step.get("with", {}).items()}
            return self.uses[step["uses"].partition("@")[0]](given)
        assert step["shell"] == "bash"
        own = {name: filled(as_text(value), context) for name, value in step.get("env", {}).items()}
        return bash(step["run"], self.temp / f"action-{number}", self.job, {**environ, **own}, done)


def bash(script: str, files: Path, cwd: Path, environ: Mapping[str, str], done: Acted) -> Mapping[str, str]:
    """A `run:` step in an environment of its own; `files` is where its script, output and summary lie. Its outputs."""
    files.mkdir(parents=True, exist_ok=True)
    script_path, output, summary = (files / name for name in ("script", "output", "summary"))
    for left in (output, summary):
        left.unlink(missing_ok=True)
    script_path.write_text(script, encoding="utf-8")
    paths = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(files.parent)}
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script_path)],
        env={"PATH": os.environ["PATH"], **environ, **paths},
        cwd=cwd,
        capture_output=True,
        check=False,
        timeout=300,
    )
    done.code = ran.returncode
    done.stdout += ran.stdout.decode()
    done.stderr += ran.stderr.decode()
    done.summary += summary.read_text("utf-8") if summary.exists() else ""
    return _outputs(output)


def _outputs(path: Path) -> dict[str, str]:
    """A step's outputs in both forms that the runner takes: `name=value` and `name<<END`."""
    found: dict[str, str] = {}
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    while lines:
        line = lines.pop(0)
        fenced = re.fullmatch(r"([\w-]+)<<(.+)", line)
        if fenced is None:
            name, _, value = line.partition("=")
            found[name] = value
            continue
        end = lines.index(fenced[2])
        found[fenced[1]] = "\n".join(lines[:end])
        lines = lines[end + 1 :]
    return found
