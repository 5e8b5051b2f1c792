"""Where plan and findings lie: `plan.jsonl.gz`, `shard-0007.jsonl.gz`, `findings-0007.jsonl.gz`, and state files beside them.

A shard that is scanned twice writes the same file again; one that was cut off leaves none, and is told.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from failure_investigator.errors import IncompleteError, UsageError
from failure_investigator.fanout import wire
from failure_investigator.fanout.plan import headers
from failure_investigator.fanout.types import Header, Noted, Plan, Planned
from failure_investigator.model import Scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from failure_investigator.fanout.plan import Made
    from failure_investigator.sources.budget import Budget
    from failure_investigator.state import StateFile

PLAN = "plan.jsonl.gz"
STATE = "state.sqlite"


def write_plan(folder: Path, made: Made, budget: Budget | None) -> None:
    """The plan and its shards; `budget` is what is left of the rate limit, shared out among them."""
    wire.write(folder / PLAN, "plan", [made.plan])
    for number, (header, shard) in enumerate(zip(headers(made.plan, budget), made.shards, strict=True)):
        wire.write(_shard(folder, number), "shard", [header, *shard])


def read_plan(folder: Path) -> Plan:
    """The plan. Raises `UsageError` when there is none, `IncompleteError` when it is broken."""
    if not (folder / PLAN).is_file():
        raise UsageError(f"There is no plan in {folder}", do="Make one with `failure-investigator plan`.")
    found: Plan = _read(folder / PLAN, "plan", [Plan])[0]
    return found


def read_shard(folder: Path, number: int) -> tuple[Header, tuple[Planned, ...]]:
    """What a shard has to know, and its repositories. Raises `UsageError` when the plan has no such shard."""
    plan = read_plan(folder)
    if not 0 <= number < plan.shards:
        raise UsageError(f"The plan in {folder} has no shard {number}", do=f"It has {plan.shards}, from 0 on.")
    first, *planned = _read(_shard(folder, number), "shard", [Header, Planned])
    return first, tuple(planned)


def write_findings(folder: Path, noted: Noted, scans: Sequence[Scan]) -> None:
    """What a shard found."""
    wire.write(_findings(folder, noted.shard), "findings", [noted, *scans])


def read_findings(folder: Path, shards: int) -> tuple[list[Noted], list[Scan], list[str]]:
    """All that the shards found, at any depth of `folder`, and what is said of files that are broken.

    Broken findings are left out like missing ones: nothing is concluded about their repositories.
    """
    noted: list[Noted] = []
    scans: list[Scan] = []
    broken: list[str] = []
    names = {_findings(folder, number).name for number in range(shards)}
    for path in sorted(folder.rglob("findings-*.jsonl.gz")):
        if path.name not in names:
            continue
        try:
            first, *found = _read(path, "findings", [Noted, Scan])
        except IncompleteError as error:
            broken.append(error.line())
            continue
        noted.append(first)
        scans += found
    return noted, scans, broken


@contextmanager
def state_of(plan: Path, findings: Path, number: int, clock: Callable[[], datetime]) -> Iterator[StateFile]:
    """What the plan knew, with what a shard learns: kept beside its findings."""
    from failure_investigator.state import StateFile

    with StateFile(None, clock) as state:
        if (plan / STATE).is_file():
            state.merge(plan / STATE)
        yield state
        state.save_as(findings / f"state-{number:04d}.sqlite")


@contextmanager
def merged_state(
    kept: Path | None, plan: Path, findings: Path, clock: Callable[[], datetime]
) -> Iterator[StateFile | None]:
    """What plan and shards learnt, put into the state that is `kept`; none where none is. The file need not be there yet."""
    from failure_investigator.state import StateFile

    if kept is None:
        yield None
        return
    with StateFile(kept if kept.is_file() else None, clock) as state:
        for path in [plan / STATE, *sorted(findings.rglob("state-*.sqlite"))]:
            if path.is_file():
                state.merge(path)
        try:
            yield state
        finally:
            state.save_as(kept)


def _read(path: Path, what: str, kinds: Sequence[type[Any]]) -> list[Any]:
    """All values of a file, at least one. Raises `IncompleteError`."""
    values = list(wire.read(path, what, kinds))
    if not values:
        raise IncompleteError(f"{path} is empty")
    return values


def _shard(folder: Path, number: int) -> Path:
    return folder / f"shard-{number:04d}.jsonl.gz"


def _findings(folder: Path, number: int) -> Path:
    return folder / f"findings-{number:04d}.jsonl.gz"
