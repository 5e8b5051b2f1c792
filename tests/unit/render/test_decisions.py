"""What a sweep did, told once an issue: in the summary, in the report and in the outputs."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.factory import NOW, REPOSITORY, make_diagnosis, make_finding, make_streak

from failure_investigator.commands.investigate import _annotate
from failure_investigator.model import Applied, Change, Counts, Incident
from failure_investigator.render.decisions import by_incident, decisions
from failure_investigator.render.report import Report, report_json
from failure_investigator.render.summary import missed_text, render_summary, terminal_text
from failure_investigator.runner import Runner

if TYPE_CHECKING:
    from failure_investigator.model import Verb

MARK = "v1:credential:openai:OPENAI_API_KEY"
PAGE = f"https://github.com/{REPOSITORY}/issues/7"


def done(verb: Verb, number: int | None = 7, deferred: str = "", **changes: Any) -> Applied:
    """One step; its page is told by all but comments and `none`."""
    url = "" if verb in ("none", "comment") or deferred else PAGE
    reason = changes.pop("reason", "2 good runs")
    return Applied(Change(verb, REPOSITORY, reason, MARK, number, **changes), number, url, deferred)


def report(*applied: Applied, **changes: Any) -> Report:
    """A sweep that found one incident."""
    incident = Incident(MARK, make_diagnosis(), (make_streak([make_finding()]),))
    since = NOW - timedelta(days=1)
    return Report(NOW, NOW, since, (REPOSITORY,), incidents=(incident,), applied=applied, **changes)


@pytest.mark.parametrize(
    ("steps", "words", "reason"),
    [
        ([done("comment"), done("close")], "closed, with a comment", "2 good runs"),
        ([done("comment"), done("reopen")], "reopened, with a comment", "2 good runs"),
        ([done("update")], "updated", "2 good runs"),
        ([done("none", None, reason="1 of 2 failed runs")], "none", "1 of 2 failed runs"),
        ([done("create", None, "dry run")], "to create", "2 good runs; left: dry run"),
        ([done("comment"), done("close", 7, "limit")], "to close, with a comment", "2 good runs; left: limit"),
        ([done("comment", 7, "limit"), done("close", 7, "limit")], "to close", "2 good runs; left: limit"),
        (
            [done("create"), done("comment", reason="duplicate of #3"), done("close", reason="duplicate of #3")],
            "created, closed, with a comment",
            "duplicate of #3",
        ),
    ],
)
def test_a_comment_is_part_of_what_it_tells(steps: list[Applied], words: str, reason: str) -> None:
    """One decision an issue, in words, with its reason and what was left."""
    [decision] = decisions(steps)

    assert (words, reason) == (decision.words, decision.reason)


def test_the_summary_has_one_row_an_incident() -> None:
    """What was done, the issue's link, and why; the terminal has one line."""
    shown = report(done("comment"), done("close", transition="resolved"))

    row = f"| closed, with a comment [\\#7]({PAGE}) | 2 good runs |"
    lines = [line for line in terminal_text(shown).splitlines() if "closed" in line]
    name = "Nightly: openai 401 credential_missing OPENAI_API_KEY"
    assert 1 == render_summary(shown).count(row)
    assert [f"closed, with a comment {PAGE}: {name} (2 good runs)"] == lines


def test_a_twin_s_row_is_its_own_and_the_report_names_the_incident_s_issue() -> None:
    """The duplicate is closed; the incident stays with the lower number."""
    twin = [done("comment", 9, reason="duplicate of #7"), done("close", 9, reason="duplicate of #7")]
    shown = report(done("none", reason="nothing new"), *twin)
    [incident] = report_json(shown)["incidents"]

    assert ["none", "closed, with a comment"] == [each.words for each in decisions(shown.applied)]
    assert (7, {"did": "none", "reason": "nothing new"}) == (incident["issue"], incident["decision"])
    assert 7 == by_incident(shown.applied)[MARK].number


def test_an_issue_is_in_an_output_once() -> None:
    """However many changes it got; what was left is in none."""
    shown = report(done("comment"), done("update"), done("update"), done("close", 8, "limit"))

    assert [{"repository": REPOSITORY, "number": 7}] == shown.numbers("update")
    assert [] == shown.numbers("close")


def test_the_counts_say_what_was_not_read_and_why() -> None:
    """Listed, eligible, failed, known, read, gone, left, and what it cost."""
    shown = report(
        counts=Counts(
            runs_listed=40, eligible_runs=36, failed_runs=30, known_before=1, logs_read=25, logs_gone=2, not_read=4,
            capped=3,
        )
    )  # fmt: skip
    page = render_summary(shown)

    rows = [
        "| runs listed | 40 |",
        "| eligible runs | 36 |",
        "| failed runs | 30 |",
        "| failed runs known from before | 1 |",
        "| logs read | 25 |",
        "| logs gone | 2 |",
        "| runs not read (caps) | 4 (3 beyond 25 of a stream) |",
        "| API requests | 0 |",
    ]
    counts = report_json(shown)["counts"]
    assert rows == [line for line in page.splitlines() if line in rows]
    assert (36, 1, 4, 3) == tuple(counts[key] for key in ("eligible_runs", "known_before", "not_read", "capped"))


def test_missed_schedules_are_told_everywhere() -> None:
    """In the summary, on the terminal, in the report, and as the first warning."""
    shown = report(done("update"), missed=(NOW,))
    stream = io.StringIO()
    _annotate(shown, Runner(stream, active=True))

    said = "Nothing ran for one time of this workflow's own schedule in the last 8 days: 2026-05-04 12:00 UTC."
    assert [True, True] == [said in text for text in (render_summary(shown), terminal_text(shown))]
    assert ["2026-05-04T12:00:00Z"] == report_json(shown)["missed_schedules"]
    titles = [line.split("::")[1] for line in stream.getvalue().splitlines()]
    name = "Nightly%3A openai 401 credential_missing OPENAI_API_KEY"
    assert ["warning title=Missed schedules", f"warning title={name}"] == titles


def test_many_missed_times_are_counted() -> None:
    """The newest five are named."""
    text = missed_text(report(missed=tuple(NOW + timedelta(hours=hour) for hour in range(8))))

    assert (True, True, False) == ("8 times" in text, "and 3 before" in text, "12:00" in text)


def test_a_sweep_that_missed_nothing_says_nothing_of_it() -> None:
    """Neither words nor a warning."""
    assert ("", False) == (missed_text(report()), "Missed" in render_summary(report()))


def test_an_issue_gets_one_annotation() -> None:
    """With what was done and its page; a decision to do nothing gets none."""
    stream = io.StringIO()
    runner = Runner(stream, active=True)
    _annotate(report(done("comment"), done("close", title="Nightly: OpenAI answers 401")), runner)
    _annotate(report(done("none")), runner)

    title = "Nightly%3A OpenAI answers 401"
    expected = f"::warning title={title}::closed, with a comment: 2 good runs {PAGE}\n"
    assert expected == stream.getvalue()
