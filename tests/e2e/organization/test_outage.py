"""A service that fails in a large part of the organisation at once is out: one issue for it, and none beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.organization.company import NAME, OPENAI, PUSH, Company, at, pages

if TYPE_CHECKING:
    from tests.e2e.runner_place import Done

DOWN = [*PUSH, "error: RPC failed; HTTP 503 curl 22 The requested URL returned error: 503", "503 Service Unavailable"]
OUTAGE = "v1:outage:github"


def grow(company: Company, count: int, day: int = 0) -> None:
    """So many repositories in which all is well; with the tracker there is one more."""
    for number in range(count):
        company.succeeds(f"quiet-{number:02}", at(day, 1))


def down(company: Company, count: int, day: int = 0, lines: list[str] = DOWN) -> None:
    """So many repositories fail of GitHub's trouble, twice."""
    for number in range(count):
        for hour in (9, 10):
            company.fails(f"down-{number:02}", at(day, hour), lines)


def marks(company: Company) -> list[str]:
    """The fingerprint and state of every issue, in the order of their numbers."""
    begun = "<!-- failure-investigator:begin v1 "
    return [f"{one['body'].partition(begun)[2].partition(' -->')[0]} {one['state']}" for one in pages(company.tracker)]


def swept(company: Company, day: int = 0, hour: int = 12, shards: int = 0) -> Done:
    """A sweep that succeeds."""
    done = company.fan_out(at(day, hour), shards) if shards else company.investigate(at(day, hour))
    assert (0, "") == (done.code, done.stderr)
    return done


def test_one_issue_stands_for_the_service(company: Company) -> None:
    """Of its nine repositories, each with a fingerprint of its own; another cause keeps its issue."""
    grow(company, 10)
    down(company, 9)
    for hour in (9, 10):
        company.fails("eel", at(0, hour), OPENAI)
    swept(company)

    title, body = (company.tracker.issues[0][key] for key in ("title", "body"))
    assert [f"{OUTAGE} open", "v1:credential:openai:OPENAI_API_KEY open"] == marks(company)
    assert ("9 repositories: GitHub" in title, 9) == (True, body.count("- [ ]"))
    assert [] == [name for number in range(9) if (name := f"{NAME}/down-{number:02}") not in body]


def test_shards_see_the_same_outage(company: Company) -> None:
    """Each shard knows a part only; the report puts it together."""
    grow(company, 10)
    down(company, 9)
    swept(company, shards=3)
    assert [f"{OUTAGE} open"] == marks(company)


def test_four_repositories_are_no_outage(company: Company) -> None:
    """However large their part."""
    grow(company, 1)
    down(company, 4)
    swept(company)
    assert (3, []) == (len(marks(company)), [mark for mark in marks(company) if "outage" in mark])


def test_three_in_ten_are_no_outage(company: Company) -> None:
    """It has to be more; the tracker counts among those looked at."""
    grow(company, 13)
    down(company, 6)
    swept(company)
    assert [] == [mark for mark in marks(company) if "outage" in mark]


def test_one_more_than_three_in_ten_is_one(company: Company) -> None:
    """Six of nineteen."""
    grow(company, 12)
    down(company, 6)
    swept(company)
    assert [f"{OUTAGE} open"] == marks(company)


def test_a_cause_on_our_side_is_no_outage(company: Company) -> None:
    """Nine workflows that lack a permission are nine causes, however many they are."""
    down(company, 9, lines=PUSH)
    swept(company)
    assert (3, []) == (len(marks(company)), [mark for mark in marks(company) if "outage" in mark])


def test_runs_of_forks_make_no_outage(company: Company) -> None:
    """They are told and never counted."""
    for number in range(9):
        for hour in (9, 10):
            company.fails(
                f"down-{number:02}", at(0, hour), DOWN, event="pull_request", head_repository="mona/fork", branch="fix"
            )
    swept(company)
    assert [] == marks(company)


def test_it_ends_when_every_repository_has_recovered(company: Company) -> None:
    """Not before the last one; a repository that fails later of the same joins it."""
    grow(company, 10)
    down(company, 9)
    swept(company)
    for number in range(8):
        for hour in (1, 2):
            company.succeeds(f"down-{number:02}", at(1, hour))
    for hour in (1, 2):
        company.fails("late", at(1, hour), DOWN)
    swept(company, 1)
    first = marks(company)
    for name in ("down-08", "late"):
        for hour in (1, 2):
            company.succeeds(name, at(2, hour))
    swept(company, 2)

    assert ([f"{OUTAGE} open"], [f"{OUTAGE} closed"]) == (first, marks(company))
    told = [one["body"] for one in company.tracker.comments[1]]
    assert (2, True, True) == (len(told), "late" in told[0], "in each of 10 places" in told[1])


def test_issues_of_their_own_count_and_stay(company: Company) -> None:
    """Three repositories had theirs before the others failed too: all of them make the outage."""
    grow(company, 10)
    down(company, 3)
    swept(company)
    before = marks(company)
    for number in range(7):
        for hour in (11, 12):
            company.fails(f"down-{number:02}", at(0, hour), DOWN)
    swept(company, hour=13)

    assert ((3, []), [*before, f"{OUTAGE} open"]) == ((len(before), [m for m in before if OUTAGE in m]), marks(company))
    assert 4 == company.tracker.issues[-1]["body"].count("- [ ]")


def test_it_stays_one_issue_however_many_fail_again(company: Company) -> None:
    """More repositories than an issue has aliases for."""
    down(company, 25)
    swept(company)
    for number in range(25):
        company.fails(f"down-{number:02}", at(0, 12, 30), DOWN)
    swept(company, hour=13)

    body = company.tracker.issues[0]["body"]
    assert ([f"{OUTAGE} open"], True, 25) == (marks(company), "75 failed runs" in body, body.count("- [ ]"))
