"""What an open issue gains and loses: workflows, failures, another cause, a credential's name, streams that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.story import INVALID, MISSING, NIGHTLY, PUBLISH, PUSH, RELEASE, at, reasons

if TYPE_CHECKING:
    from tests.e2e.story import Story

RUNS = "https://github.com/octo-org/octo-app/actions/runs"
TOLD = ["POST issues/1/comments", "PATCH issues/1 title body"]
RESOLVED = ["POST issues/1/comments", "PATCH issues/1 body closed completed"]
ABANDONED = ["POST issues/1/comments", "PATCH issues/1 body closed not_planned"]


def opened(story: Story) -> None:
    """An issue about two failures of the first day, runs 101 and 102."""
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour))
    story.sweep(at(0, 13))


def test_another_workflow_of_the_same_credential_joins_the_issue(story: Story) -> None:
    """One failure is enough to join, with one comment; more of it is silent."""
    opened(story)
    story.fails(RELEASE, at(0, 18))
    wrote = [story.wrote(at(0, 19)), story.wrote(at(0, 20))]
    story.fails(RELEASE, at(1, 6))
    wrote.append(story.wrote(at(1, 7)))

    assert [TOLD, [], ["PATCH issues/1 title body"]] == wrote
    assert [
        "**It has spread to another workflow:** 3 failed runs so far, 2 when this was last told.\n\n"
        f"- new: **Release** on `main`: [103]({RUNS}/103)\n"
    ] == story.comments()
    assert ["**Publish**", "**Release**"] == [line.split()[9] for line in story.criteria()]
    assert "Publish and 1 more: npm answers 401" in story.issue()["title"]


def test_ten_times_the_failures_are_told_once(story: Story) -> None:
    """At 20 of 2, and not again at 21."""
    opened(story)
    for minute in range(17):
        story.fails(PUBLISH, at(0, 13, minute))
    wrote = [story.wrote(at(0, 14))]
    story.fails(PUBLISH, at(0, 14))
    wrote.append(story.wrote(at(0, 15)))
    story.fails(PUBLISH, at(0, 15))
    wrote.append(story.wrote(at(0, 16)))

    assert [["PATCH issues/1 title body"], TOLD, ["PATCH issues/1 title body"]] == wrote
    assert ["**It has grown tenfold:** 20 failed runs so far, 2 when this was last told.\n"] == story.comments()
    assert story.lead().startswith("21 failed runs, all read")


def test_better_evidence_changes_the_cause_and_not_the_issue(story: Story) -> None:
    """The secret was set, and set wrongly."""
    opened(story)
    run = story.fails(PUBLISH, at(0, 18), INVALID)
    wrote = [story.wrote(at(0, 19)), story.wrote(at(0, 20))]

    [comment] = story.comments()
    assert [TOLD, []] == wrote
    assert (
        "**Another cause.** It was taken for *no credential sent*; newer runs show *credential invalid*. "
        "The cause and the steps above are rewritten."
    ) == comment.partition("\n")[0]
    assert f"{RUNS}/{run.id}/job/{run.id}000#step:2:" in comment
    assert "the credential is not recognised" in story.issue()["title"]


def test_a_second_cause_in_the_same_runs_is_a_second_issue(story: Story) -> None:
    """One fix, one issue: each is closed by its own job."""
    opened(story)
    for hour in (14, 16):
        story.world.add_job(story.fails(PUBLISH, at(0, hour)), "push", PUSH)
    wrote = [story.wrote(at(0, 17))]
    for hour in (18, 19):
        run = story.run(PUBLISH, at(0, hour))
        story.world.add_job(run, "publish", ["done"], "success")
        story.world.add_job(run, "push", PUSH)
    wrote.append(story.wrote(at(0, 20)))

    assert [["PATCH issues/1 title body", "POST issues"], [*RESOLVED, "PATCH issues/2 title body"]] == [
        sorted(wrote[0]),
        sorted(wrote[1], key=lambda line: "issues/2" in line),
    ]
    assert ["1 closed completed", "2 open"] == story.states()


def test_a_credentials_name_learnt_later_joins_what_is_filed(story: Story) -> None:
    """The issue gets the better name and keeps the old one as an alias; a job of another name would be another matter."""
    nameless = [line for line in MISSING if "NODE_AUTH_TOKEN" not in line]
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour), nameless)
    story.sweep(at(0, 13))
    before = story.issue()["title"]
    story.fails(PUBLISH, at(0, 18))
    wrote = [story.wrote(at(0, 19)), story.wrote(at(0, 20))]
    story.fails(PUBLISH, at(0, 20))
    wrote.append(story.wrote(at(0, 21)))

    assert [["PATCH issues/1 title body"], [], ["PATCH issues/1 title body"]] == wrote
    assert ("Publish: npm answers 401, no credential reached it", f"{before} (NODE_AUTH_TOKEN)") == (
        before,
        story.issue()["title"],
    )
    assert '"fingerprint":"v1:credential:npm:NODE_AUTH_TOKEN"' in story.issue()["body"]
    assert '"aliases":["v1:credential:npm:"]' in story.issue()["body"]
    assert story.lead().startswith("4 failed runs, all read")


def test_a_silent_stream_is_dormant_and_stays_open(story: Story) -> None:
    """After thirty days the body says so, without a comment; a failure wakes it, a listing cut short does not."""
    opened(story)
    wrote = [story.wrote(at(29)), story.wrote(at(31)), story.wrote(at(60))]
    lead = story.lead()
    story.fails(PUBLISH, at(61, 6))
    wrote.append(story.wrote(at(61, 7)))

    assert [[], ["PATCH issues/1 body"], [], ["PATCH issues/1 title body"]] == wrote
    assert lead.endswith("**Dormant**: none of these workflows has run since 2026-05-04 12:00 UTC.")
    assert "Dormant" not in story.lead()
    assert [] == story.comments()


def test_a_deleted_workflow_closes_as_not_planned_and_a_failure_reopens(story: Story) -> None:
    """Nothing can show a recovery any more; until something fails again, which is told as what it is."""
    opened(story)
    story.world.states[PUBLISH.path] = "deleted"
    wrote = [story.wrote(at(2)), story.wrote(at(3))]
    del story.world.states[PUBLISH.path]
    story.fails(PUBLISH, at(4, 6))
    wrote.append(story.wrote(at(4, 7)))

    assert [ABANDONED, [], ["POST issues/1/comments", "PATCH issues/1 title body open reopened"]] == wrote
    assert [
        "**Closed as not planned.** Nothing runs any more that could show a recovery. A new failure reopens this issue."
        "\n\n- **Publish** on `main`: its workflow was deleted\n",
        "**It is back.** Run 103 failed in the same way, so there is something to recover again.\n\n"
        f"- **Publish** on `main`: [103]({RUNS}/103)\n",
    ] == story.comments()


def test_a_disabled_workflow_closes_as_not_planned(story: Story) -> None:
    """At once where nothing ran since; where it began to recover, when nothing ran in the whole window any more."""
    opened(story)
    story.succeeds(PUBLISH, at(0, 18))
    story.sweep(at(0, 19))
    story.world.states[PUBLISH.path] = "disabled_manually"
    wrote = [story.wrote(at(0, 20)), story.wrote(at(3)), story.wrote(at(4))]

    assert [[], ABANDONED, []] == wrote
    assert "- **Publish** on `main`: its workflow is disabled" in story.comments()[0]


def test_an_abandoned_issue_that_a_person_reopens_stays_open(story: Story) -> None:
    """They may be about to bring the workflow back; its good runs close the issue."""
    opened(story)
    story.world.states[PUBLISH.path] = "deleted"
    story.sweep(at(2))
    story.octocat.reopen(1)
    wrote = [story.wrote(at(2, 1)), story.wrote(at(2, 2))]
    del story.world.states[PUBLISH.path]
    for hour in (6, 7):
        story.succeeds(PUBLISH, at(3, hour))
    wrote.append(story.wrote(at(3, 8)))

    assert [["PATCH issues/1 body"], [], RESOLVED] == wrote


def test_a_deleted_workflow_leaves_the_criteria_to_the_others(story: Story) -> None:
    """They alone have to recover, and the issue says so."""
    opened(story)
    story.fails(NIGHTLY, at(0, 18))
    story.sweep(at(0, 19))
    story.world.states[NIGHTLY.path] = "deleted"
    gone = story.wrote(at(1, 1))
    for hour in (6, 7):
        story.succeeds(PUBLISH, at(1, hour))

    assert [["PATCH issues/1 body"], RESOLVED] == [gone, story.wrote(at(1, 8))]
    assert "- **Nightly** on `main` does not count any more: its workflow was deleted" in story.criteria()
    assert "- **Nightly** on `main` does not count any more: its workflow was deleted" in story.comments()[-1]


def test_a_deleted_branch_leaves_the_criteria(story: Story) -> None:
    """A release branch that was deleted cannot recover; its workflow still can, elsewhere."""
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour), branch="release/1")
    story.sweep(at(0, 13))
    story.world.branches = {"main"}

    assert ABANDONED == story.wrote(at(2))
    assert "- **Publish** on `release/1`: its branch was deleted" in story.comments()[0]


def test_an_outage_in_three_workflows_is_one_issue_at_once(story: Story) -> None:
    """One failure each is enough for a cause that does not pass by itself; two workflows wait."""
    for workflow in (PUBLISH, RELEASE):
        story.fails(workflow, at(0, 6))
    two = story.sweep(at(0, 7))
    story.fails(NIGHTLY, at(0, 7))
    three = story.sweep(at(0, 8))

    assert ["none: 1 of 2 consecutive failed runs"] == reasons(two)
    assert ["created #1: seen in 3 workflows"] == reasons(three)
