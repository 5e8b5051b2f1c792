"""The reconciler: what opens, updates or waits, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.unit.factory import REPOSITORY, make_diagnosis, make_finding, make_marker, make_run, make_streak

from failure_investigator.incidents.grouping import group
from failure_investigator.incidents.lifecycle import Rules, decide
from failure_investigator.model import Cause, Change, Incident, Issue, Marker, Streak, Workflow
from failure_investigator.trackers.marker import wrap

MARK = "v1:credential:openai:OPENAI_API_KEY"


class Writer:
    """Pages that say no more than their incident's size."""

    def title(self, incident: Incident) -> str:
        return f"{len(incident.findings)} runs"

    def body(self, incident: Incident, before: Marker | None) -> str:  # noqa: ARG002 - the protocol's signature
        return wrap(make_marker(incident.fingerprint, total=len(incident.findings)), "said")


def issue(state: str = "open", **changes: Any) -> Issue:
    """Issue 5 with a marker."""
    marker = make_marker(**changes.pop("marker", {}))
    return Issue(REPOSITORY, 5, "1 runs", wrap(marker, "said"), state, marker=marker, **changes)  # type: ignore[arg-type]


def decided(streaks: list[tuple[str, Streak]], issues: tuple[Issue, ...] = (), **rules: Any) -> list[tuple[str, str]]:
    """(verb, reason) of each incident."""
    return [(change.verb, change.reason) for change in changes(streaks, issues, **rules)]


def changes(streaks: list[tuple[str, Streak]], issues: tuple[Issue, ...] = (), **rules: Any) -> tuple[Change, ...]:
    """The plan."""
    return decide(group(streaks, issues), REPOSITORY, Rules(**rules), Writer())


def test_a_streak_of_the_threshold_opens_and_a_shorter_one_waits() -> None:
    """Two by default."""
    two = [(MARK, make_streak([make_finding(2), make_finding(1)]))]

    assert decided(two) == [("create", "2 consecutive failed runs")]
    assert decided(two, min_failures=3) == [("none", "2 of 3 consecutive failed runs")]


def test_a_cause_that_passes_by_itself_needs_three() -> None:
    """Whatever is configured below."""
    throttled = make_diagnosis(Cause.RATE_LIMITED)
    findings = [make_finding(n, throttled) for n in (3, 2, 1)]

    assert decided([("v1:throttle:x", make_streak(findings[:2]))]) == [("none", "2 of 3 consecutive failed runs")]
    assert decided([("v1:throttle:x", make_streak(findings))])[0][0] == "create"


def test_one_failure_each_in_three_workflows_opens_a_persistent_cause() -> None:
    """One outage is one incident, not three."""
    streaks = []
    for number in (1, 2, 3):
        workflow = Workflow(number, f"W{number}", f"{number}.yml")
        finding = make_finding(run=make_run(number, workflow=workflow))
        streak = make_streak([finding], workflow=workflow, stream=replace(make_streak([]).stream, workflow_id=number))
        streaks.append((MARK, streak))

    assert decided(streaks) == [("create", "seen in 3 workflows")]
    assert decided(streaks[:2]) == [("none", "1 of 2 consecutive failed runs")]


def test_what_recovered_by_itself_opens_nothing() -> None:
    """A success after the streak."""
    assert decided([(MARK, make_streak([make_finding(2), make_finding(1)], good=(make_run(3, "success"),)))]) == [
        ("none", "the runs recovered by themselves")
    ]


def test_runs_without_secrets_never_open() -> None:
    """However many."""
    stream = replace(make_streak([]).stream, kind="none")

    assert decided([(MARK, make_streak([make_finding(n) for n in (3, 2, 1)], stream=stream))]) == [
        ("none", "only runs from forks or Dependabot, which get no secrets")
    ]


def test_an_issue_is_updated_for_new_runs_only() -> None:
    """Known runs change nothing, a new one rewrites the page without a comment."""
    known = issue(marker={"runs": ("1001.1/10010",)})

    assert decided([(MARK, make_streak([make_finding(1)]))], (known,)) == [
        ("none", "nothing new since the issue was written")
    ]
    [change] = changes([(MARK, make_streak([make_finding(2), make_finding(1)]))], (known,))
    assert ("update", 5, "1 more failed run") == (change.verb, change.number, change.reason)


def test_a_plan_applied_once_is_empty_the_second_time() -> None:
    """The body is a pure function of the incident."""
    streak = [(MARK, make_streak([make_finding(2), make_finding(1)]))]
    [change] = changes(streak, (issue(marker={"runs": ("1001.1/10010",)}),))
    marker = make_marker(runs=("1002.1/10020", "1001.1/10010"))

    assert decided(streak, (Issue(REPOSITORY, 5, change.title, change.body, "open", marker=marker),))[0][0] == "none"


def test_muted_and_handed_over_issues_are_left_alone() -> None:
    """People first."""
    streak = [(MARK, make_streak([make_finding(2), make_finding(1)]))]

    assert decided(streak, (issue(labels=("investigator:mute",)),)) == [("none", "issue #5 is muted by its label")]
    assert decided(streak, handed_over={8: MARK}) == [("none", "issue #8 was handed over to people")]


def test_an_incident_belongs_to_the_open_issue_whose_runs_it_overlaps() -> None:
    """Learning the credential's name does not split what is filed: the old name becomes an alias."""
    old = issue(marker={"fingerprint": "v1:credential:openai:", "runs": ("1001.1/10010",)})
    [grouped] = group([(MARK, make_streak([make_finding(2), make_finding(1)]))], (old,))

    assert (5, MARK, ("v1:credential:openai:",)) == (
        grouped.issue and grouped.issue.number, grouped.incident.fingerprint, grouped.incident.aliases,
    )  # fmt: skip


def test_the_first_sweep_ever_creates_three_issues_at_most() -> None:
    """Largest first, the rest in the summary."""
    streaks = [
        (f"v1:policy:{n}", make_streak([make_finding(run=make_run(k + 10 * n)) for k in range(n + 1, 0, -1)]))
        for n in range(1, 6)
    ]

    found = decided(streaks, first_sweep=True)

    assert ["create"] * 3 + ["none"] * 2 == [verb for verb, _ in found]
    assert found[0][1] == "6 consecutive failed runs"
