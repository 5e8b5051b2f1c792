"""The live source against GitHub's rules: what it asks, what it takes, what it leaves out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from failure_investigator.errors import IncompleteError, RefusedError
from failure_investigator.model import JobLog, LogMember, Repository, Run, StreamKey, Workflow
from tests.unit.sources.conftest import Answer, Asked, Hub, job_json, run_json, runs_page

REPOSITORY = Repository("octo/app", "private", "main", url="https://github.test/octo/app")
RUNS = "/repos/octo/app/actions/runs"
FOLLOWED = "/repos/octo/app/actions/workflows/7/runs"
JOBS = "/repos/octo/app/actions/runs/1003/attempts/1/jobs"
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STREAM = StreamKey("octo/app", 7, "default")


def one_run(hub: Hub) -> Run:
    """Run 1003 as the source tells it."""
    hub.rules[RUNS] = runs_page(run_json(3))
    return hub.source().runs(REPOSITORY, NOON - DAY, NOON).runs[0]


def test_repository_is_read(hub: Hub) -> None:
    """Visibility, default branch and whether issues are on come from one request."""
    told = {"full_name": "octo/app", "private": True, "visibility": "internal", "default_branch": "trunk"}
    hub.rules["/repos/octo/old"] = Answer(told | {"has_issues": False, "html_url": "u"})
    expected = Repository("octo/app", "internal", "trunk", has_issues=False, url="u")
    assert expected == hub.source().repository("octo/old")


def test_unknown_repository_is_refused(hub: Hub) -> None:
    """404 on the repository names it and says that it may be invisible."""
    with pytest.raises(RefusedError, match="octo/none is unknown, or invisible to this token"):
        hub.source().repository("octo/none")


def test_run_is_taken_field_by_field(hub: Hub) -> None:
    """A run carries its workflow without the ref, who triggered this attempt, and times in UTC."""
    start = datetime(2026, 5, 3, 6, tzinfo=UTC)
    expected = Run(
        repository="octo/app",
        id=1003,
        attempt=1,
        number=3,
        workflow=Workflow(7, "Nightly", ".github/workflows/nightly.yml"),
        title="Fix the docs",
        event="push",
        branch="main",
        head_sha="c0ffee",
        head_repository="octo/app",
        actor="hubot",
        conclusion="failure",
        created_at=start,
        started_at=start,
        updated_at=start + timedelta(minutes=10),
        url="https://github.test/octo/app/actions/runs/1003",
    )
    assert expected == one_run(hub)


def test_deleted_fork_and_missing_names_are_empty(hub: Hub) -> None:
    """What GitHub gives as null is the empty string, never a guess."""
    gone = run_json(3, head_repository=None, head_branch=None, actor=None, triggering_actor=None, run_started_at=None)
    hub.rules[RUNS] = runs_page(gone)
    run = hub.source().runs(REPOSITORY, NOON - DAY, NOON).runs[0]
    assert ("", "", "", run.created_at) == (run.head_repository, run.branch, run.actor, run.started_at)


def test_window_looks_back_by_the_longest_run(hub: Hub) -> None:
    """`created` filters the start of a run, so the query begins six hours before the window."""
    one_run(hub)
    expected = {"status": "completed", "created": "2026-05-02T06:00:00Z..2026-05-03T12:00:00Z", "per_page": "100"}
    assert expected == hub.journal[0].query


def test_runs_that_ended_before_the_window_are_left_out(hub: Hub) -> None:
    """A run that the longer query found but that ended earlier is no run of the window."""
    hub.rules[RUNS] = runs_page(run_json(3), run_json(2, updated_at="2026-05-02T11:59:59Z"))
    assert [run.id for run in hub.source().runs(REPOSITORY, NOON - DAY, NOON).runs] == [1003]


def test_own_workflow_is_left_out(hub: Hub) -> None:
    """The bot's own runs are not listed, in its own repository only."""
    hub.rules[RUNS] = runs_page(run_json(3), run_json(2, path=".github/workflows/other.yml", workflow_id=8))
    own = hub.source(own_workflow=".github/workflows/nightly.yml", own_repository="Octo/App")
    other = hub.source(own_workflow=".github/workflows/nightly.yml", own_repository="octo/else")
    start = NOON - 3 * DAY
    assert tuple([run.id for run in source.runs(REPOSITORY, start, NOON).runs] for source in (own, other)) == (
        [1002],
        [1003, 1002],
    )


@pytest.mark.parametrize(
    ("stream", "branch"),
    [
        (STREAM, "main"),
        (StreamKey("octo/app", 7, "branch", "release/1.x"), "release/1.x"),
        (StreamKey("octo/app", 7, "pull_request"), None),
    ],
)
def test_stream_is_followed_by_what_the_query_can_say(hub: Hub, stream: StreamKey, branch: str | None) -> None:
    """One page of the workflow's older runs is asked for, of the stream's branch if it has one."""
    hub.rules[FOLLOWED] = runs_page(run_json(2))
    listing = hub.source().follow(stream, NOON, "main")
    assert ([run.id for run in listing.runs], listing.complete, len(hub.journal)) == ([1002], True, 1)
    asked = ("<=2026-05-03T12:00:00Z", branch)
    assert asked == (hub.journal[0].query["created"], hub.journal[0].query.get("branch"))


def test_followed_runs_started_before(hub: Hub) -> None:
    """A re-run that started later than asked for is not older, whenever it was created."""
    hub.rules[FOLLOWED] = runs_page(run_json(2, run_started_at="2026-05-03T13:00:00Z"), run_json(1))
    assert [run.id for run in hub.source().follow(STREAM, NOON, "main").runs] == [1001]


def test_runs_without_secrets_are_not_followed(hub: Hub) -> None:
    """Fork and bot runs never move an incident, so following them costs nothing."""
    assert (hub.source().follow(StreamKey("octo/app", 7, "none"), NOON, "main").runs, hub.journal) == ((), [])


def test_all_pages_of_jobs_are_read(hub: Hub) -> None:
    """An attempt with more than a hundred jobs is read to the end."""

    def page(asked: Asked) -> Answer:
        first = (int(asked.query.get("page", "1")) - 1) * 100
        jobs = [job_json(number) for number in range(first, min(first + 100, 130))]
        return Answer({"total_count": 130, "jobs": jobs})

    run = one_run(hub)
    hub.rules[JOBS] = page
    assert list(range(130)) == [job.id for job in hub.source().jobs(run)]


def test_startup_failure_has_no_jobs(hub: Hub) -> None:
    """A run that never started has an empty list of jobs."""
    run = one_run(hub)
    hub.rules[JOBS] = Answer({"total_count": 0, "jobs": []})
    assert hub.source().jobs(run) == ()


def test_log_of_one_failed_job_is_its_text(hub: Hub) -> None:
    """One failed job costs one log request, and its log is the whole text."""
    run = one_run(hub)
    hub.rules |= {
        JOBS: Answer({"total_count": 1, "jobs": [job_json(5)]}),
        "/repos/octo/app/actions/jobs/5/logs": Answer(status=302, headers={"Location": "http://blob.test/5"}),
        "/5": Answer(b"text"),
    }
    source = hub.source()
    assert {5: JobLog((LogMember(b"text"),))} == source.logs(run, source.jobs(run))
    assert source.usage().requests == {"jobs": 1, "logs": 1}


def test_file_is_read_raw_and_once(hub: Hub) -> None:
    """A file's text comes with one request, however often it is asked for."""
    path = "/repos/octo/app/contents/.github/workflows/a%20b.yml"
    hub.rules[path] = Answer(b"{on: push}")
    source = hub.source()
    text = [source.file("octo/app", ".github/workflows/a b.yml", "c0ffee") for _ in range(2)]
    assert text == ["{on: push}", "{on: push}"]
    expected = [({"ref": "c0ffee"}, "application/vnd.github.raw+json")]
    assert expected == [(asked.query, asked.headers["accept"]) for asked in hub.journal]


def test_missing_file_is_none(hub: Hub) -> None:
    """404 says that the file does not exist."""
    assert hub.source().file("octo/app", "none.yml") is None


def test_failing_file_is_an_error(hub: Hub) -> None:
    """A refusal to give a file is not a missing file."""
    hub.rules["/repos/octo/app/contents/x.yml"] = Answer({"message": "Resource not accessible"}, 403)
    with pytest.raises(RefusedError, match="`contents: read`"):
        hub.source().file("octo/app", "x.yml")


def test_failing_listing_is_an_error(hub: Hub) -> None:
    """A listing that fails is never an empty listing."""
    hub.rules[RUNS] = Answer({"message": "Server Error"}, 500)
    with pytest.raises(IncompleteError, match="Could not list the workflow runs of octo/app"):
        hub.source().runs(REPOSITORY, NOON - DAY, NOON)


def test_missing_actions_right_names_the_entry(hub: Hub) -> None:
    """Without `actions: read` the error says what to add."""
    hub.rules[RUNS] = Answer({"message": "Resource not accessible by integration"}, 403)
    with pytest.raises(RefusedError, match="Add `actions: read` under `permissions:`"):
        hub.source().runs(REPOSITORY, NOON - DAY, NOON)


def test_budget_is_read_from_every_answer(hub: Hub) -> None:
    """When an answer tells that less than the reserve is left, the source is exhausted."""
    headers = {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "150"}
    hub.rules["/repos/octo/app/contents/x.yml"] = Answer(b"x", headers=headers)
    with hub.source() as source:
        source.file("octo/app", "x.yml")
    assert source.exhausted().startswith("150 of 1000 requests are left")


@pytest.mark.parametrize(
    ("stream", "branch"),
    [
        (STREAM, "main"),
        (StreamKey("octo/app", 7, "branch", "release/1.x"), "release/1.x"),
        (StreamKey("octo/app", 7, "pull_request"), None),
    ],
)
def test_runs_since_are_those_of_the_streams_workflow_and_branch(
    hub: Hub, stream: StreamKey, branch: str | None
) -> None:
    """Created at that moment or later; the bot's own are left out as everywhere."""
    hub.rules[FOLLOWED] = runs_page(run_json(3), run_json(2))

    listing = hub.source().since(stream, NOON - DAY, "main")
    own = hub.source(own_workflow=".github/workflows/nightly.yml", own_repository="octo/app").since(
        stream, NOON, "main"
    )

    assert listing is not None
    assert own is not None
    assert ([1003, 1002], True, ()) == ([run.id for run in listing.runs], listing.complete, own.runs)
    assert (">=2026-05-02T12:00:00Z", branch) == (hub.journal[0].query["created"], hub.journal[0].query.get("branch"))


def test_a_workflow_that_was_deleted_has_no_runs_since(hub: Hub) -> None:
    """404 on the workflow; any other error stays one."""
    assert hub.source().since(STREAM, NOON, "main") is None

    hub.rules[FOLLOWED] = Answer({"message": "Server Error"}, 500)
    with pytest.raises(IncompleteError):
        hub.source().since(STREAM, NOON, "main")


def test_states_of_all_workflows_are_read_once_and_to_the_end(hub: Hub) -> None:
    """A list that ends early is an error: one that is missing counts as deleted."""
    path = "/repos/octo/app/actions/workflows"

    def page(asked: Asked) -> Answer:
        first = (int(asked.query.get("page", "1")) - 1) * 100
        some = [{"id": n, "name": f"W{n}", "state": "active"} for n in range(first, min(first + 100, 130))]
        return Answer({"total_count": 130, "workflows": some})

    hub.rules[path] = page
    source = hub.source()
    assert dict.fromkeys(range(130), "active") == source.workflows("octo/app") == source.workflows("octo/app")
    assert [path, path] == hub.paths()

    hub.rules[path] = Answer({"total_count": 3, "workflows": []})
    with pytest.raises(IncompleteError, match="0 of 3 came"):
        hub.source().workflows("octo/app")


def test_states_that_a_server_does_not_list_are_not_known(hub: Hub) -> None:
    """Not an empty list: that would say that every workflow was deleted."""
    assert hub.source().workflows("octo/app") is None


def test_a_branch_is_there_or_was_deleted(hub: Hub) -> None:
    """404 says that it was; a refusal says nothing."""
    hub.rules["/repos/octo/app/branches/release/1.x%20y"] = Answer({"name": "release/1.x y"})
    assert [True, False] == [hub.source().branch("octo/app", name) for name in ("release/1.x y", "gone")]

    hub.rules["/repos/octo/app/branches/main"] = Answer({"message": "Resource not accessible by integration"}, 403)
    with pytest.raises(RefusedError, match="`contents: read`"):
        hub.source().branch("octo/app", "main")
