"""From the first failures to the cure and back: open, ongoing, recovering, resolved, regressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.story import NIGHTLY, PUBLISH, RELEASE, TESTS, at, reasons

if TYPE_CHECKING:
    from tests.e2e.story import Story

RUNS = "https://github.com/octo-org/octo-app/actions/runs"
RESOLVED = f"""**Resolved.** Since the last failure the refused job ran and succeeded twice:

- **Publish** on `main`: [104]({RUNS}/104), [105]({RUNS}/105)
"""
REGRESSED = f"""**It is back.** Run 106 failed in the same way, later than the good runs that closed this issue.

- **Publish** on `main`: [106]({RUNS}/106)
"""


def to_the_cure(story: Story) -> list[list[str]]:
    """Three failures and two good runs, a sweep after each from the second on; what each wrote."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    wrote = [story.wrote(at(0, 13)), story.wrote(at(0, 14))]
    story.fails(PUBLISH, at(0, 18))
    wrote.append(story.wrote(at(0, 19)))
    story.succeeds(PUBLISH, at(1, 6))
    wrote.append(story.wrote(at(1, 7)))
    story.succeeds(PUBLISH, at(1, 12))
    return [*wrote, story.wrote(at(1, 13)), story.wrote(at(1, 14))]


def test_two_failures_open_two_good_runs_close_and_all_between_is_silent(story: Story) -> None:
    """The body tells of the third failure and of the first good run; only the closing is commented."""
    wrote = to_the_cure(story)

    assert [
        ["POST issues"],
        [],
        ["PATCH issues/1 title body"],
        ["PATCH issues/1 body"],
        ["POST issues/1/comments", "PATCH issues/1 body closed completed"],
        [],
    ] == wrote
    assert ["1 closed completed"] == story.states()
    assert [RESOLVED] == story.comments()
    assert "**Resolved** at 2026-05-05 12:00 UTC." in story.lead()
    assert [
        "- [x] The next 2 eligible runs of **Publish** on `main` finish without this refusal (2 of 2): "
        f"[104]({RUNS}/104), [105]({RUNS}/105)"
    ] == story.criteria()


def test_a_created_issue_has_its_label_title_and_first_comment_none(story: Story) -> None:
    """The label is made once, with colour and description; nobody is told twice of a new issue."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))

    story.sweep(at(0, 13))

    made = [entry.body for entry in story.standin.journal if entry.method == "POST"]
    assert [["color", "description", "name"], ["body", "labels", "title"]] == [sorted(body) for body in made]
    assert ["failure-investigator"] == made[1]["labels"]
    assert "Publish: npm answers 401, no credential reached it (NODE_AUTH_TOKEN)" == made[1]["title"]
    assert [] == story.comments()
    assert (
        "- [ ] The next 2 eligible runs of **Publish** on `main` finish without this refusal (0 of 2)"
        == story.criteria()[0]
    )


def test_a_failure_after_the_cure_reopens_and_later_cures_close_again(story: Story) -> None:
    """The second cure has its own good runs, and its own comment."""
    to_the_cure(story)
    story.fails(PUBLISH, at(3, 6))
    wrote = [story.wrote(at(3, 7)), story.wrote(at(3, 8))]
    story.succeeds(PUBLISH, at(3, 12))
    story.succeeds(PUBLISH, at(3, 18))
    wrote.append(story.wrote(at(3, 19)))

    assert [
        ["POST issues/1/comments", "PATCH issues/1 title body open reopened"],
        [],
        ["POST issues/1/comments", "PATCH issues/1 body closed completed"],
    ] == wrote
    again = RESOLVED.replace("104", "107").replace("105", "108")
    assert [RESOLVED, REGRESSED, again] == story.comments()
    assert "4 failed runs, all read; first 2026-05-04 06:00 UTC, last 2026-05-07 06:00 UTC." in story.lead()


def test_a_rerun_on_an_older_commit_does_not_reopen(story: Story) -> None:
    """On the commit that failed before, and on one that GitHub calls behind the cure; a newer commit does reopen."""
    shas = [f"{number:040x}" for number in (1, 2, 3, 4)]
    story.world.ancestry = shas
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour), head_sha=shas[1])
    story.sweep(at(0, 13))
    for hour in (6, 12):
        story.succeeds(PUBLISH, at(1, hour), head_sha=shas[2])
    story.sweep(at(1, 13))

    story.fails(PUBLISH, at(2, 6), head_sha=shas[1])
    same = story.wrote(at(2, 7))
    story.succeeds(PUBLISH, at(2, 8), head_sha=shas[2])
    story.fails(PUBLISH, at(2, 12), head_sha=shas[0])
    behind = story.sweep(at(2, 13))
    story.succeeds(PUBLISH, at(3, 6), head_sha=shas[2])
    story.fails(PUBLISH, at(3, 12), head_sha=shas[3])
    newer = story.wrote(at(3, 13))

    assert [[], ["POST issues/1/comments", "PATCH issues/1 title body open reopened"]] == [same, newer]
    assert ["none #1: issue #1 is closed (cured): what failed is on a commit older than the cure"] == reasons(behind)


def test_unknown_ancestry_counts_as_not_older(story: Story) -> None:
    """A commit that GitHub cannot compare with the cure's, after a force push for example."""
    to_the_cure(story)
    story.fails(PUBLISH, at(2, 6), head_sha="f" * 40)
    story.world.ancestry = []

    assert ["POST issues/1/comments", "PATCH issues/1 title body open reopened"] == story.wrote(at(2, 7))


def test_after_ninety_days_a_new_issue_links_the_old_one(story: Story) -> None:
    """The old one stays closed and untouched, and is not asked about again."""
    to_the_cure(story)
    story.fails(PUBLISH, at(95, 6))
    alone = story.wrote(at(95, 7))
    story.fails(PUBLISH, at(95, 12))

    assert [[], ["POST issues"], []] == [alone, story.wrote(at(95, 13)), story.wrote(at(95, 14))]
    assert ["1 closed completed", "2 open"] == story.states()
    assert "The same was seen before: #1." in story.issue(2)["body"]


def test_a_monthly_workflow_is_opened_and_closed_with_the_default_window(story: Story) -> None:
    """Its stream is followed back beyond the window, and from the issue's last failure on; between it is dormant."""
    story.succeeds(NIGHTLY, at(0, 6))
    story.fails(NIGHTLY, at(30, 6))
    story.fails(NIGHTLY, at(60, 6))
    opened = [story.wrote(at(60, 7)), story.wrote(at(75)), story.wrote(at(89))]
    story.succeeds(NIGHTLY, at(90, 6))
    story.succeeds(NIGHTLY, at(120, 6))

    assert [["POST issues"], [], []] == opened
    assert ["POST issues/1/comments", "PATCH issues/1 body closed completed"] == story.wrote(at(120, 7))
    assert ["1 closed completed"] == story.states()


def test_every_affected_workflow_has_to_recover(story: Story) -> None:
    """One that goes on failing keeps the issue open; the comment has a line for each."""
    for workflow in (PUBLISH, RELEASE):
        for hour in (6, 12):
            story.fails(workflow, at(0, hour))
    story.sweep(at(0, 13))
    story.succeeds(PUBLISH, at(1, 6))
    story.succeeds(PUBLISH, at(1, 7))
    story.fails(RELEASE, at(1, 6))
    half = story.wrote(at(1, 8))
    story.succeeds(RELEASE, at(1, 12))
    story.succeeds(RELEASE, at(1, 13))

    assert [["PATCH issues/1 title body"], ["POST issues/1/comments", "PATCH issues/1 body closed completed"]] == [
        half,
        story.wrote(at(1, 14)),
    ]
    assert [
        "**Resolved.** Since the last failure the refused job ran and succeeded twice in each of 2 places:\n\n"
        f"- **Publish** on `main`: [105]({RUNS}/105), [106]({RUNS}/106)\n"
        f"- **Release** on `main`: [108]({RUNS}/108), [109]({RUNS}/109)\n"
    ] == story.comments()


def test_a_green_run_in_which_the_job_was_skipped_proves_nothing(story: Story) -> None:
    """Nor does one without the job; those in which it ran close the issue."""
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour))
    story.sweep(at(0, 13))
    for hour in (1, 2, 3):
        story.succeeds(PUBLISH, at(1, hour), "skipped")
    story.world.add_job(story.run(PUBLISH, at(1, 4), "success"), "another", ["done"], "success")
    skipped = story.wrote(at(1, 5))
    for hour in (6, 7):
        story.succeeds(PUBLISH, at(1, hour))

    assert [[], ["POST issues/1/comments", "PATCH issues/1 body closed completed"]] == [skipped, story.wrote(at(1, 8))]


def test_a_flaky_other_job_neither_extends_nor_hides_a_recovery(story: Story) -> None:
    """Runs that fail of a test, with the refused job green in them, are good runs of that job."""
    for hour in (6, 12):
        story.fails(PUBLISH, at(0, hour))
    story.sweep(at(0, 13))
    for hour in (6, 12):
        run = story.run(PUBLISH, at(1, hour))
        story.world.add_job(run, "publish", ["done"], "success")
        story.world.add_job(run, "test", TESTS)

    assert ["POST issues/1/comments", "PATCH issues/1 body closed completed"] == story.wrote(at(1, 13))


def test_a_rerun_that_turns_green_is_no_failure_and_proves_what_it_ran(story: Story) -> None:
    """The last attempt counts: before an issue is open nothing is filed, after it the re-run is a good run."""
    first = story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    story.succeeds(PUBLISH, at(0, 13), id=first.id + 1, attempt=2)
    nothing = story.wrote(at(0, 14))
    story.fails(PUBLISH, at(1, 6))
    last = story.fails(PUBLISH, at(1, 12))
    opened = story.wrote(at(1, 13))
    story.succeeds(PUBLISH, at(1, 14), id=last.id, attempt=2)
    story.succeeds(PUBLISH, at(1, 18))

    assert [[], ["POST issues"]] == [nothing, opened]
    assert ["POST issues/1/comments", "PATCH issues/1 body closed completed"] == story.wrote(at(1, 19))
