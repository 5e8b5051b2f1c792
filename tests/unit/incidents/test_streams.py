"""Streams: which runs belong together."""

from __future__ import annotations

import pytest
from tests.unit.factory import NIGHTLY, REPOSITORY, make_run

from failure_investigator.incidents.streams import stream_of, streams
from failure_investigator.model import StreamKey


@pytest.mark.parametrize(
    ("changes", "kind", "branch"),
    [
        ({}, "default", ""),
        ({"event": "issues"}, "default", ""),
        ({"event": "workflow_dispatch"}, "default", ""),
        ({"branch": "release/2.x"}, "branch", "release/2.x"),
        ({"branch": "fix-typo", "event": "push"}, "pull_request", ""),
        ({"branch": "v1.2.3", "event": "release"}, "pull_request", ""),
        ({"branch": "fix-typo", "event": "pull_request"}, "pull_request", ""),
        ({"branch": "main", "event": "pull_request", "head_repository": "someone/octo-app"}, "none", ""),
        ({"event": "pull_request", "head_repository": ""}, "none", ""),
        ({"event": "push", "actor": "dependabot[bot]"}, "none", ""),
    ],
)
def test_a_run_belongs_to_one_class(changes: dict[str, str], kind: str, branch: str) -> None:
    """Default branch, long-lived branch, all other heads together, or none for runs without secrets."""
    assert StreamKey(REPOSITORY, NIGHTLY.id, kind, branch) == stream_of(make_run(1, **changes), "main")  # type: ignore[arg-type]


def test_the_branches_input_says_which_branches_live_long() -> None:
    """Globs replace the convention."""
    run = make_run(1, branch="edge", event="push")

    assert stream_of(run, "main").kind == "pull_request"
    assert StreamKey(REPOSITORY, NIGHTLY.id, "branch", "edge") == stream_of(run, "main", ("edge*",))


def test_a_stream_is_newest_first_and_holds_a_run_once_at_its_latest_attempt() -> None:
    """A re-run replaces the attempt before it, wherever the listing shows both."""
    first, again, later = make_run(1), make_run(1, "success", attempt=2), make_run(2)

    found = streams([first, later, again], "main")

    assert [(later, again)] == [stream.runs for stream in found.values()]
