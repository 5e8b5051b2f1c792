"""The stand-in itself: as strict as GitHub, so that a green end-to-end test means something."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from failure_investigator.model import Workflow
from tests.e2e.conftest import TOKEN
from tests.e2e.standin import Fault

if TYPE_CHECKING:
    from tests.e2e.standin import StandIn

REPO = "/repos/octo-org/octo-app"
BUSY = Workflow(77, "Busy", ".github/workflows/busy.yml")


class _Stay(HTTPRedirectHandler):
    """Redirects are answers here."""

    def redirect_request(self, *_: Any) -> None:
        """None: not followed."""


def ask(
    standin: StandIn, path: str, method: str = "GET", body: Any = None, token: str = TOKEN, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    """(status, decoded body, headers) of one request to the API, or to a whole address."""
    address = path if "://" in path else standin.api + path
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    data = json.dumps(body).encode() if body is not None else None
    request = Request(address, data, {**sent, **headers}, method=method)  # noqa: S310 - loopback
    try:
        with build_opener(_Stay).open(request) as answer:
            return _read(answer)
    except HTTPError as answer:
        with answer:
            return _read(answer)


def _read(answer: Any) -> tuple[int, Any, dict[str, str]]:
    data = answer.read()
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return answer.status, json.loads(data) if data[:1] in (b"{", b"[") else data, headers


@pytest.mark.parametrize(
    ("path", "token", "status", "message"),
    [
        (REPO, "nobody", 401, "Bad credentials"),
        ("/user", TOKEN, 403, "Resource not accessible by integration"),
        ("/repos/octo-org/nowhere", TOKEN, 404, "Not Found"),
        (f"{REPO}/actions/runs/1", TOKEN, 404, "Not Found"),
        (f"{REPO}/issues/1", TOKEN, 404, "Not Found"),
        (f"{REPO}/labels/none", TOKEN, 404, "Not Found"),
        (f"{REPO}/compare/0000000...1111111", TOKEN, 404, "Not Found"),
    ],
)
def test_refusals_are_githubs(standin: StandIn, path: str, token: str, status: int, message: str) -> None:
    """Status and message."""
    answered, body, _ = ask(standin, path, token=token)

    assert (status, message) == (answered, body["message"])


def test_a_missing_permission_is_told_in_the_header(standin: StandIn) -> None:
    """403 with what would be accepted, for reading and for writing."""
    standin.world.tokens[TOKEN].permissions.update(actions="", issues="read")

    status, _, headers = ask(standin, f"{REPO}/actions/runs")
    written, _, wanted = ask(standin, f"{REPO}/issues", "POST", {"title": "x"})

    assert (403, "actions=read") == (status, headers["x-accepted-github-permissions"])
    assert (403, "issues=write") == (written, wanted["x-accepted-github-permissions"])


@pytest.mark.parametrize("body", [{"title": "x" * 257}, {"title": "x", "body": "y" * 65537}, {"body": "y"}])
def test_an_issue_beyond_the_limits_is_not_taken(standin: StandIn, body: dict[str, str]) -> None:
    """Title of 256 and body of 65,536 characters, and a title at all."""
    status, _, _ = ask(standin, f"{REPO}/issues", "POST", body)

    assert (422, []) == (status, standin.world.issues)


def test_an_unchanged_answer_is_free(standin: StandIn) -> None:
    """304 to its ETag, and the limit does not move."""
    _, _, first = ask(standin, REPO)
    status, body, second = ask(standin, REPO, **{"If-None-Match": first["etag"]})

    assert (304, b"") == (status, body)
    assert first["x-ratelimit-remaining"] == second["x-ratelimit-remaining"]


def test_a_filtered_listing_ends_at_a_thousand(standin: StandIn) -> None:
    """The count tells the truth, the pages do not."""
    world = standin.world
    for number in range(1100):
        world.add_run(BUSY, world.now - timedelta(seconds=number), "success")

    _, last, headers = ask(standin, f"{REPO}/actions/runs?status=completed&per_page=100&page=10")
    _, beyond, _ = ask(standin, f"{REPO}/actions/runs?status=completed&per_page=100&page=11")
    _, first, linked = ask(standin, f"{REPO}/actions/runs?status=completed&per_page=100")

    assert (100, 0) == (len(last["workflow_runs"]), len(beyond["workflow_runs"]))
    assert (1100 + 9, "link" in headers) == (first["total_count"], False)
    assert f"<{standin.api}{REPO}/actions/runs?status=completed&per_page=100&page=2>" in linked["link"]


def test_created_takes_ranges_and_limits(standin: StandIn) -> None:
    """`A..B`, `>=` and `<=`, of the creation."""
    found = {
        wanted: ask(standin, f"{REPO}/actions/runs?created={quote(wanted)}")[1]["total_count"]
        for wanted in ("2026-04-17T17:00:00Z..2026-04-17T17:20:00Z", ">=2026-04-17T18:08:37Z", "<=2026-04-17T16:00:00Z")
    }

    assert [2, 2, 1] == list(found.values())


def test_logs_come_from_another_host_which_wants_no_token(standin: StandIn) -> None:
    """302 to a signed address; 400 to an Authorization header there; ranges are answered."""
    status, _, headers = ask(standin, f"{REPO}/actions/jobs/71230000103/logs")
    place = headers["location"]
    log = standin.world.logs[71230000103]

    assert (302, True) == (status, place.startswith("http://localhost:"))
    assert 400 == ask(standin, place)[0]
    assert (200, log) == ask(standin, place, token="")[:2]
    ranged = ask(standin, place, token="", Range="bytes=-5")
    assert (206, log[-5:], f"bytes {len(log) - 5}-{len(log) - 1}/{len(log)}") == (
        *ranged[:2],
        ranged[2]["content-range"],
    )


def test_an_expired_log_is_gone(standin: StandIn) -> None:
    """410 for the job's text and for the run's zip."""
    standin.world.gone.add(71230000103)

    told = [ask(standin, f"{REPO}/actions/{path}/logs")[0] for path in ("jobs/71230000103", "runs/24579781734")]
    assert [410, 410] == told


def test_search_lags(standin: StandIn) -> None:
    """What was filed just now is not found."""
    ask(standin, f"{REPO}/issues", "POST", {"title": "needle"})
    fresh = ask(standin, "/search/issues?q=needle")[1]["total_count"]
    standin.world.now += timedelta(minutes=30)

    assert (0, 1) == (fresh, ask(standin, "/search/issues?q=needle")[1]["total_count"])


def test_too_many_writes_meet_a_limit_that_no_header_told(standin: StandIn) -> None:
    """403 with Retry-After."""
    standin.world.writes_a_minute = 1
    first, _, told = ask(standin, f"{REPO}/labels", "POST", {"name": "one"})
    second, _, headers = ask(standin, f"{REPO}/labels", "POST", {"name": "two"})

    assert (201, True) == (first, int(told["x-ratelimit-remaining"]) > 1000)
    assert (403, "60") == (second, headers["retry-after"])


def test_labels_and_the_history_of_an_issue_are_kept(standin: StandIn) -> None:
    """Who put a label on and who closed it can be read."""
    ask(standin, f"{REPO}/issues", "POST", {"title": "one"})
    ask(standin, f"{REPO}/issues/1/labels", "POST", {"labels": ["investigator:mute"]})
    ask(standin, f"{REPO}/issues/1/labels/investigator%3Amute", "DELETE")
    ask(standin, f"{REPO}/issues/1", "PATCH", {"state": "closed", "state_reason": "not_planned"})

    _, events, _ = ask(standin, f"{REPO}/issues/1/events")
    _, issue, _ = ask(standin, f"{REPO}/issues/1")
    assert ["labeled", "unlabeled", "closed"] == [event["event"] for event in events]
    assert ("closed", "not_planned", "github-actions[bot]") == (
        issue["state"], issue["state_reason"], issue["closed_by"]["login"],
    )  # fmt: skip


def test_commits_are_compared_along_their_line(standin: StandIn) -> None:
    """`behind` is what keeps an old failure from reopening an issue."""
    old, new = "a" * 40, "b" * 40
    standin.world.ancestry = [old, new]

    told = [ask(standin, f"{REPO}/compare/{pair}")[1]["status"] for pair in (f"{old}...{new}", f"{new}...{old}")]
    assert ["ahead", "behind"] == told


def test_a_fault_strikes_as_often_as_it_says(standin: StandIn) -> None:
    """And then the answer is right again; the journal has both."""
    standin.world.faults.append(Fault("GET", f"{REPO}$", "status", status=502))

    assert [502, 200] == [ask(standin, REPO)[0] for _ in range(2)]
    assert [502, 200] == [entry.status for entry in standin.journal]
