"""One repository looked at: what becomes a matter, what is counted, and where a closer look is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from failure_investigator.conclude import rules_of
from failure_investigator.incidents.grouping import Cluster
from failure_investigator.model import Cause, Memory
from failure_investigator.scan import look_closer, scan_repository
from failure_investigator.signatures.scanner import built_in
from failure_investigator.state import StateFile
from failure_investigator.verdicts import Recorded
from tests.unit.factory import NOW, make_diagnosis, make_finding, make_streak
from tests.unit.fanout.real import SETTINGS, issue, real_scan, snapshot

if TYPE_CHECKING:
    from failure_investigator.model import Incident, Scan
    from failure_investigator.surroundings import CloserLook

RULES = rules_of(SETTINGS, Memory())
MARK = "v1:credential:openai:OPENAI_API_KEY"


def test_the_founding_incident_is_one_matter_without_an_issue() -> None:
    """With its fingerprint and all its failures; every diagnosis is told, in a streak or not."""
    scan = real_scan()
    [matter] = [each for each in scan.matters if each.streak.going]
    assert (0, (MARK,), True) == (matter.issue, matter.marks, scan.reached)
    assert {found.run.key for found in matter.streak.findings if found.how == "read"} <= {
        f.run.key for f in scan.findings
    }
    assert {MARK} == {found.mark for found in scan.findings}


def test_what_was_looked_at_is_counted() -> None:
    """Runs that ended well or badly, failures, logs."""
    counts = real_scan().counts
    assert counts.runs_listed >= counts.eligible_runs > counts.failed_runs > 0
    assert (0, 0, 0) == (counts.known_before, counts.logs_gone, counts.capped)
    assert counts.logs_read > 0


def again(scan: Scan, **more: object) -> Scan:
    """The same repository swept when an issue knows its failures."""
    runs = tuple(f"{found.run.key}/{found.job_id}" for found in scan.findings)
    known = issue(marker=replace(issue().marker, runs=runs))  # type: ignore[type-var]
    source = snapshot()
    now = source.manifest.recorded_at
    window = (now - timedelta(days=1), now)
    return scan_repository(source, source.repository(""), SETTINGS, (known,), RULES, built_in(), window, **more)  # type: ignore[arg-type]


def test_what_an_issue_remembers_is_not_read_again() -> None:
    """It belongs to that issue."""
    scan = again(real_scan())
    assert (True, {1}) == (scan.counts.known_before > 0, {matter.issue for matter in scan.matters})
    assert scan.counts.logs_read < real_scan().counts.logs_read


def test_what_showed_no_refusal_is_not_read_again_either() -> None:
    """Where a state knows of it."""
    with StateFile(None, lambda: NOW) as state:
        verdicts = Recorded(state, built_in())
        first, second = again(real_scan(), verdicts=verdicts), again(real_scan(), verdicts=verdicts)
    assert (0, first.matters) == (second.counts.logs_read, second.matters)


class Closer:
    """A closer look that finds another cause."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def at(self, incident: Incident) -> Incident:
        """See `CloserLook.at`."""
        self.asked.append(incident.fingerprint)
        return replace(incident, diagnosis=replace(incident.diagnosis, cause=Cause.CREDENTIAL_INVALID))


def closer(look: Closer, failures: int) -> list[Cause]:
    """The causes of a streak of so many failures, the newest first, after the look."""
    streak = make_streak([replace(make_finding(number), mark=MARK) for number in range(failures, 0, -1)])
    found = [(Cluster(frozenset({MARK})), streak)]
    as_look: CloserLook = look  # type: ignore[assignment]
    [(_, seen)] = look_closer(found, (), as_look, RULES, NOW)
    return [each.diagnosis.cause for each in seen.findings if each.diagnosis]


def test_a_closer_look_is_taken_where_an_issue_will_be_written() -> None:
    """It corrects the newest run; the others stay as they were read."""
    look = Closer()
    causes = [Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_MISSING]
    assert (causes, [MARK]) == (closer(look, 2), look.asked)


def test_none_is_taken_where_none_will_be() -> None:
    """One failure of two that are needed."""
    look = Closer()
    assert ([make_diagnosis().cause], []) == (closer(look, 1), look.asked)


def test_a_hidden_repository_gets_none() -> None:
    """Only counts are filed of it, and its matters are known by hashes."""
    source = snapshot()
    now = source.manifest.recorded_at
    window = (now - timedelta(days=1), now)
    scan = scan_repository(source, source.repository(""), SETTINGS, (), RULES, built_in(), window, counts_only=True)
    shown = [mark for matter in scan.matters for mark in matter.marks]
    assert shown
    assert all(":sealed:" in mark for mark in shown)
    assert [] == [f for m in scan.matters for f in m.streak.findings if f.diagnosis and f.diagnosis.patch]
