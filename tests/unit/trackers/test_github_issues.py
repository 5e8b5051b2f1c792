"""The bot's own issues on GitHub: how they are found, and what of them is believed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.factory import NOW, make_marker
from tests.unit.sources.conftest import API, TOKEN, Answer, Asked, Hub

from failure_investigator.errors import IncompleteError, RefusedError, TargetError, UnknownError
from failure_investigator.trackers.github_issues import GitHubIssues
from failure_investigator.trackers.marker import wrap

REPOSITORY = "octo-org/octo-app"
ISSUES = f"/repos/{REPOSITORY}/issues"
BODY = wrap(make_marker(), "said")
BOT = "github-actions[bot]"


def issue_json(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An open issue of the bot's as the API tells it."""
    plain = {
        "number": number, "title": "t", "body": BODY, "state": "open", "state_reason": None, "user": {"login": BOT},
        "labels": [{"name": "a"}], "closed_at": None, "html_url": f"u/{number}",
    }  # fmt: skip
    return plain | changes


def tracker(hub: Hub, token: str = TOKEN, **options: Any) -> GitHubIssues:
    """A tracker that knows nothing but the hub."""
    return GitHubIssues(token, API, REPOSITORY, clock=lambda: NOW, sleep=hub.slept.append, **options)


def lists(opened: list[dict[str, Any]], closed: list[dict[str, Any]] | None = None) -> Any:
    """The listing of both states, a hundred a page."""

    def answer(asked: Asked) -> Answer:
        items = opened if asked.query["state"] == "open" else closed or []
        page = int(asked.query.get("page", "1"))
        return Answer(items[(page - 1) * 100 : page * 100])

    return answer


def test_own_issues_are_listed_open_ones_all_and_closed_ones_of_a_hundred_days(hub: Hub) -> None:
    """By creator, newest updated first; no search and no label."""
    closed = issue_json(2, state="closed", state_reason="completed", closed_at="2026-05-01T00:00:00Z")
    hub.rules[ISSUES] = lists([issue_json(1)], [closed])

    memory = tracker(hub).observe()

    assert [(1, "open", None), (2, "closed", datetime(2026, 5, 1, tzinfo=UTC))] == [
        (issue.number, issue.state, issue.closed_at) for issue in memory.issues
    ]
    common = {"creator": BOT, "sort": "updated", "direction": "desc", "per_page": "100"}
    assert [{**common, "state": "open"}, {**common, "state": "closed", "since": "2026-01-24T12:00:00Z"}] == [
        asked.query for asked in hub.journal
    ]


def test_what_is_not_the_bots_or_not_believed_is_left_out_and_told(hub: Hub) -> None:
    """Another author, a pull request, a forged marker, one that a person took over."""
    forged, taken = BODY.replace(REPOSITORY, "a/b"), BODY.partition("\n")[2]
    hub.rules[ISSUES] = lists(
        [
            issue_json(1, user={"login": "mallory"}),
            issue_json(2, pull_request={}),
            issue_json(3, body=forged),
            issue_json(4, body=taken),
            issue_json(5, body="by hand"),
            issue_json(6, body=BODY.replace("\n", "\r\n")),
        ]
    )

    memory = tracker(hub).observe()

    assert [6] == [issue.number for issue in memory.issues]
    assert ["#3: its marker names another repository (a/b)"] == list(memory.rejected)
    assert [(4, make_marker().fingerprint)] == list(memory.handed_over)


def test_more_pages_than_are_read_are_an_error(hub: Hub) -> None:
    """What was not seen may be there."""
    hub.rules[ISSUES] = lists([issue_json(number) for number in range(2100)])

    with pytest.raises(IncompleteError, match="more than 2000 open issues"):
        tracker(hub).observe()


@pytest.mark.parametrize(
    ("status", "error"), [(403, RefusedError), (404, UnknownError), (410, TargetError), (502, IncompleteError)]
)
def test_a_refused_listing_is_never_an_empty_one(hub: Hub, status: int, error: type[Exception]) -> None:
    """And says what is missing."""
    hub.rules[ISSUES] = Answer({"message": "no"}, status)

    with pytest.raises(error):
        tracker(hub).observe()


def test_a_known_issue_that_no_listing_shows_is_asked_for_singly(hub: Hub) -> None:
    """Closed long ago: it is taken; deleted or moved: forgotten; open: the listing was not whole."""
    hub.rules |= {
        ISSUES: lists([]),
        f"{ISSUES}/7": Answer(issue_json(7, state="closed")),
        f"{ISSUES}/8": Answer({}, 410),
    }
    assert [7] == [issue.number for issue in tracker(hub).observe([7, 8, 9]).issues]

    hub.rules[f"{ISSUES}/7"] = Answer(issue_json(7))
    with pytest.raises(IncompleteError, match="does not show the open issue #7"):
        tracker(hub).observe([7])


def test_who_closed_it_is_asked_for_and_what_was_known_stays(hub: Hub) -> None:
    """Listings leave it out; the time of a reopening came with the events."""
    again = issue_json(1, state_reason="reopened")
    events = [
        {"event": "reopened", "actor": {"login": BOT}, "created_at": "2026-05-03T00:00:00Z"},
        {"event": "reopened", "actor": {"login": "mona"}, "created_at": "2026-05-02T00:00:00Z"},
        {"event": "reopened", "actor": {"login": "mona"}, "created_at": "2026-05-01T00:00:00Z"},
        {"event": "labeled", "actor": {"login": "mona"}, "created_at": "2026-05-04T00:00:00Z"},
    ]
    hub.rules |= {
        ISSUES: lists([again]),
        f"{ISSUES}/1/events": Answer(events),
        f"{ISSUES}/1": Answer(again | {"closed_by": {"login": "stale[bot]", "type": "Bot"}}),
    }
    it = tracker(hub)

    [issue] = it.observe().issues
    detailed = it.details(issue)

    assert (datetime(2026, 5, 2, tzinfo=UTC), "", False) == (issue.reopened_at, issue.closed_by, issue.closed_by_bot)
    assert (issue.reopened_at, issue.marker) == (detailed.reopened_at, detailed.marker)
    assert ("stale[bot]", True) == (detailed.closed_by, detailed.closed_by_bot)


def test_an_issue_that_went_while_it_was_looked_at_is_as_it_was(hub: Hub) -> None:
    """404 on details, and on the events of one that was opened again."""
    hub.rules[ISSUES] = lists([issue_json(1, state_reason="reopened")])
    it = tracker(hub)
    [issue] = it.observe().issues

    assert issue == it.details(issue)


@pytest.mark.parametrize(
    ("token", "answer", "author"),
    [
        ("ghs_" + "x" * 36, Answer({"login": "never"}), BOT),
        ("ghp_" + "x" * 36, Answer({"login": "mona"}), "mona"),
        ("other", Answer({"message": "Resource not accessible by integration"}, 403), BOT),
    ],
)
def test_who_the_bot_is(hub: Hub, token: str, answer: Answer, author: str) -> None:
    """GITHUB_TOKEN may not ask; a person's token tells."""
    hub.rules |= {"/user": answer, ISSUES: lists([issue_json(1, user={"login": author})])}

    assert [1] == [issue.number for issue in tracker(hub, token).observe().issues]


def test_an_app_says_who_it_is(hub: Hub) -> None:
    """No question is asked."""
    hub.rules[ISSUES] = lists([issue_json(1, user={"login": "mine[bot]"})])

    assert [1] == [issue.number for issue in tracker(hub, bot_login="mine[bot]").observe().issues]
    assert [ISSUES, ISSUES] == hub.paths()


def test_what_was_closed_long_ago_is_recalled_by_its_fingerprints(hub: Hub) -> None:
    """Of any age, and no other."""
    hub.rules[ISSUES] = lists([], [issue_json(1, state="closed"), issue_json(2, state="closed", body="no marker")])
    mine = tracker(hub)

    assert [[1], []] == [
        [issue.number for issue in mine.recall(names)] for names in ({make_marker().fingerprint, "x"}, {"x"})
    ]
    assert "since" not in hub.journal[0].query
