"""Issues as files: the same semantics as on GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.factory import REPOSITORY, make_marker

from failure_investigator.errors import IncompleteError
from failure_investigator.model import Change
from failure_investigator.trackers.directory import DirectoryTracker
from failure_investigator.trackers.marker import wrap

if TYPE_CHECKING:
    from pathlib import Path

BODY = wrap(make_marker(), "said")


def create(body: str = BODY) -> Change:
    """A create."""
    return Change("create", REPOSITORY, "why", make_marker().fingerprint, title="A --> title", body=body, labels=("a",))


def test_an_issue_is_observed_as_it_was_created(tmp_path: Path) -> None:
    """Title, body, labels, marker."""
    tracker = DirectoryTracker(tmp_path / "issues", REPOSITORY)

    [done] = tracker.apply([create()])
    [issue] = tracker.observe().issues

    assert (1, done.url) == (done.number, str(tmp_path / "issues" / "0001.md"))
    assert ("A --> title", BODY, "open", ("a",)) == (issue.title, issue.body, issue.state, issue.labels)
    assert issue.marker == make_marker()


def test_updates_comments_closing_and_reopening(tmp_path: Path) -> None:
    """One after the other, on one file."""
    tracker = DirectoryTracker(tmp_path, REPOSITORY)
    list(tracker.apply([create()]))
    changes = [
        Change("update", REPOSITORY, "", number=1, title="New", body=wrap(make_marker(total=5), "more")),
        Change("comment", REPOSITORY, "", number=1, body="hello"),
        Change("close", REPOSITORY, "", number=1, state_reason="completed"),
    ]

    list(tracker.apply(changes))
    [closed] = tracker.observe().issues
    list(tracker.apply([Change("reopen", REPOSITORY, "", number=1, state_reason="reopened")]))
    [opened] = tracker.observe().issues

    assert ("New", "closed", "completed") == (closed.title, closed.state, closed.state_reason)
    assert (opened.state, opened.marker and opened.marker.total) == ("open", 5)
    assert (tmp_path / "0001.comments.md").read_text("utf-8") == "hello\n\n---\n\n"


def test_numbers_go_on_and_foreign_files_are_left_alone(tmp_path: Path) -> None:
    """A README in the folder is no issue."""
    (tmp_path / "README.md").write_text("mine", "utf-8")
    tracker = DirectoryTracker(tmp_path, REPOSITORY)

    assert [1, 2] == [done.number for done in tracker.apply([create(), create()])]
    assert (tmp_path / "README.md").read_text("utf-8") == "mine"


def test_what_is_not_believed_is_told(tmp_path: Path) -> None:
    """Forged markers, and issues that people took over."""
    tracker = DirectoryTracker(tmp_path, REPOSITORY)
    list(tracker.apply([create(BODY.replace(REPOSITORY, "a/b")), create(BODY.partition("\n")[2])]))

    memory = tracker.observe()

    assert ((), ((2, make_marker().fingerprint),)) == (memory.issues, memory.handed_over)
    assert ["0001.md: its marker names another repository (a/b)"] == list(memory.rejected)


def test_a_file_that_is_no_issue_stops_the_sweep(tmp_path: Path) -> None:
    """Nothing may be concluded from what could not be read."""
    (tmp_path / "0001.md").write_text("torn", "utf-8")

    with pytest.raises(IncompleteError, match="not an issue's header"):
        DirectoryTracker(tmp_path, REPOSITORY).observe()
