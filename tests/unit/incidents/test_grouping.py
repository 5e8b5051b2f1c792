"""Which fingerprints are one matter, and which issue holds it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.factory import REPOSITORY, make_diagnosis, make_finding, make_marker, make_run, make_streak

from failure_investigator.incidents.grouping import clusters, from_marker, group, issue_of, twins_of
from failure_investigator.model import Cause, Finding, Issue, StreamKey

MARK = "v1:credential:openai:OPENAI_API_KEY"
VAGUE = "v1:credential:openai:"
OTHER = "v1:policy:npm"


def issue(number: int, mark: str = MARK, state: str = "open", **marker: Any) -> Issue:
    """An issue with that fingerprint."""
    return Issue(REPOSITORY, number, "t", "", state, marker=make_marker(mark, **marker))  # type: ignore[arg-type]


def found(number: int, mark: str, how: str = "read", **changes: Any) -> Finding:
    """A finding under a fingerprint."""
    run = make_run(number)
    diagnosis = make_diagnosis(**changes) if how == "read" else None
    return Finding(run, how, None, run.id * 10, diagnosis, mark)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("issues", "holder"),
    [
        ((), None),
        ((issue(3, OTHER),), None),
        ((issue(3), issue(5)), 3),
        ((issue(3, state="closed"), issue(5)), 5),
        ((issue(3, state="closed"), issue(5, state="closed")), 5),
        ((issue(3, state="closed", aliases=(MARK,)), issue(5, VAGUE, aliases=(MARK,))), 5),
        ((issue(5, OTHER, runs=("1001.1/10010",)),), 5),
        ((issue(5, OTHER, "closed", runs=("1001.1/10010",)),), None),
        ((issue(5, OTHER, runs=("1001.1",)),), None),
        ((issue(5, OTHER, runs=("1001.1/10011",)),), None),
        ((issue(4, OTHER, runs=("1001.1/10010",)), issue(5)), 5),
        ((issue(3, state="closed"), issue(5, OTHER, runs=("1001.1/10010",))), 3),
    ],
)
def test_a_fingerprint_belongs_to_the_issue_that_names_it_else_to_the_open_one_whose_runs_it_overlaps(
    issues: tuple[Issue, ...], holder: int | None
) -> None:
    """Open before closed, the lowest open and the newest closed one first; run, attempt and job have to be the same."""
    held = issue_of(MARK, frozenset({"1001.1/10010"}), issues)

    assert holder == (held.number if held else None)


def test_an_issue_that_the_bot_closed_as_a_duplicate_holds_nothing() -> None:
    """Nor does an open one that will be."""
    duplicate = Issue(REPOSITORY, 9, "t", "", "closed", marker=make_marker(state="duplicate"))

    assert issue_of(MARK, frozenset(), [duplicate]) is None
    assert {3: (5, 6)} == {
        first: tuple(twin.number for twin in twins)
        for first, twins in twins_of([issue(6), duplicate, issue(5), issue(3), issue(4, OTHER)]).items()
    }


def test_every_open_issue_is_a_matter_and_every_fingerprint_without_one() -> None:
    """In a stable order: those without an issue first."""
    every = clusters(
        {OTHER: (), MARK: ()}, [issue(5, aliases=(VAGUE,)), issue(7, "v1:policy:aws"), issue(2, "v1:x:y", "closed")]
    )

    assert [(None, {OTHER}), (5, {MARK, VAGUE}), (7, {"v1:policy:aws"})] == [
        (cluster.issue.number if cluster.issue else None, set(cluster.marks)) for cluster in every
    ]


def test_a_better_name_becomes_the_issues_name_and_the_old_one_an_alias() -> None:
    """Only the newest failure renames; an alias that is found again does not."""
    old = issue(5, VAGUE, runs=("1001.1/10010",))
    [cluster] = clusters({MARK: ("1001.1/10010",)}, [old])
    [grouped] = group([(cluster, make_streak([found(2, MARK), found(1, MARK)]))], [old])
    assert (5, MARK, (VAGUE,)) == (
        grouped.issue and grouped.issue.number,
        grouped.incident.fingerprint,
        grouped.incident.aliases,
    )

    known = issue(5, MARK, aliases=(VAGUE,))
    [cluster] = clusters({VAGUE: ()}, [known])
    [grouped] = group([(cluster, make_streak([found(2, VAGUE)]))], [known])
    assert (MARK, (VAGUE,)) == (grouped.incident.fingerprint, grouped.incident.aliases)


@pytest.mark.parametrize(
    ("findings", "cause", "judged"),
    [
        ([found(2, MARK), found(1, MARK)], Cause.CREDENTIAL_MISSING, 2),
        ([found(3, MARK, "inferred"), found(2, MARK)], Cause.CREDENTIAL_MISSING, 2),
        ([found(2, MARK, "remembered"), found(1, MARK)], Cause.CREDENTIAL_INVALID, None),
        ([found(2, MARK, "remembered")], Cause.CREDENTIAL_INVALID, None),
        ([], Cause.CREDENTIAL_INVALID, None),
    ],
)
def test_the_newest_failure_says_what_it_is_if_it_was_read_now(
    findings: list[Finding], cause: Cause, judged: int | None
) -> None:
    """Else the issue does."""
    known = issue(5, cause="credential_invalid", service="openai", status=401)
    [cluster] = clusters({}, [known])

    [grouped] = group([(cluster, make_streak(findings))], [known])

    newest = grouped.incident.judged
    assert (cause, judged) == (grouped.incident.diagnosis.cause, newest.run.number if newest else None)


def test_runs_of_forks_judge_only_where_there_are_no_others() -> None:
    """They are told."""
    fork = make_streak([found(9, MARK, cause=Cause.CREDENTIAL_MISSING)], stream=StreamKey(REPOSITORY, 7, "none"))
    own = make_streak([found(2, MARK, cause=Cause.CREDENTIAL_INVALID)])
    [cluster] = clusters({MARK: ()}, [])

    both, alone = (
        group([(cluster, streak) for streak in streaks], [])[0].incident for streaks in ((fork, own), (fork,))
    )

    assert (Cause.CREDENTIAL_INVALID, Cause.CREDENTIAL_MISSING) == (both.diagnosis.cause, alone.diagnosis.cause)


def test_the_largest_incident_comes_first() -> None:
    """The first sweep creates three."""
    one, two = (clusters({mark: ()}, [])[0] for mark in (MARK, OTHER))
    groups = group([(one, make_streak([make_finding(1)])), (two, make_streak([make_finding(3), make_finding(2)]))], [])

    assert [2, 1] == [len(grouped.incident.findings) for grouped in groups]


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        (None, ("unknown", 0, Cause.UNCLASSIFIED)),
        (make_marker(), ("unknown", 0, Cause.UNCLASSIFIED)),
        (make_marker(service="npm", status=403, cause="policy_blocked"), ("npm", 403, Cause.POLICY_BLOCKED)),
        (make_marker(service="npm", status=403, cause="sunspots"), ("npm", 403, Cause.UNCLASSIFIED)),
    ],
)
def test_what_an_issue_says_of_itself(marker: Any, expected: tuple[str, int, Cause]) -> None:
    """A cause that this version does not know is none."""
    told = from_marker(marker)

    assert expected == (told.service, told.status, told.cause)
