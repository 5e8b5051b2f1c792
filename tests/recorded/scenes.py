"""What is asked in each cassette: the same calls record it and check it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from failure_investigator.errors import InvestigatorError
from failure_investigator.model import StreamKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from failure_investigator.sources.github import GitHubSource

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
TOKEN = "gh" + "s_" + "r" * 40


def repository(source: GitHubSource) -> Any:
    """The repository itself."""
    return source.repository("octo/app")


def listing(source: GitHubSource) -> Any:
    """The runs of two days, and what the stream had before."""
    found = source.runs(source.repository("octo/app"), NOON - timedelta(days=2), NOON)
    older = source.follow(StreamKey("octo/app", 7, "default"), found.runs[-1].started_at, "main")
    return [run.key for run in (*found.runs, *older.runs)]


def text_log(source: GitHubSource) -> Any:
    """The log of one failed job."""
    run = source.runs(source.repository("octo/app"), NOON - timedelta(days=2), NOON).runs[0]
    return source.logs(run, source.jobs(run)[:1])


def zip_logs(source: GitHubSource) -> Any:
    """The logs of two failed jobs of a run."""
    run = source.runs(source.repository("octo/app"), NOON - timedelta(days=2), NOON).runs[0]
    return source.logs(run, source.jobs(run))


def files(source: GitHubSource) -> Any:
    """A file that exists, and one that does not."""
    path = ".github/workflows/nightly.yml"
    return [source.file("octo/app", path, "c0ffee"), source.file("octo/app", ".github/none.yml")]


def refusals(source: GitHubSource) -> Any:
    """What GitHub refuses: unknown repository, bad token, missing permission."""
    locked = source.repository("octo/app")
    asks: list[Callable[[], Any]] = [
        lambda: source.repository("octo/none"),
        lambda: source.repository("octo/bad-token"),
        lambda: source.runs(type(locked)("octo/locked", "public", "main"), NOON, NOON),
    ]
    lines = []
    for ask in asks:
        try:
            ask()
        except InvestigatorError as error:
            lines.append(error.line())
    return lines


SCENES: dict[str, Callable[[GitHubSource], Any]] = {
    scene.__name__: scene for scene in (repository, listing, text_log, zip_logs, files, refusals)
}
