"""How runs are listed: slices below the cap, pages, one workflow per id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from failure_investigator.errors import IncompleteError, RefusedError
from failure_investigator.model import Listing, Workflow
from failure_investigator.sources.run_listing import RunLister
from tests.unit.sources.conftest import run_json

START = datetime(2026, 5, 1, tzinfo=UTC)


class Api:
    """A run listing with GitHub's rules: filtered by `created`, newest first, 1,000 results at most."""

    def __init__(self, runs: list[dict[str, Any]], names: dict[int, str] | None = None) -> None:
        self.runs = sorted(runs, key=lambda run: str(run["created_at"]), reverse=True)
        self.names = names
        self.queries: list[dict[str, Any]] = []

    def get(self, path: str, query: dict[str, Any], doing: str) -> Any:
        if path.endswith("/actions/workflows"):
            if self.names is None:
                raise RefusedError(doing)
            listed = [{"id": number, "name": name} for number, name in self.names.items()]
            return {"total_count": len(listed), "workflows": listed}
        self.queries.append(query)
        first, _, last = query.get("created", "0..9").partition("..")
        found = [run for run in self.runs if first <= run["created_at"] <= last] if last else self.runs
        page, size = query.get("page", 1), query["per_page"]
        return {"total_count": len(found), "workflow_runs": found[:1000][(page - 1) * size : page * size]}

    def lister(self, page_cap: int = 100) -> RunLister:
        return RunLister(self.get, page_cap=page_cap)


def at(seconds: int, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A run created so many seconds after START."""
    moment = (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {"id": number, "created_at": moment, "run_started_at": moment, "updated_at": moment}
    return run_json(1, **(told | changes))


def test_more_than_the_cap_is_listed_in_slices() -> None:
    """2,500 runs in a day are all found, each once, although one query gives 1,000."""
    api = Api([at(number * 30, number) for number in range(2500)])
    listing = api.lister().window("octo/app", START, START + timedelta(days=1))
    assert (list(range(2499, -1, -1)), True, "") == ([run.id for run in listing.runs], listing.complete, listing.note)


def test_below_the_cap_one_query_and_its_pages_do() -> None:
    """250 runs cost three requests, all for completed runs of the window."""
    api = Api([at(number, number) for number in range(250)])
    assert len(api.lister().window("octo/app", START, START + timedelta(days=1)).runs) == 250
    created = "2026-05-01T00:00:00Z..2026-05-02T00:00:00Z"
    plain = {"status": "completed", "created": created, "per_page": 100}
    assert [plain, plain | {"page": 2}, plain | {"page": 3}] == api.queries


def test_a_second_with_more_than_the_cap_is_incomplete() -> None:
    """1,001 runs of one second cannot be told apart by time, and the listing says so."""
    api = Api([at(5, number) for number in range(1001)])
    listing = api.lister().window("octo/app", START, START + timedelta(minutes=1))
    assert (listing.complete, len(listing.runs)) == (False, 1000)
    assert listing.note == "octo/app has 1001 runs around 2026-05-01T00:00:05Z, more than GitHub lists"


def test_page_cap_keeps_the_newest_and_is_told() -> None:
    """When the page cap is reached, the oldest slices are missing and the note says from when on."""
    api = Api([at(number * 30, number) for number in range(2500)])
    listing = api.lister(page_cap=4).window("octo/app", START, START + timedelta(days=1))
    assert (listing.complete, listing.runs[0].id) == (False, 2499)
    assert listing.note.startswith("the listing of octo/app stopped after ")


def test_missing_page_is_incomplete() -> None:
    """A page that comes empty although more was announced does not pass for the end."""
    api = Api([at(1, 1)])
    whole = api.get

    def short(path: str, query: dict[str, Any], doing: str) -> Any:
        return whole(path, query, doing) | {"total_count": 7}

    listing = RunLister(short, page_cap=10).window("octo/app", START, START + timedelta(hours=1))
    assert (listing.complete, [run.id for run in listing.runs]) == (False, [1])


def test_answer_of_another_shape_is_an_error() -> None:
    """An answer without runs is an error that names the field, never an empty listing."""
    lister = RunLister(lambda _path, _query, _doing: {"total_count": 0}, page_cap=10)
    with pytest.raises(IncompleteError, match="workflow_runs: Field required"):
        lister.window("octo/app", START, START + timedelta(hours=1))


def test_later_attempt_of_a_run_wins() -> None:
    """A run that shows up twice while pages shift is kept once, at its later attempt."""
    api = Api([at(1, 5, run_attempt=1), at(1, 5, run_attempt=2)])
    assert [run.key for run in api.lister().window("octo/app", START, START + timedelta(hours=1)).runs] == ["5.2"]


def test_title_is_not_taken_for_the_workflow_name() -> None:
    """With `run-name:` the payload's name is the title; a run without it tells the workflow's name for all."""
    api = Api([at(2, 2, name="Deploy to prod", display_title="Deploy to prod"), at(1, 1)])
    runs = api.lister().window("octo/app", START, START + timedelta(hours=1)).runs
    expected = Workflow(7, "Nightly", ".github/workflows/nightly.yml")
    assert [expected, expected] == [run.workflow for run in runs]


@pytest.mark.parametrize(("names", "told"), [({7: "Deploy"}, "Deploy"), (None, "Deploy to prod")])
def test_doubtful_name_is_looked_up(names: dict[int, str] | None, told: str) -> None:
    """When only titles are known, the workflow list tells the name; a server without one costs only the nicer name."""
    api = Api([at(1, 1, name="Deploy to prod", display_title="Deploy to prod")], names)
    runs = api.lister().window("octo/app", START, START + timedelta(hours=1)).runs
    assert told == runs[0].workflow.name


def test_one_workflow_page_says_whether_there_is_more() -> None:
    """Following a stream costs one page, and is complete only when nothing is left behind it."""
    api = Api([at(number, number) for number in range(130)])
    listing = api.lister().workflow_page("octo/app", 7, {"branch": "main"})
    expected = (100, False, "100 of 130 older runs were looked at", 1)
    assert expected == (len(listing.runs), listing.complete, listing.note, len(api.queries))


def ids(listing: Listing) -> list[int]:
    """Which runs."""
    return [run.id for run in listing.runs]


def test_a_window_within_the_newest_page_costs_one_request_without_a_date() -> None:
    """The address is the same at any time; older runs of the page are no part of the answer."""
    api = Api([at(number * 600, number) for number in range(300)])
    start, end = START + timedelta(minutes=2900), START + timedelta(minutes=2990)
    assert list(range(299, 289, -1)) == ids(api.lister().recent("octo/app", start, end))
    assert [{"status": "completed", "per_page": 100}] == api.queries


def test_runs_after_the_window_are_no_part_of_it() -> None:
    """A run that began while the sweep was under way is the next one's."""
    api = Api([at(number, number) for number in range(10)])
    listing = api.lister().recent("octo/app", START, START + timedelta(seconds=5, microseconds=900_000))
    assert ([5, 4, 3, 2, 1, 0], True) == (ids(listing), listing.complete)


def test_further_pages_are_read_until_the_window_begins() -> None:
    """250 runs of the window and older ones cost three requests."""
    api = Api([at(number * 60, number) for number in range(500)])
    listing = api.lister().recent("octo/app", START + timedelta(minutes=250), START + timedelta(minutes=500))
    assert (list(range(499, 249, -1)), True, 3) == (ids(listing), listing.complete, len(api.queries))


def test_what_does_not_fit_into_the_cap_is_listed_by_date() -> None:
    """All 2,500 runs are found; after one page it is clear that ten would not do."""
    api = Api([at(number * 30, number) for number in range(2500)])
    listing = api.lister().recent("octo/app", START, START + timedelta(days=1))
    assert (list(range(2499, -1, -1)), True) == (ids(listing), listing.complete)
    assert [False, True, True] == ["created" in query for query in api.queries[:3]]


def test_a_dense_past_is_found_out_at_the_cap() -> None:
    """Ten pages of a listing that looked short are followed by the dated one, never by a cut answer."""
    api = Api([at(number, number) for number in range(1200)] + [at(90_000 + 400 * n, 5000 + n) for n in range(100)])
    start, end = START, START + timedelta(seconds=90_000 + 400 * 100)
    listing = api.lister().recent("octo/app", start, end)
    assert (1300, True) == (len(listing.runs), listing.complete)
    assert 9 < [query.get("created") for query in api.queries].index("2026-05-01T00:00:00Z..2026-05-02T12:06:40Z")


def test_a_missing_page_of_the_newest_is_incomplete() -> None:
    """A page that comes empty although more was announced does not pass for the end."""
    api = Api([at(1, 1)])
    whole = api.get

    def short(path: str, query: dict[str, Any], doing: str) -> Any:
        return whole(path, query, doing) | {"total_count": 7}

    listing = RunLister(short, page_cap=10).recent("octo/app", START, START + timedelta(hours=1))
    expected = ([1], False, "octo/app has 7 runs, and GitHub listed 1 of them")
    assert expected == (ids(listing), listing.complete, listing.note)


def test_only_the_newest_page_may_be_known() -> None:
    """Further ones are asked for as ever."""
    api = Api([at(number * 60, number) for number in range(250)])
    newest: list[dict[str, Any]] = []

    def get_newest(path: str, query: dict[str, Any], doing: str) -> Any:
        newest.append(query)
        return api.get(path, query, doing)

    RunLister(api.get, page_cap=100, get_newest=get_newest).recent("octo/app", START, START + timedelta(minutes=250))
    assert ([{"status": "completed", "per_page": 100}], 3) == (newest, len(api.queries))


def test_the_scheduled_runs_of_a_file_are_one_request() -> None:
    """By the file's name, whatever their status: the newest page, without asking for the workflow's name."""
    asked: list[tuple[str, dict[str, Any]]] = []
    api = Api([at(number, number, conclusion=None, name="t", display_title="t") for number in range(120)])

    def get(path: str, query: dict[str, Any], doing: str) -> Any:
        asked.append((path, query))
        return api.get(path, query, doing)

    listing = RunLister(get, page_cap=1).scheduled("octo/app", ".github/workflows/the bot.yml")

    path = "/repos/octo/app/actions/workflows/the%20bot.yml/runs"
    assert [(path, {"event": "schedule", "per_page": 100})] == asked
    assert (100, 119, False) == (len(listing.runs), listing.runs[0].id, listing.complete)
    assert {(".github/workflows/the bot.yml", "")} == {(run.workflow.path, run.conclusion) for run in listing.runs}


@pytest.mark.parametrize(
    ("count", "pages", "note"), [(130, 2, ""), (1000, 10, ""), (1001, 10, "1000 of 1001 runs were looked at")]
)
def test_a_few_workflow_pages_are_complete_when_they_are_all(count: int, pages: int, note: str) -> None:
    """Ten, newest first: all that GitHub gives."""
    api = Api([at(number, number) for number in range(count)])
    listing = api.lister().workflow_pages("octo/app", 7, {"branch": "main"})
    expected = (min(count, 1000), count - 1, not note, note, pages)
    assert expected == (len(listing.runs), listing.runs[0].id, listing.complete, listing.note, len(api.queries))
