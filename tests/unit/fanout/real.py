"""Values of a real sweep: the bundled snapshot's, and a source of an organisation of the test's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import failure_investigator
from failure_investigator.conclude import rules_of
from failure_investigator.fanout.types import Header, Plan, Planned
from failure_investigator.model import Counts, Issue, Listing, Memory, Repository, Usage
from failure_investigator.scan import scan_repository
from failure_investigator.settings import Settings
from failure_investigator.signatures.scanner import built_in
from failure_investigator.sources.delegating import DelegatingSource
from failure_investigator.sources.organization import Repositories
from failure_investigator.sources.snapshot import SnapshotSource
from tests.unit.factory import NOW, REPOSITORY, make_marker, make_run

if TYPE_CHECKING:
    from datetime import datetime

    from failure_investigator.errors import InvestigatorError
    from failure_investigator.model import Run, Scan
    from failure_investigator.sources.budget import Budget
    from failure_investigator.sources.organization import RepositoryFilter

SNAPSHOT = Path(failure_investigator.__file__).parent / "demo" / "snapshot"
SETTINGS = Settings(
    repository=REPOSITORY, issue_repository=REPOSITORY, organization="octo-org", lookback=timedelta(days=1)
)


def snapshot() -> SnapshotSource:
    """The bundled incident."""
    return SnapshotSource(SNAPSHOT)


def real_listing() -> Listing:
    """The runs of its window."""
    source = snapshot()
    now = source.manifest.recorded_at
    return source.runs(source.repository(""), now - timedelta(days=1), now)


def real_scan() -> Scan:
    """Its scan, with a closer look."""
    source = snapshot()
    now = source.manifest.recorded_at
    rules = rules_of(SETTINGS, Memory())
    window = (now - timedelta(days=1), now)
    return scan_repository(source, source.repository(""), SETTINGS, (), rules, built_in(), window)


def issue(number: int = 1, **changes: object) -> Issue:
    """An open issue of ours with its marker."""
    values = {"author": "github-actions[bot]", "marker": make_marker(), **changes}
    return Issue("octo-org/tracker", number, "title", "body", "open", **values)  # type: ignore[arg-type]


def real_plan() -> Plan:
    """A plan with everything in it."""
    memory = Memory((issue(),), ("#2: no",), ((3, "v1:x"),))
    header = Header(NOW, NOW - timedelta(days=1), "octo-org", "labels: x\n# é\n", 12, memory)
    return Plan(
        header, 1, ("octo-org/a", "octo-org/b"), ("octo-org/a",), ("octo-org/b",), {"archived": 3},
        Counts(10, 5), ("a note",), Usage({"runs": 3}, 1000, 2),
    )  # fmt: skip


def planned(name: str, *runs: Run) -> Planned:
    """A repository with these runs to read."""
    return Planned(Repository(name, "private", "main"), Listing(runs))


def failed(name: str, number: int = 1, conclusion: str = "failure") -> Run:
    """A run of a repository."""
    return make_run(number, conclusion, repository=name)


@dataclass
class Company(DelegatingSource):
    """An organisation: repositories with their runs; what is asked beside that is the snapshot's."""

    listings: dict[str, Listing | InvestigatorError]
    visibility: dict[str, str] = field(default_factory=dict)
    left: int = 1_000_000
    """Requests until the budget is used up."""
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(snapshot())

    def repositories(self, login: str, wanted: RepositoryFilter | None = None) -> Repositories:
        """See `sources.organization`."""
        assert wanted is not None
        named = [Repository(name, self.visibility.get(name, "private"), "main") for name in self.listings]  # type: ignore[arg-type]
        return Repositories(tuple(named), {"archived": 1}, (f"{login} is small",))

    def recent(self, repository: Repository, since: datetime, until: datetime) -> Listing:
        """See `fanout.plan`."""
        self.asked.append(repository.name)
        found = self.listings[repository.name]
        if isinstance(found, Exception):
            raise found
        return replace(found, runs=tuple(run for run in found.runs if since <= run.started_at <= until))

    def exhausted(self) -> str:
        """See `Source.exhausted`."""
        return "nothing is left" if len(self.asked) >= self.left else ""

    def usage(self) -> Usage:
        """See `Source.usage`."""
        return Usage({"runs": len(self.asked)})

    def budget(self) -> Budget | None:
        """See `fanout.plan`."""
        return None
