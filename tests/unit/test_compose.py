from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

import failure_investigator
from failure_investigator.compose import configured, github_source, opened_source, opened_tracker, protect
from failure_investigator.console import Console
from failure_investigator.errors import ConfigError, UsageError
from failure_investigator.runner import Runner
from failure_investigator.settings import Settings
from failure_investigator.sources.github import GitHubSource
from failure_investigator.sources.snapshot import SnapshotSource
from failure_investigator.trackers.directory import DirectoryTracker
from failure_investigator.trackers.github_issues import GitHubIssues

SNAPSHOT = Path(failure_investigator.__file__).parent / "demo" / "snapshot"
TOKEN = "gh" + "s_" + "a1" * 20
RECORDED = "octo-org/octo-app"


class Files(SnapshotSource):
    """The bundled snapshot with a configuration at its default branch."""

    text: str | None = None
    asked: tuple[str, str, str] | None = None

    def file(self, repository: str, path: str, ref: str = "") -> str | None:
        """The text given, whatever is asked."""
        self.asked = (repository, path, ref)
        return self.text


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a configuration."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def now() -> datetime:
    """A fixed time."""
    return datetime(2030, 1, 1, tzinfo=UTC)


def settings(**environ: str) -> Settings:
    """Settings from the environment."""
    return Settings.load({"GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "o/r", **environ}, {})


def test_a_repository_is_swept_on_github() -> None:
    """With the clock of now and the issues there."""
    with opened_source(settings(), now) as opened, opened_tracker(opened.settings, now) as tracker:
        assert (GitHubSource, GitHubIssues) == (type(opened.source), type(tracker))
        assert ("o/r", now()) == (tracker.repository, opened.clock())


def test_a_snapshot_is_swept_as_of_its_recording_into_a_directory() -> None:
    """Never into issues: what it tells is long past. The repository is the recorded one, whatever runs us."""
    asked = Settings.load({"GITHUB_REPOSITORY": "o/r", "GITHUB_TOKEN": TOKEN}, {"snapshot": str(SNAPSHOT)})
    with opened_source(asked, now) as opened, opened_tracker(opened.settings, now) as tracker:
        assert (SnapshotSource, DirectoryTracker) == (type(opened.source), type(tracker))
        assert (RECORDED, RECORDED, RECORDED) == (
            opened.settings.repository,
            opened.settings.issue_repository,
            tracker.repository,
        )
        assert 2026 == opened.clock().year


def test_another_issue_repository_stays() -> None:
    """A snapshot changes what is swept, not where somebody wants the issues."""
    asked = Settings.load({"GITHUB_REPOSITORY": "o/r"}, {"snapshot": str(SNAPSHOT), "issue-repository": "o/issues"})
    with opened_source(asked, now) as opened:
        assert "o/issues" == opened.settings.issue_repository


def test_github_needs_a_token() -> None:
    """The error says where to put it."""
    with pytest.raises(UsageError, match="No token is given"):
        github_source(Settings(repository="o/r"))


def test_the_checkout_s_configuration_wins(nowhere: Path) -> None:
    """No request is made for what lies there."""
    (nowhere / "c.yml").write_text("min-failures: 7\n")
    source = Files(SNAPSHOT)
    source.text = "min-failures: 9\n"
    flags = {"config": "c.yml"}

    made = configured({}, flags, source, Settings.load({}, flags))

    assert (7, None) == (made.min_failures, source.asked)


def test_without_a_checkout_the_default_branch_is_asked(nowhere: Path) -> None:
    """The swept repository stays the one that the source knows."""
    source = Files(SNAPSHOT)
    source.text = "min-failures: 9\nissue-repository: o/issues\n"
    with opened_source(Settings.load({}, {"snapshot": str(SNAPSHOT)}), now) as opened:
        made = configured({}, {}, source, opened.settings)

    assert (9, RECORDED, "o/issues") == (made.min_failures, made.repository, made.issue_repository)
    assert (RECORDED, ".github/failure-investigator.yml", "") == source.asked


def test_no_configuration_is_fine_unless_one_was_named(nowhere: Path) -> None:
    """The default path may be empty; a named one may not."""
    first = Settings.load({}, {})

    assert first == configured({}, {}, Files(SNAPSHOT), first)
    with pytest.raises(ConfigError, match=r"no configuration x\.yml"):
        configured({}, {}, Files(SNAPSHOT), Settings.load({}, {"config": "x.yml"}))


def test_a_configuration_that_is_no_text_is_an_error(nowhere: Path) -> None:
    """One line, no traceback."""
    (nowhere / "c.yml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"Cannot read c\.yml"):
        configured({}, {}, Files(SNAPSHOT), Settings.load({}, {"config": "c.yml"}))


def test_the_token_is_masked() -> None:
    """Before anything else can print it."""
    stream = io.StringIO()
    protect(settings(), Runner(stream, active=True), Console(io.StringIO(), {}))

    assert f"::add-mask::{TOKEN}\n" == stream.getvalue()
