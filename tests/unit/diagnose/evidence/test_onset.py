"""Onset: what changed since the last good run, or that nothing did."""

from __future__ import annotations

from typing import Any

from tests.unit.diagnose.cases import case
from tests.unit.factory import make_run

from failure_investigator.diagnose.evidence.onset import gather
from failure_investigator.model import Comparison, JobFacts, Surroundings

GOOD, BAD = make_run(1, "success", head_sha="a" * 40), make_run(2, head_sha="a" * 40)


def told(before: JobFacts | None, after: JobFacts, **around: Any) -> list[str]:
    """What is said of a job that ran so before and so after."""
    known = {"first_bad": BAD, "last_good": GOOD, "good": before} | around
    return [fact.says for fact in gather(case(facts=after, around=Surroundings(**known)))]


def test_without_a_good_run_there_is_nothing_to_compare() -> None:
    """A workflow that never worked has no onset."""
    assert told(None, JobFacts(), last_good=None) == []
    assert told(None, JobFacts()) == []


def test_a_changed_version_is_named_with_both_numbers() -> None:
    """What only one of the two prints says nothing."""
    before, after = (
        JobFacts(versions={"acme-cli": "1.2.0", "git": "2.53.0"}),
        JobFacts(versions={"acme-cli": "1.3.0", "new": "1.0"}),
    )

    assert told(before, after) == ["Since the last good run the version changed: `acme-cli` 1.2.0 → 1.3.0."]


def test_many_changes_are_counted_behind_the_first_ones() -> None:
    """An image update changes fifty tools."""
    before = JobFacts(versions={f"tool-{number}": "1.0.0" for number in range(9)})
    after = JobFacts(versions={f"tool-{number}": "2.0.0" for number in range(9)})
    [says] = told(before, after)

    assert says.startswith("Since the last good run the versions changed: `tool-0` 1.0.0 → 2.0.0; ")
    assert says.endswith(", and 4 more.")


def test_actions_runner_and_environment_are_compared() -> None:
    """SHAs are short; of variables the names only."""
    before = JobFacts({"Runner Image Version": "1"}, {"octo/deploy@v1": "a" * 40}, {}, {"ACME_KEY": "***", "MODE": "x"})
    after = JobFacts({"Runner Image Version": "2"}, {"octo/deploy@v1": "b" * 40}, {}, {"MODE": "y", "REGION": "eu"})

    assert told(before, after) == [
        "Since the last good run the action changed: `octo/deploy@v1` aaaaaaa → bbbbbbb.",
        "Since the last good run the runner changed: `Runner Image Version` 1 → 2.",
        "The step no longer sets `ACME_KEY`.",
        "The step newly sets `REGION`.",
        "The step sets another value for `MODE`.",
    ]


def test_nothing_changed_points_to_the_credential_or_the_service() -> None:
    """Only where the log of the good run was read and the commit is the same."""
    [says] = told(JobFacts(), JobFacts())

    assert says.startswith("Nothing in the repository changed since the last good run")
    assert told(JobFacts(), JobFacts(), first_bad=make_run(2, head_sha="b" * 40)) == []


def test_commits_and_the_workflow_file_are_told() -> None:
    """One commit by its subject, many by their ends."""
    one = Comparison("ahead", (("c" * 40, "Bump `acme`"),), 1)
    many = Comparison("ahead", (("c" * 40, "first"), ("d" * 40, "last")), 2)

    assert told(None, JobFacts(), comparison=one) == [
        "1 commit lies between the last good and the first bad run: Bump 'acme' (ccccccc)."
    ]
    assert told(None, JobFacts(), comparison=many, workflow="on: push", workflow_before="on: []") == [
        "The workflow file changed between the last good and the first bad run.",
        "2 commits lie between the last good and the first bad run, ccccccc to ddddddd.",
    ]


def test_refusals_at_one_time_in_several_workflows_share_their_reason() -> None:
    """The credential or the service."""
    [says] = told(None, JobFacts(), together=3)

    assert says.startswith("It was refused in 3 workflows within 10 minutes")
