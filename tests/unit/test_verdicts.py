"""What is known of jobs that showed no refusal, for one library."""

from __future__ import annotations

from failure_investigator.signatures.rulebook import Rulebook
from failure_investigator.signatures.scanner import built_in, make_scanner
from failure_investigator.state import StateFile
from failure_investigator.verdicts import Forgetful, Recorded, digest
from tests.unit.factory import NOW, make_job, make_run

RUN = make_run(1)
JOBS = (make_job(RUN, "a", id=1), make_job(RUN, "b", id=2), make_job(RUN, "c", "success", id=3))


def test_a_run_is_cleared_when_each_failed_job_is() -> None:
    """Not while one is unknown, or was refused; jobs that succeeded are nobody's matter."""
    with StateFile(None, lambda: NOW) as state:
        verdicts = Recorded(state, built_in())
        seen = [verdicts.cleared(RUN, JOBS)]
        for found in ({1: ""}, {2: "v1:x"}, {2: ""}):
            verdicts.keep(RUN, found)
            seen.append(verdicts.cleared(RUN, JOBS))
        assert [False, False, False, True] == seen
        assert not verdicts.cleared(RUN, JOBS[2:])
        assert not verdicts.cleared(make_run(2), JOBS)


def test_a_verdict_is_one_librarys() -> None:
    """Another one might find something."""
    other = make_scanner(Rulebook({}, {}))
    with StateFile(None, lambda: NOW) as state:
        Recorded(state, built_in()).keep(RUN, {1: "", 2: ""})
        assert [True, False] == [Recorded(state, each).cleared(RUN, JOBS) for each in (built_in(), other)]
    assert digest(built_in()) == digest(built_in()) != digest(other)


def test_without_a_state_nothing_is_known() -> None:
    """However often it is told."""
    verdicts = Forgetful()
    verdicts.keep(RUN, {1: "", 2: ""})
    assert not verdicts.cleared(RUN, JOBS)
