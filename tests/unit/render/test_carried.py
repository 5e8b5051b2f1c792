"""What a page takes over from the page before, and what it does not."""

from __future__ import annotations

import pytest
from tests.unit.factory import NIGHTLY, REPOSITORY, make_finding, make_job, make_marker, make_run
from tests.unit.incidents.scene import filed

from failure_investigator.model import Finding, Workflow
from failure_investigator.render.carried import Carried, carried, rows, together
from failure_investigator.render.table import row
from failure_investigator.trackers.marker import wrap

HOSTILE = "x` | [9](https://evil.test) | 2099-01-01 00:00 | 1s | a | 1 | read |\n| @octocat"


@pytest.mark.parametrize(
    "finding",
    [
        make_finding(1),
        Finding(make_run(1), "inferred"),
        Finding(make_run(1, branch=""), "remembered", job_id=7),
        Finding(
            make_run(1, branch=HOSTILE, workflow=Workflow(7, HOSTILE, "w")), "read", make_job(make_run(1), HOSTILE), 7
        ),
        Finding(make_run(1, attempt=12, started_at=make_run(30).started_at), "read", make_job(make_run(1)), 7),
    ],
)
def test_a_row_is_read_back_as_it_was_written(finding: Finding) -> None:
    """Whatever names are in it."""
    made = row(finding, REPOSITORY)

    assert [made] == rows(f"| run |\n| --- |\n{made.line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "| [1](javascript:x) | W | – | 2026-05-04 01:00 | 10.0m | `main` | 1 | read |",
        "| 1 | W | – | 2026-05-04 01:00 | 10.0m | `main` | 1 | read |",
        "| [1](https://x.test) | W | – | yesterday | 10.0m | `main` | 1 | read |",
        "| [1](https://x.test) | W | – | 2026-05-04 01:00 | 10.0m | `main` | 1 | seen |",
        "| [1](https://x.test) | W | – | 2026-05-04 01:00 | 10.0m | `main` | 1 | read | more",
    ],
)
def test_a_row_of_another_form_is_left_out(line: str) -> None:
    """The body is anybody's."""
    assert rows(line) == []


def test_rows_are_put_together_each_run_once_newest_first() -> None:
    """The new line of a run takes the place of the old."""
    old = (row(make_finding(2, how="inferred"), REPOSITORY), row(make_finding(1), REPOSITORY))
    new = [row(make_finding(3), REPOSITORY), row(make_finding(2), REPOSITORY)]

    assert [*new, old[1]] == together(old, new)


@pytest.mark.parametrize(
    "change",
    [
        ("## Root cause", "## Cause"),
        ("## Root cause", "## Remediation"),
        ("## Root cause\n", "## Root cause\n\n## Root cause\n"),
        ("<!-- failure-investigator:end", "<!-- end"),
    ],
)
def test_a_page_of_another_form_gives_nothing(change: tuple[str, str]) -> None:
    """It is written anew."""
    body = filed(1, 2).issues[1].body

    assert carried(body) != Carried()
    assert carried(body.replace(*change)) == Carried()
    assert Carried() == carried(wrap(make_marker(), "said")) == carried("")


def test_the_sections_about_the_cause_stay_as_they_stand_when_no_log_is_read() -> None:
    """Sweep after sweep, also those that people do not see change."""
    world = filed(1, 2)
    first = carried(world.issues[1].body)
    world.forget(1, 2)
    for number in (3, 4):
        world.works(number)
        world.sweep()
        again = carried(world.issues[1].body)
        assert (first.lead, first.cause, first.remedy, first.rows) == (
            again.lead,
            again.cause,
            again.remedy,
            again.rows,
        )

    assert "closed" == world.issues[1].state
    assert f"{NIGHTLY.name}**" in first.lead
    assert REPOSITORY in first.rows[0].line
