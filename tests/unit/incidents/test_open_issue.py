"""An open issue: what is told, what stays silent, and what closes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.unit.factory import NOW, make_diagnosis, make_job
from tests.unit.incidents.scene import DAY, World, filed, resolved

from failure_investigator.model import Cause, Workflow

DEPLOY = Workflow(8, "Deploy", ".github/workflows/deploy.yml")
TEST = Workflow(9, "Test", ".github/workflows/test.yml")
KEY = "octo-org/octo-app:7:default"


def silent(world: World) -> bool:
    """Whether a sweep without news writes nothing."""
    return [verb for verb, _ in world.sweep()] == ["none"] * len(world.issues)


def test_one_good_run_is_recovering_and_the_second_resolves() -> None:
    """A silent page with 1 of 2; then one comment with the links, and closed as completed."""
    world = filed(1, 2)
    world.works(3)

    assert [("update", "1 of 2 good runs")] == world.sweep()
    assert (("open", "", "recovering"), []) == (world.state, world.said)
    assert "(1 of 2): [1003]" in world.issues[1].body
    assert silent(world)

    world.works(4)
    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep()
    assert ("closed", "completed", "resolved") == world.state
    assert "- [x] The next 2 eligible runs of **Nightly** on `main`" in world.issues[1].body
    assert [True, True] == [f"actions/runs/{run}" in world.said[0] for run in (1003, 1004)]
    assert silent(world)


def test_a_failure_between_two_good_runs_starts_the_count_again() -> None:
    """Consecutive, and later than the last failure."""
    world = filed(1, 2)
    world.works(3)
    world.sweep()
    world.fails(4)

    assert [("update", "1 more failed run")] == world.sweep()
    world.works(5)
    assert [("update", "1 of 2 good runs")] == world.sweep()
    assert ((), ("1005.1",)) == (tuple(world.said), tuple(good.run for good in world.marker().streams[KEY].good))


def test_a_green_run_in_which_the_job_was_skipped_closes_nothing() -> None:
    """It proves nothing, and neither does one that nobody looked at."""
    world = filed(1, 2)
    world.works(3, 4, jobs={"publish": "skipped", "lint": "success"})
    world.works(5, 6, jobs={})
    world.works(7, asked=False)
    world.works(8)
    world.sweep()

    assert ("open", "", "open") == world.state
    assert ("1008.1",) == tuple(good.run for good in world.marker().streams[KEY].good)


def test_a_flaky_other_job_does_not_stand_in_the_way() -> None:
    """The runs failed, and the job that was refused ran well in them."""
    world = filed(1, 2)
    world.breaks(3, 4, jobs={"publish": "success", "flaky": "failure"})

    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep()


def test_another_failure_of_the_refused_job_proves_nothing() -> None:
    """It neither goes on nor recovers."""
    world = filed(1, 2)
    world.breaks(3, 4)
    world.works(5)

    assert [("update", "1 of 2 good runs")] == world.sweep()
    assert 2 == world.marker().total


def test_a_rerun_that_turns_green_is_a_good_run() -> None:
    """The last attempt counts: the failed one is not listed any more."""
    world = filed(1, 2)
    world.works(2, attempt=2, started_at=NOW - timedelta(hours=2), created_at=world.runs[1002].created_at)

    assert [("update", "1 of 2 good runs")] == world.sweep()
    world.works(11)
    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep()


def test_a_rerun_that_turned_green_before_the_issue_was_written_is_no_streak() -> None:
    """Fail, then pass."""
    world = World()
    world.fails(1, 2)
    world.works(2, attempt=2)

    assert [("none", "the runs recovered by themselves")] == world.sweep()


def test_every_affected_stream_has_to_be_good() -> None:
    """One of two workflows recovers: the page says so, the issue stays."""
    world = filed(1, 2)
    world.fails(3, workflow=DEPLOY)
    world.sweep()
    world.works(4, 5)
    world.sweep()

    assert ("open", "", "open") == world.state
    assert "- [x] The next 2 eligible runs of **Nightly**" in world.issues[1].body
    assert "- [ ] The next 2 eligible runs of **Deploy**" in world.issues[1].body

    world.works(6, 7, workflow=DEPLOY)
    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep()


def test_a_monthly_workflow_is_dormant_between_its_runs_and_never_closed_by_time() -> None:
    """Each flip is silent."""
    world = filed(1, 2)

    for month in (1, 2, 3):
        late = NOW + month * 31 * DAY
        assert "no eligible run since" in world.sweep(late)[0][1]
        assert "dormant" == world.marker().state
        world.fails(10 + month, started_at=late)
        assert [("update", "1 more failed run")] == world.sweep(late)
        assert "open" == world.marker().state

    last = NOW + 4 * 31 * DAY
    world.sweep(last)
    world.works(20, started_at=last)
    assert [("update", "1 of 2 good runs")] == world.sweep(last)
    assert ["none"] == [verb for verb, _ in world.sweep(last + 45 * DAY)]
    assert (("open", "", "recovering"), []) == (world.state, world.said)


def test_a_deleted_workflow_leaves_the_criteria_and_the_others_decide() -> None:
    """The issue says so."""
    world = filed(1, 2)
    world.fails(3, workflow=DEPLOY)
    world.sweep()
    world.gone = {8: "its workflow was deleted"}
    world.works(4, 5)

    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep()
    assert "**Deploy** on `main` does not count any more: its workflow was deleted" in world.issues[1].body
    assert "**Deploy** on `main` does not count any more: its workflow was deleted" in world.said[-1]


def test_an_issue_whose_workflows_are_all_gone_is_closed_as_not_planned_and_a_failure_opens_it() -> None:
    """Nothing can show a recovery any more."""
    world = filed(1, 2)
    world.gone = {7: "its workflow is disabled"}

    assert [("comment", "abandoned"), ("close", "abandoned")] == world.sweep()
    assert ("closed", "not_planned", "abandoned") == world.state
    assert silent(world)

    world.gone = {}
    world.fails(3)
    assert [("comment", "regressed"), ("reopen", "regressed")] == world.sweep()
    assert ("open", "reopened", "open") == world.state


def test_a_person_reopens_an_abandoned_issue() -> None:
    """It stays open."""
    world = filed(1, 2)
    world.gone = {7: "its workflow was deleted"}
    world.sweep()
    world.reopen(1)
    world.sweep()

    assert ("open", "reopened", "dormant") == world.state
    assert silent(world)


def test_another_workflow_is_told_once() -> None:
    """It spreads: one comment that names the workflow."""
    world = filed(1, 2)
    world.fails(3, workflow=DEPLOY)

    assert [("comment", "widened"), ("update", "widened")] == world.sweep()
    assert "new: **Deploy** on `main`" in world.said[0]
    assert "Deploy and 1 more" in world.issues[1].title
    world.fails(4, workflow=DEPLOY)
    assert [("update", "1 more failed run")] == world.sweep()


def test_another_branch_of_a_known_workflow_is_no_news() -> None:
    """The same workflow, the same repository."""
    world = filed(1, 2)
    world.fails(3, branch="release/1.x")

    assert [("update", "1 more failed run")] == world.sweep()


def test_ten_times_the_failures_are_told() -> None:
    """Ten times what was last told, each time."""
    world = filed(1, 2)
    world.fails(*range(3, 20))
    assert [("update", "17 more failed runs")] == world.sweep()

    world.fails(20)
    assert [("comment", "widened"), ("update", "widened")] == world.sweep()
    assert "20 failed runs" in world.said[0]
    world.fails(21)
    assert [("update", "1 more failed run")] == world.sweep()


def test_better_evidence_changes_the_cause_and_is_told() -> None:
    """The same issue, one comment, a new title."""
    world = filed(1, 2)
    world.fails(3, says=make_diagnosis(Cause.CREDENTIAL_INVALID))

    assert [("comment", "reclassified"), ("update", "reclassified")] == world.sweep()
    assert "*no credential sent*; newer runs show *credential invalid*" in world.said[0]
    assert "not recognised" in world.issues[1].title
    assert silent(world)


def test_learning_the_credentials_name_neither_splits_nor_merges() -> None:
    """A better library reads the same runs under a better name: the old one becomes an alias."""
    world = filed(1, 2, says=make_diagnosis(credential=""))
    world.fails(1, 2, 3)
    world.again = {"1001.1", "1002.1"}

    assert [("update", "1 more failed run")] == world.sweep()
    assert ("v1:credential:openai:OPENAI_API_KEY", ("v1:credential:openai:",), 3) == (
        world.marker().fingerprint, world.marker().aliases, world.marker().total,
    )  # fmt: skip
    world.again = set()
    assert silent(world)


def test_two_causes_in_one_workflow_are_two_issues() -> None:
    """One fix, one issue."""
    world = filed(1, 2)
    world.fails(3, 4, says=make_diagnosis(service="npm", credential="NODE_AUTH_TOKEN"), job="release")

    assert ["create", "none"] == sorted(verb for verb, _ in world.sweep())
    assert ["v1:credential:npm:NODE_AUTH_TOKEN", "v1:credential:openai:OPENAI_API_KEY"] == sorted(
        world.marker(number).fingerprint for number in (1, 2)
    )


def test_the_same_credential_in_three_workflows_is_one_issue() -> None:
    """The list of workflows is in no credential's key."""
    world = World()
    for number, workflow in enumerate((DEPLOY, TEST, Workflow(10, "Docs", "docs.yml")), 1):
        world.fails(number, workflow=workflow)
    world.sweep()

    assert [1] == list(world.issues)
    assert ["Deploy", "Docs", "Test"] == sorted(tracked.name for tracked in world.marker().streams.values())


def test_a_title_that_a_person_chose_stays() -> None:
    """And text around the block, too."""
    world = filed(1, 2)
    body = world.issues[1].body
    first, _, rest = body.partition("\n")
    world.edit(1, title="Our key again", body=f"{first}\nTold the vendor.\n{rest}\nTicket 42.\n")
    world.fails(3, says=make_diagnosis(Cause.CREDENTIAL_INVALID), workflow=DEPLOY)
    world.sweep()

    assert "Our key again" == world.issues[1].title
    assert [1, 1] == [world.issues[1].body.count(text) for text in ("Told the vendor.", "Ticket 42.")]
    assert silent(world)


def test_a_muted_issue_is_left_as_it_is_whatever_happens() -> None:
    """Failures, another cause, good runs."""
    world = filed(1, 2)
    body = world.issues[1].body
    world.edit(1, labels=("investigator:mute",))
    world.fails(3, says=make_diagnosis(Cause.CREDENTIAL_INVALID), workflow=DEPLOY)
    world.sweep()
    world.works(4, 5)
    world.works(6, 7, workflow=DEPLOY)
    world.sweep()

    assert ("open", body, []) == (world.issues[1].state, world.issues[1].body, world.said)


def test_a_person_who_reopens_a_resolved_issue_is_not_answered_by_the_same_good_runs() -> None:
    """Only runs later than that can close it again."""
    world = resolved()
    world.reopen(1)
    world.sweep()
    assert ("open", "reopened", "open") == world.state
    assert "(0 of 2)" in world.issues[1].body
    assert silent(world)

    world.works(13, 14)
    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep(NOW + DAY)


def test_good_runs_until_a_person_reopened_count_for_nothing_where_the_tracker_knows_no_times() -> None:
    """A folder of files says only that the issue is open again."""
    world = resolved()
    world.edit(1, state="open", state_reason="", closed_at=None, closed_by="")
    world.sweep()
    assert ("open", "", "open") == world.state
    assert silent(world)

    world.works(5, 6)
    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep()


def test_runs_that_are_not_listed_any_more_stay_counted_and_shown() -> None:
    """The table keeps its rows, and the cause what was said of it."""
    world = filed(1, 2)
    root_cause = world.issues[1].body.partition("## Root cause")[2].partition("## Success")[0]
    world.forget(1, 2)
    world.works(3)
    world.sweep()

    assert ("recovering", 2) == (world.marker().state, world.marker().total)
    assert [True, True] == [f"| [{run}](" in world.issues[1].body for run in (1001, 1002)]
    assert root_cause == world.issues[1].body.partition("## Root cause")[2].partition("## Success")[0]


def test_a_marker_of_the_first_schema_is_migrated_and_goes_on() -> None:
    """It knew of a stream its newest run only."""
    world = filed(1, 2)
    marker = (
        '<!-- failure-investigator:v1 {"fingerprint":"v1:credential:openai:OPENAI_API_KEY","repository":"octo-org/octo-app",'
        '"state":"open","runs":["1002.1/10020","1001.1/10010"],"cursors":{"octo-org/octo-app:7:default":"1002.1"},"total":2,'
        '"read":2,"first_seen":"2026-05-04T01:00:00Z","last_seen":"2026-05-04T02:00:00Z","cause":"credential_missing",'
        '"service":"openai","status":401,"credential":"OPENAI_API_KEY","signature":"openai/missing-bearer"} -->'
    )
    world.edit(1, body=f"{marker}\n{world.issues[1].body.partition(chr(10))[2]}")
    world.works(3)

    world.sweep()
    assert ("recovering", ("publish",)) == (world.marker().state, world.marker().streams[KEY].jobs)
    assert '"schema":2' in world.issues[1].body
    world.works(4)
    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep()


def test_the_higher_of_two_issues_about_the_same_is_closed_as_its_duplicate() -> None:
    """Two sweeps at once filed both."""
    world = filed(1, 2)
    world.issues[2] = replace(world.issues[1], number=2)
    world.fails(3)

    assert [("update", "1 more failed run"), ("comment", "duplicate"), ("close", "duplicate")] == world.sweep()
    assert ("closed", "duplicate", "duplicate", 1) == (
        world.issues[2].state, world.issues[2].state_reason, world.marker(2).state, world.marker(2).earlier,
    )  # fmt: skip
    assert ["none"] == [verb for verb, _ in world.sweep()]


def test_a_comment_that_was_written_before_the_sweep_was_cut_off_has_the_same_key_again() -> None:
    """So the tracker writes it once; another transition has another key."""
    world = filed(1, 2)
    world.fails(3, workflow=DEPLOY)
    first, again = (world.plan()[0].key for _ in range(2))
    assert (first, True) == (again, bool(first))

    world.works(4, 5)
    world.works(6, 7, workflow=DEPLOY)
    assert ("resolved", True) == (world.plan()[0].transition, world.plan()[0].key != first)


def test_failures_of_one_cause_are_not_counted_for_the_other() -> None:
    """A run that was judged before has only what was found in it."""
    world = World()
    npm = make_diagnosis(service="npm", credential="NODE_AUTH_TOKEN")
    world.fails(1, 3)
    world.fails(2, 4, says=npm, job="release")
    world.sweep()
    world.fails(5)
    world.fails(6, says=npm, job="release")
    world.sweep()

    assert [3, 3] == [world.marker(number).total for number in (1, 2)]


def test_an_older_failure_that_is_read_late_does_not_change_the_cause() -> None:
    """The newest failure says what it is, whenever it was read."""
    world = filed(3, 4, says=make_diagnosis(Cause.CREDENTIAL_INVALID))
    world.fails(2)

    assert [("update", "1 more failed run")] == world.sweep()
    assert "credential_invalid" == world.marker().cause
    assert "Cause `credential_invalid`" in world.issues[1].body
    assert "not recognised" in world.issues[1].title


def test_a_run_from_a_fork_does_not_change_the_cause() -> None:
    """It gets no secrets, so of course nothing was sent."""
    world = filed(1, 2, says=make_diagnosis(Cause.CREDENTIAL_INVALID))
    world.fails(3, event="pull_request", head_repository="someone/octo-app")

    assert silent(world)
    assert "credential_invalid" == world.marker().cause


def test_a_workflow_that_goes_after_its_proof_has_proven_it() -> None:
    """Two good runs, then it was disabled: resolved, not given up."""
    world = filed(1, 2)
    world.works(3, 4)
    world.gone = {7: "its workflow is disabled"}

    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep()
    assert "- [x] The next 2 eligible runs" in world.issues[1].body


def test_a_migrated_stream_that_was_not_the_last_to_fail_recovers_too() -> None:
    """The first schema has one time for all streams."""
    world = filed(1, 2)
    world.fails(9, workflow=DEPLOY)
    world.sweep()
    marker = (
        '<!-- failure-investigator:v1 {"fingerprint":"v1:credential:openai:OPENAI_API_KEY","repository":"octo-org/octo-app",'
        '"state":"open","runs":["1009.1/10090","1002.1/10020","1001.1/10010"],"cursors":{"octo-org/octo-app:7:default":"1002.1",'
        '"octo-org/octo-app:8:default":"1009.1"},"total":3,"read":3,"first_seen":"2026-05-04T01:00:00Z",'
        '"last_seen":"2026-05-04T09:00:00Z","cause":"credential_missing","service":"openai","status":401} -->'
    )
    world.edit(1, body=f"{marker}\n{world.issues[1].body.partition(chr(10))[2]}")
    world.works(10, 11)
    world.works(12, 13, workflow=DEPLOY)

    assert [("comment", "resolved"), ("close", "resolved")] == world.sweep(NOW + DAY)


def test_a_listing_that_was_cut_short_closes_nothing() -> None:
    """Nor does it take back what was seen."""
    world = filed(1, 2)
    world.works(3)
    world.sweep()
    world.works(4)
    world.complete = False
    world.sweep()
    assert ("open", "", "recovering") == world.state

    world.forget(3, 4)
    world.sweep()
    assert ("1003.1", "1004.1") == tuple(good.run for good in world.marker().streams[KEY].good)
    assert silent(world)


def test_what_nobody_could_look_at_takes_nothing_back() -> None:
    """The budget's reserve was reached before the jobs of the green run were asked for."""
    world = filed(1, 2)
    world.works(3)
    world.sweep()
    del world.jobs["1003.1"]

    assert silent(world)
    assert ("open", "", "recovering") == world.state


def test_both_jobs_that_were_refused_have_to_succeed_in_later_sweeps_too() -> None:
    """The issue remembers one job of a run, and its stream all that were refused."""
    world = World()
    world.fails(1, 2)
    run = world.runs[1002]
    world.refused[run.key] = (("notify", make_diagnosis()), ("publish", make_diagnosis()))
    world.jobs[run.key] = (make_job(run, "notify", id=1), make_job(run, "publish", id=2))
    world.sweep()
    world.works(3, 4, jobs={"notify": "success", "publish": "skipped"})

    assert silent(world)
    assert ("notify", "publish") == world.marker().streams[KEY].jobs


def test_a_person_reopens_an_abandoned_issue_where_the_tracker_knows_no_times() -> None:
    """It is not closed again by what closed it."""
    world = filed(1, 2)
    world.gone = {7: "its workflow was deleted"}
    world.sweep()
    world.edit(1, state="open", state_reason="", closed_at=None, closed_by="")
    world.sweep()

    assert ("open", "", "dormant") == world.state
    assert silent(world)


def test_a_workflow_is_named_once_however_many_of_its_streams_failed() -> None:
    """Also where one of them is not listed any more, or the workflow was renamed."""
    world = filed(1, 2)
    world.fails(3, branch="stable")
    world.sweep()
    world.forget(1, 2, 3)
    world.fails(4, branch="stable", workflow=Workflow(7, "Every night", ".github/workflows/nightly.yml"))
    world.sweep()

    assert ["Every night"] == [workflow.name for workflow in world.groups()[0].incident.workflows]
    assert world.issues[1].title.startswith("Every night: ")
