"""Which runs the `workflows`, `exclude-workflows` and `branches` options let in; globs on path, file or name."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

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
