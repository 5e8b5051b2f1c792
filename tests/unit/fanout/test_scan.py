"""The second part: each repository of a shard by the plan's listing, what could not be read with a note."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from failure_investigator.errors import RefusedError, UnknownError
from failure_investigator.fanout.scan import PlannedSource, scan_shard
from failure_investigator.fanout.types import Header, Planned
from failure_investigator.incidents.fingerprint import fingerprint, sealed
from failure_investigator.model import Counts, Listing, Memory
from failure_investigator.signatures.scanner import built_in
from failure_investigator.sources.delegating import DelegatingSource
from tests.unit.factory import NOW
from tests.unit.fanout.real import SETTINGS, failed, planned, real_listing, real_scan, snapshot

if TYPE_CHECKING:
    from failure_investigator.errors import InvestigatorError
    from failure_investigator.model import Job, Repository, Run, Scan
    from failure_investigator.sources.base import Source

RECORDED = snapshot().manifest.recorded_at
HEADER = Header(RECORDED, RECORDED - timedelta(days=1), "octo-org")


class Ending(DelegatingSource):
    """The snapshot, that fails or ends for one repository."""

    def __init__(self, error: InvestigatorError | None = None, left: int = 99) -> None:
        super().__init__(snapshot())
        self._error, self._left = error, left

    def runs(self, repository: Repository, since: object, until: object) -> Listing:  # noqa: ARG002 - the protocol's
        """Never asked."""
        raise AssertionError(repository)

    def jobs(self, run: Run) -> tuple[Job, ...] | None:
        """See `Source.jobs`."""
        self._left -= 1
        if self._error is not None and run.repository == "octo-org/bad":
            raise self._error
        return super().jobs(run)

    def exhausted(self) -> str:
        """See `Source.exhausted`."""
        return "nothing is left" if self._left <= 0 else ""


def real(**changes: object) -> Planned:
    """The snapshot's repository as it is planned."""
    return Planned(snapshot().repository(""), real_listing(), **changes)  # type: ignore[arg-type]


def bad() -> Planned:
    """A repository with three runs, two of which failed."""
    runs = [failed("octo-org/bad", number) for number in (1, 2)]
    placed = [replace(run, started_at=RECORDED - timedelta(hours=run.number)) for run in runs]
    return planned("octo-org/bad", *placed, failed("octo-org/bad", 3, "success"))


def scanned(source: Source, *several: Planned, header: Header = HEADER) -> list[Scan]:
    """All scans of a shard."""
    return list(scan_shard(source, header, several, SETTINGS, built_in()))


def test_the_runs_are_the_plans() -> None:
    """What a whole sweep finds, without a listing of its own."""
    [scan] = scanned(Ending(), real())
    assert real_scan() == scan


def test_a_planned_source_answers_with_the_plans_listing_only() -> None:
    """Everything else is asked for."""
    listing = Listing((failed("o/r"),))
    source = PlannedSource(snapshot(), listing)
    repository = source.repository("")
    assert listing is source.runs(repository, NOW, NOW)
    assert snapshot().workflows(repository.name) == source.workflows(repository.name)


def test_a_hidden_repository_is_known_by_hashes() -> None:
    """And no closer look is taken at it."""
    [scan] = scanned(Ending(), real(counts_only=True))
    found = scan.matters[0].streak.findings[0]
    assert found.diagnosis is not None
    assert (True, sealed(found.diagnosis, found.run)) == (
        fingerprint(found.diagnosis, found.run) != found.mark,
        found.mark,
    )


def test_its_own_issues_count_where_it_has_some() -> None:
    """Else those of the one issue repository."""
    handed = Memory(handed_over=((1, "x"),))
    own = scanned(Ending(), real(memory=handed), header=replace(HEADER, memory=Memory()))
    assert [real_scan()] == own


@pytest.mark.parametrize(("left", "error"), [(0, None), (99, UnknownError("it is gone"))])
def test_what_cannot_be_read_is_a_note(left: int, error: InvestigatorError | None) -> None:
    """With what was listed of it."""
    [scan] = scanned(Ending(error, left), bad())
    why = "it is gone" if error else "nothing is left"
    assert (False, (f"octo-org/bad was not read: {why}",)) == (scan.reached, scan.notes)
    assert Counts(3, 3, 2, not_read=2) == scan.counts


def test_the_others_of_the_shard_are_read() -> None:
    """Before and after it."""
    found = scanned(Ending(UnknownError("it is gone")), bad(), real())
    assert [False, True] == [scan.reached for scan in found]


def test_a_token_without_the_right_ends_the_shard() -> None:
    """It is no repository's fault."""
    with pytest.raises(RefusedError):
        scanned(Ending(RefusedError("no right")), bad(), real())
