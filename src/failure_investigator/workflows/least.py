"""What the steps of a job are known to need of GITHUB_TOKEN, and whether that is all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.permissions.entries import LEVELS, Entry
from failure_investigator.permissions.operations import needed_for_action, needed_for_command
from failure_investigator.workflows.expressions import references
from failure_investigator.workflows.facts import ID_TOKEN, asks_for_oidc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from failure_investigator.workflows.model import JobSpec, StepSpec, WorkflowFile

_TOKEN_BY_DEFAULT = ("actions/github-script",)
"""Actions that take the job's token without being given it, for whatever their script does."""


def merged(*groups: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of all groups, each once at its highest level, sorted as they are written in a file."""
    highest: dict[str, Entry] = {}
    for entry in (entry for group in groups for entry in group):
        held = highest.get(entry.name)
        if held is None or LEVELS.index(entry.level) > LEVELS.index(held.level):
            highest[entry.name] = entry
    return tuple(sorted(highest.values()))


def known_needs(file: WorkflowFile, job: JobSpec) -> tuple[Entry, ...]:
    """What the job's steps need as far as their actions and scripts tell; of alternatives the one to suggest. Entries that
    no workflow can grant are left out, as such steps use another token."""
    found: list[Entry] = []
    for step in job.steps:
        needs = [needed_for_action(step.uses, step.inputs)] if step.uses else list(needed_for_command(step.run))
        found += [entry for need in needs if need is not None and need.grantable for entry in need.entries]
        if asks_for_oidc(file, job, step):
            found.append(ID_TOKEN)
    return merged(found)


def has_unknown_needs(file: WorkflowFile, job: JobSpec) -> bool:
    """Whether a step has the token for something that cannot be read here: a script of github-script, an action or a
    command that is given it and that no table knows, a called workflow."""
    return bool(job.uses) or any(_is_unknown(file, job, step) for step in job.steps)


def _is_unknown(file: WorkflowFile, job: JobSpec, step: StepSpec) -> bool:
    name = step.uses.partition("@")[0].lower()
    if step.uses and needed_for_action(step.uses, step.inputs) is not None:
        return False
    if name in _TOKEN_BY_DEFAULT or name.startswith("./"):
        return True
    return any(_is_token(value) for value in _values(file, job, step))


def _values(file: WorkflowFile, job: JobSpec, step: StepSpec) -> Iterator[str]:
    yield from (*step.inputs.values(), *step.env.values(), step.run)
    if not step.uses:
        yield from (*job.env.values(), *file.env.values())


def _is_token(value: str) -> bool:
    return any((one.context, one.name.lower()) in _TOKENS for one in references(value))


_TOKENS = (("github", "token"), ("secrets", "github_token"))
