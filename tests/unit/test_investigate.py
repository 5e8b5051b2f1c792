"""The glue: what may be filed where, on sources and trackers of the test's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import failure_investigator
from failure_investigator.errors import TargetError
from failure_investigator.investigate import check_target, investigate
from failure_investigator.model import Repository
from failure_investigator.settings import Settings
from failure_investigator.sources.snapshot import SnapshotSource
from failure_investigator.trackers.directory import DirectoryTracker

if TYPE_CHECKING:
    from failure_investigator.render.report import Report

SNAPSHOT = Path(failure_investigator.__file__).parent / "demo" / "snapshot"
PUBLIC = Repository("octo-org/tracker", "public", "main")
SETTINGS = Settings(repository="octo-org/octo-app", issue_repository=PUBLIC.name)


class PrivateSource(SnapshotSource):
    """The founding incident, had it happened in a private repository."""

    def repository(self, name: str) -> Repository:
        """The swept one is private, the one for the issues public."""
        return PUBLIC if name == PUBLIC.name else replace(super().repository(name), visibility="private")


def swept(folder: Path, settings: Settings) -> Report:
    """A sweep of it."""
    source = PrivateSource(SNAPSHOT)
    return investigate(source, DirectoryTracker(folder, PUBLIC.name), settings, lambda: source.manifest.recorded_at)


def test_evidence_never_goes_where_more_people_may_read(tmp_path: Path) -> None:
    """Exit code 2, naming the repository; nothing is written."""
    with pytest.raises(TargetError, match="octo-org/tracker") as caught:
        swept(tmp_path, SETTINGS)

    assert (caught.value.exit_code, list(tmp_path.iterdir())) == (2, [])


def test_with_redact_private_only_counts_are_filed(tmp_path: Path) -> None:
    """No name, line or link of the private repository; the next sweep finds its issue again and is silent."""
    settings = replace(SETTINGS, redact_private=True)

    first = swept(tmp_path, settings)
    page = (tmp_path / "0001.md").read_text("utf-8")
    second = swept(tmp_path, settings)

    assert [change.change.verb for change in first.applied] == ["create"]
    assert [
        word
        for word in ("octo-app", "AI Moderator", "OPENAI_API_KEY", "Missing bearer", "api.openai.com")
        if word in page
    ] == []
    assert "4 failed runs, all read" in page
    assert [change.change.verb for change in second.applied] == ["none"]


def test_as_restricted_is_restricted_enough() -> None:
    """Public below internal below private."""
    source = PrivateSource(SNAPSHOT)
    private = source.repository("octo-org/octo-app")

    assert check_target(private, source, replace(SETTINGS, issue_repository=private.name)) is False
    assert check_target(PUBLIC, source, replace(SETTINGS, issue_repository=private.name)) is False


def test_the_same_sweep_gives_the_same_report(tmp_path: Path) -> None:
    """No clock inside: what is told depends on what was recorded."""
    source = SnapshotSource(SNAPSHOT)
    settings = Settings(
        repository="octo-org/octo-app", issue_repository="octo-org/octo-app", lookback=timedelta(hours=24)
    )

    one, two = (
        investigate(
            source,
            DirectoryTracker(tmp_path / name, "octo-org/octo-app"),
            settings,
            lambda: source.manifest.recorded_at,
        )
        for name in ("a", "b")
    )

    assert one.incidents == two.incidents
    assert (tmp_path / "a" / "0001.md").read_bytes() == (tmp_path / "b" / "0001.md").read_bytes()
