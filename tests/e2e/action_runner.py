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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    StandInStep = Callable[[Mapping[str, str]], Mapping[str, str]]

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


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
        context = {"github.token": self.token, "github.action_path": str(self.checkout)}
        for name, entry in action["inputs"].items():
            context[f"inputs.{name}"] = inputs.get(name, _filled(str(entry.get("default", "")), context))
        done = Acted()
        for number, step in enumerate(action["runs"]["steps"]):
            start = time.perf_counter()
            outputs = self._step(number, step, context, environ, done)
            done.seconds[step["name"]] = time.perf_counter() - start
            context |= {f"steps.{step.get('id')}.outputs.{name}": value for name, value in outputs.items()}
            if done.code:
                break
        unset = {
            f"steps.investigate.outputs.{name}": "" for name in action["outputs"]
        }  # a step that did not run has none
        done.outputs = {name: _filled(each["value"], unset | context) for name, each in action["outputs"].items()}
        return done

    def _step(
        self, number: int, step: dict[str, Any], context: Mapping[str, str], environ: Mapping[str, str], done: Acted
    ) -> Mapping[str, str]:
        if "uses" in step:
            given = {name: _filled(str(value), context) for name, value in step.get("with", {}).items()}
            return self.uses[step["uses"].partition("@")[0]](given)
        assert step["shell"] == "bash"
        script, output, summary = (self.temp / f"{kind}-{number}" for kind in ("script", "output", "summary"))
        script.write_text(step["run"], encoding="utf-8")
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(self.temp)}
        own = {name: _filled(str(value), context) for name, value in step.get("env", {}).items()}
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            env={"PATH": os.environ["PATH"], **environ, **files, **own},
            cwd=self.job,
            capture_output=True,
            check=False,
            timeout=300,
        )
        done.code, done.stdout, done.stderr = (
            ran.returncode,
            done.stdout + ran.stdout.decode(),
            done.stderr + ran.stderr.decode(),
        )
        done.summary += summary.read_text("utf-8") if summary.exists() else ""
        return _outputs(output)


def _filled(text: str, context: Mapping[str, str]) -> str:
    """The text with its expressions evaluated; one that is not known is a mistake of the action."""
    return _EXPRESSION.sub(lambda found: context[found[1]], text)


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
