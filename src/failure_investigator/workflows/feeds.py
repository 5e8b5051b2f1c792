"""Which secret, variable or token feeds an environment variable or an input of a step; and names that look mistyped."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from failure_investigator.workflows.expressions import UNKNOWN, Reference, references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from failure_investigator.workflows.model import JobSpec, StepSpec, WorkflowFile

_ALIKE = 0.85
_SHORTEST = 5
_DEEPEST = 5
"""Variables that are followed to variables."""


def secrets_of(file: WorkflowFile, job: JobSpec, step: StepSpec | None, variable: str) -> tuple[Reference, ...]:
    """What feeds a variable or an input of that name: `Reference("secrets", "NPM_TOKEN")`, fallbacks after what they fall
    back from. A step's `env` wins over the job's and that over the workflow's; else it is an input (`with`, or `secrets` and
    `with` of a call). `env.X` in a value is followed to X; `inputs`, `vars`, `github` stay as they are. () if the file does
    not set it or sets it to plain text."""
    levels = [step.env if step else {}, job.env, file.env]
    value = next((level[variable] for level in levels if variable in level), None)
    if value is None:
        value = _input(variable, step.inputs if step else {}, job.passed_secrets or {}, job.inputs)
    return _followed(value, levels, frozenset({variable}))


def _input(variable: str, *levels: Mapping[str, str]) -> str:
    """The value of an input, by its name or by the variable that an action gets it in (`INPUT_TOKEN`)."""
    wanted = variable.lower()
    for level in levels:
        for name, value in level.items():
            if name.lower() == wanted or f"input_{name.lower().replace(' ', '_')}" == wanted:
                return value
    return ""


def _followed(value: str, levels: list[Mapping[str, str]], seen: frozenset[str]) -> tuple[Reference, ...]:
    found: list[Reference] = []
    for reference in references(value):
        inner = next((level[reference.name] for level in levels if reference.name in level), None)
        if reference.context == "env" and inner is not None and reference.name not in seen and len(seen) < _DEEPEST:
            found += _followed(inner, levels, seen | {reference.name}) or (reference,)
        else:
            found.append(reference)
    return tuple(dict.fromkeys(found))


def secret_names(file: WorkflowFile) -> Mapping[str, int]:
    """Every secret that the file names, with the number of places; GITHUB_TOKEN is none of the repository's and left out."""
    counted = Counter(
        reference.name
        for value in _values(file)
        for reference in references(value)
        if reference.context == "secrets" and reference.name.upper() != "GITHUB_TOKEN" and reference.name != UNKNOWN
    )
    return dict(counted)


def _values(file: WorkflowFile) -> Iterator[str]:
    """Each text in which a secret can stand."""
    yield from file.env.values()
    for job in file.jobs.values():
        yield from (*job.env.values(), *job.inputs.values(), *(job.passed_secrets or {}).values())
        for step in job.steps:
            yield from (*step.env.values(), *step.inputs.values(), step.run)


def misspelt(name: str, others: Iterable[str]) -> str:
    """The one of `others` (names used elsewhere) that a name used once is likely meant to be, or ''.

    Alike means: the same but for underscores, or one slip in one word (a letter more, less, wrong, or two swapped). Names
    that differ in case only are one secret, and those that differ in a number or in a word of its own (`DEV`, `PROD`) are
    two.
    """
    found = [other for other in dict.fromkeys(others) if other.upper() != name.upper() and _slip(name, other)]
    return found[0] if len(found) == 1 else ""


def _slip(name: str, other: str) -> bool:
    mine, theirs = name.upper(), other.upper()
    if min(len(mine), len(theirs)) < _SHORTEST:
        return False
    if mine.replace("_", "") == theirs.replace("_", ""):
        return True
    if re.findall(r"\d+", mine) != re.findall(r"\d+", theirs):
        return False
    words = [pair for pair in zip(mine.split("_"), theirs.split("_"), strict=False) if pair[0] != pair[1]]
    if len(mine.split("_")) != len(theirs.split("_")) or len(words) != 1:
        return False
    return _one_slip(*words[0]) and SequenceMatcher(None, mine, theirs).ratio() >= _ALIKE


def _one_slip(mine: str, theirs: str) -> bool:
    """Words of three letters at least that one slip of a finger parts; a plural is a name of its own."""
    if min(len(mine), len(theirs)) < 3 or mine in (theirs + "S", theirs[:-1] * theirs.endswith("S")):
        return False
    blocks = [part for part in SequenceMatcher(None, mine, theirs).get_opcodes() if part[0] != "equal"]
    if len(mine) == len(theirs) and sorted(mine) == sorted(theirs):
        apart = [at for at, pair in enumerate(zip(mine, theirs, strict=True)) if pair[0] != pair[1]]
        return len(apart) == 2 and apart[1] - apart[0] == 1
    return len(blocks) == 1 and max(blocks[0][2] - blocks[0][1], blocks[0][4] - blocks[0][3]) == 1 and len(mine) > 3
