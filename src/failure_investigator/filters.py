"""Which runs the `workflows`, `exclude-workflows` and `branches` options let in; globs on path, file or name."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from failure_investigator.settings.advice import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from failure_investigator.model import Run
    from failure_investigator.settings import Settings


def wanted(run: Run, settings: Settings) -> bool:
    """Whether a run is to be looked at."""
    return named_in(run, settings) and branch_in(run, settings)


def named_in(run: Run, settings: Settings) -> bool:
    """Whether its workflow is."""
    names = (run.workflow.path, run.workflow.path.rpartition("/")[2], run.workflow.name)

    def named(globs: Sequence[str]) -> bool:
        return any(fnmatchcase(name, glob) for glob in globs for name in names)

    return (not settings.workflows or named(settings.workflows)) and not named(settings.exclude_workflows)


def branch_in(run: Run, settings: Settings) -> bool:
    """Whether its branch is."""
    return not settings.branches or any(fnmatchcase(run.branch, glob) for glob in settings.branches)


def nothing_left(runs: Sequence[Run], settings: Settings, *, advise: bool = True) -> str:
    """What is said where none of the runs of a window are wanted, which would look as if nothing had failed; else ''.

    `advise` allows the nearest name of a workflow or branch in it.
    """
    if not runs or any(wanted(run, settings) for run in runs):
        return ""
    named = [run for run in runs if named_in(run, settings)]
    option, given = ("branches", settings.branches) if named else ("workflows", settings.workflows)
    option, given = (option, given) if given else ("exclude-workflows", settings.exclude_workflows)
    known = sorted({run.branch for run in named} or {run.workflow.name for run in runs})
    advice = did_you_mean(given[0], known) if advise and len(given) == 1 else ""
    advice = f". {advice}" if advice.startswith("Did") else ""
    return f"all {len(runs)} runs of the window are left out by {option}: {', '.join(given)}{advice}"
