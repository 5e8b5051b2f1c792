"""What people and other bots do to an issue is honoured: closing, reopening, labels, titles, text, the first line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.story import INVALID, PUBLISH, at, reasons

if TYPE_CHECKING:
    from tests.e2e.story import Story

RUNS = "https://github.com/octo-org/octo-app/actions/runs"
REOPENED = ["POST issues/1/comments", "PATCH issues/1 title body open reopened"]
RESOLVED = ["POST issues/1/comments", "PATCH issues/1 body closed completed"]


def opened(story: Story) -> None:
    """An issue about two failures of the first day, runs 101 and 102."""
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour))
    story.sweep(at(0, 13))


def test_closed_as_completed_rests_until_runs_created_since_fail(story: Story) -> None:
    """Neither old failures in the window nor one that started before the closing count, and one alone is not enough."""
    opened(story)
    story.fails(PUBLISH, at(0, 14), updated_at=at(0, 16))
    story.world.now = at(0, 15)
    story.octocat.close(1)
    wrote = [story.wrote(at(0, 15, 30)), story.wrote(at(0, 16, 30))]
    story.fails(PUBLISH, at(0, 18))
    one = story.sweep(at(0, 19))
    story.fails(PUBLISH, at(0, 20))
    wrote += [story.wrote(at(0, 21)), story.wrote(at(0, 22))]

    assert [[], [], REOPENED, []] == wrote
    assert [
        "none #1: issue #1 was closed as completed 2026-05-04 15:00; since then: 1 of 2 consecutive failed runs"
    ] == reasons(one)
    assert ["1 open reopened"] == story.states()
    assert [
        "**It still fails.** 2 consecutive failed runs since it was closed as completed.\n\n"
        f"- **Publish** on `main`: [105]({RUNS}/105)\n"
    ] == story.comments()


def test_closed_as_completed_after_a_real_fix_stays_closed(story: Story) -> None:
    """Good runs after it change nothing, and write nothing."""
    opened(story)
    story.octocat.close(1)
    story.succeeds(PUBLISH, at(0, 18))
    story.succeeds(PUBLISH, at(1, 6))

    assert [[], []] == [story.wrote(at(0, 19)), story.wrote(at(1, 7))]


def test_a_rerun_of_an_old_run_after_the_closing_does_not_count(story: Story) -> None:
    """Its run was created before: it may still run the workflow file of then."""
    opened(story)
    story.octocat.close(1)
    for number, hour in ((101, 14), (102, 15)):
        story.fails(PUBLISH, at(0, hour), id=number, attempt=2, created_at=at(0, 6))

    assert [] == story.wrote(at(0, 16))


def test_closed_as_not_planned_is_left_alone_until_a_person_reopens_it(story: Story) -> None:
    """Accepted: failures write nothing. Reopened, it takes part again, and only later good runs close it."""
    opened(story)
    story.octocat.close(1, "not_planned")
    story.fails(PUBLISH, at(0, 18))
    accepted = story.sweep(at(0, 19))
    quiet = story.standin.writes()
    story.succeeds(PUBLISH, at(1, 1))
    story.succeeds(PUBLISH, at(1, 2))
    story.world.now = at(1, 3)
    story.octocat.reopen(1)
    wrote = [story.wrote(at(1, 4)), story.wrote(at(1, 5))]
    story.succeeds(PUBLISH, at(1, 6))
    story.succeeds(PUBLISH, at(1, 7))

    assert ["none #1: issue #1 was closed as not_planned by octocat: left alone until a person reopens it"] == reasons(
        accepted
    )
    assert [] == quiet
    assert [["PATCH issues/1 title body"], []] == wrote
    assert RESOLVED == story.wrote(at(1, 8))


def test_a_persons_no_has_no_date(story: Story) -> None:
    """Closed longer ago than closed issues are listed: it is looked for before the same is filed again."""
    opened(story)
    story.octocat.close(1, "not_planned")
    for hour in (6, 12):
        story.fails(PUBLISH, at(150, hour))

    assert [] == story.wrote(at(150, 13))
    assert ["1 closed not_planned"] == story.states()


def test_marked_as_a_duplicate_by_a_person_it_is_left_alone(story: Story) -> None:
    """They know where the matter is kept."""
    opened(story)
    story.octocat.close(1, "duplicate")
    story.fails(PUBLISH, at(0, 18))

    assert [] == story.wrote(at(0, 19))
    assert ["1 closed duplicate"] == story.states()


def test_reopening_after_a_cure_asks_for_new_good_runs(story: Story) -> None:
    """Whoever reopens it knows something that the runs until then did not show."""
    opened(story)
    for hour in (6, 7):
        story.succeeds(PUBLISH, at(1, hour))
    story.sweep(at(1, 8))
    story.octocat.reopen(1)
    again = [story.wrote(at(1, 9)), story.wrote(at(1, 10))]
    for hour in (11, 12):
        story.succeeds(PUBLISH, at(1, hour))

    assert [["PATCH issues/1 body"], []] == again
    assert "0 of 2" in story.criteria()[0]
    assert RESOLVED == story.wrote(at(1, 13))


def test_the_mute_label_silences_until_it_goes(story: Story) -> None:
    """Failures, good runs and a second cause write nothing until the label goes; then one update tells it all."""
    opened(story)
    story.octocat.label(1, "investigator:mute")
    story.fails(PUBLISH, at(0, 18))
    muted = story.sweep(at(0, 19))
    story.fails(PUBLISH, at(1, 6), INVALID)
    wrote = [story.wrote(at(1, 7))]
    story.octocat.unlabel(1, "investigator:mute")
    wrote.append(story.wrote(at(1, 8)))

    assert ["none #1: issue #1 is muted by its label"] == reasons(muted)
    assert [[], ["POST issues/1/comments", "PATCH issues/1 title body"]] == wrote
    assert "4 failed runs" in story.lead()


def test_another_bot_is_answered_once_and_then_respected(story: Story) -> None:
    """Closed as stale while it fails: opened again with the reason; closed again, it stays closed."""
    opened(story)
    story.stale.close(1, "not_planned")
    wrote = [story.wrote(at(0, 14)), story.wrote(at(0, 15))]
    story.stale.close(1, "not_planned")
    story.fails(PUBLISH, at(0, 18))
    wrote.append(story.wrote(at(0, 19)))

    assert [["POST issues/1/comments", "PATCH issues/1 body open reopened"], [], []] == wrote
    assert ["1 closed not_planned"] == story.states()
    assert [
        "**Opened again, once:** stale\\[bot\\] closed it, and run 102 fails. "
        "To leave it closed, close it as not planned or add the label `investigator:mute`.\n"
    ] == story.comments()


def test_another_bot_that_closes_what_recovered_is_right(story: Story) -> None:
    """Nothing fails any more, so there is nothing to insist on."""
    opened(story)
    story.succeeds(PUBLISH, at(0, 18))
    story.sweep(at(0, 19))
    story.stale.close(1, "not_planned")

    assert [] == story.wrote(at(0, 20))


def test_without_its_first_line_an_issue_is_theirs(story: Story) -> None:
    """Never touched and never filed again, and what it is about goes on failing."""
    opened(story)
    story.octocat.edit(1, body=story.issue()["body"].partition("\n")[2])
    story.fails(PUBLISH, at(0, 18))
    done = story.sweep(at(0, 19))

    assert [] == story.standin.writes()
    assert ["none: issue #1 was handed over to people"] == reasons(done)


def test_a_deleted_issue_is_forgotten(story: Story) -> None:
    """It is filed anew while it still fails, under a new number."""
    opened(story)
    story.octocat.delete(1)

    assert ["POST issues"] == story.wrote(at(0, 14))
    assert ["2 open"] == story.states()


def test_title_labels_and_text_of_people_are_kept(story: Story) -> None:
    """Through an update, another cause and a cure; nothing that they removed comes back."""
    opened(story)
    issue = story.issue()
    first, _, rest = issue["body"].partition("\n")
    above, below = "Ada: we wait for finance.", "See the wiki for the runbook."
    story.octocat.edit(1, title="npm: who pays?", body=f"{first}\n{above}\n{rest}\n{below}\n")
    story.octocat.unlabel(1, "failure-investigator")
    story.octocat.label(1, "finance")
    story.octocat.comment(1, "Looking into it.")
    story.fails(PUBLISH, at(0, 18), INVALID)
    wrote = [story.wrote(at(0, 19))]
    for hour in (6, 7):
        story.succeeds(PUBLISH, at(1, hour))
    wrote.append(story.wrote(at(1, 8)))

    assert [["POST issues/1/comments", "PATCH issues/1 body"], RESOLVED] == wrote
    assert ("npm: who pays?", ["finance"]) == (issue["title"], issue["labels"])
    assert [1, 1] == [issue["body"].count(text) for text in (above, below)]
    assert "Looking into it." == story.world.comments[1][0]["body"]


def test_a_forged_marker_moves_nothing(story: Story) -> None:
    """A copy by somebody else and a broken one are told in the summary or ignored, and the own issue is kept."""
    opened(story)
    story.world.file_issue("mallory", "copied", story.issue()["body"])
    story.world.file_issue("github-actions[bot]", "cut", story.issue()["body"][:200])
    story.fails(PUBLISH, at(0, 18))
    done = story.sweep(at(0, 19))

    assert ["PATCH /repos/octo-org/octo-app/issues/1"] == story.standin.writes()
    assert "an issue was not believed: \\#3: its marker is broken or not at the very beginning" in done.summary
