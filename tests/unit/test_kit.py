"""What a sweep works with: settings with a configuration's text, packs and templates, from wherever the text came."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from failure_investigator.commands import Surroundings
from failure_investigator.console import Console
from failure_investigator.errors import ConfigError
from failure_investigator.kit import equipped, equipped_with, remembered
from failure_investigator.settings import Settings
from failure_investigator.signatures.scanner import built_in
from failure_investigator.sources.delegating import DelegatingSource
from failure_investigator.state import StateFile
from tests.unit.factory import NOW
from tests.unit.signatures.test_packs import PACK
from tests.unit.test_compose import Files

if TYPE_CHECKING:
    from pathlib import Path

    from failure_investigator.kit import Kit

FLAGS = {"organization": "octo-org", "issue-repository": "octo-org/tracker"}


def around(err: io.StringIO | None = None) -> Surroundings:
    """An empty environment."""
    shown = err or io.StringIO()
    return Surroundings({}, io.BytesIO(), io.StringIO(), shown, Console(shown, {}), lambda: NOW)


def with_text(text: str | None, files: dict[str, str] | None = None, err: io.StringIO | None = None) -> Kit:
    """The kit of an organisation's sweep with this configuration; `files` are at the default branch."""
    return equipped_with(text, Settings.load({}, FLAGS), FLAGS, WithFiles(files or {}), around(err))


class WithFiles(Files):
    """The snapshot with files at its default branch."""

    def __init__(self, files: dict[str, str]) -> None:
        from tests.unit.fanout.real import SNAPSHOT

        super().__init__(SNAPSHOT)
        self.files = files

    def file(self, repository: str, path: str, ref: str = "") -> str | None:  # noqa: ARG002 - the protocol's
        """See `Source.file`."""
        return self.files.get(path)

    def folder(self, repository: str, path: str) -> tuple[str, ...]:  # noqa: ARG002 - the protocol's
        """See `Source.folder`."""
        inside = f"{path.rstrip('/')}/"
        return tuple(name.removeprefix(inside) for name in self.files if name.startswith(inside))


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_configuration_everything_is_built_in() -> None:
    """And nothing is said."""
    kit = with_text(None)
    assert (built_in(), None, None, []) == (kit.scanner, kit.templates, kit.config, kit.notes)


def test_the_text_decides_and_travels() -> None:
    """Flags win; the issue repository may come from it."""
    kit = with_text("min-failures: 5\nlabels: x\n")
    assert (5, ("x",), "octo-org/tracker", "min-failures: 5\nlabels: x\n") == (
        kit.settings.min_failures, kit.settings.labels, kit.settings.issue_repository, kit.config,
    )  # fmt: skip
    bare = equipped_with("issue-repository: o/t\n", Settings.load({}, {}), {}, WithFiles({}), around())
    assert "o/t" == bare.settings.issue_repository


def test_packs_and_templates_are_loaded() -> None:
    """From where the configuration says."""
    files = {".github/packs/vault-corp.yml": PACK, ".github/ours/comment.md.j2": "ours: {{ message }}"}
    kit = with_text("signatures: .github/packs/*.yml\ntemplates: .github/ours\n", files)
    assert ("vault-corp" in kit.scanner.rulebook.services, True, []) == (True, kit.templates is not None, kit.notes)


def test_a_wrong_part_is_left_out_and_told() -> None:
    """At once, and in the notes."""
    err = io.StringIO()
    kit = with_text("signatures: .github/packs/*.yml\n", {".github/packs/vault-corp.yml": "id: x\n"}, err)
    assert (1, True, True) == (len(kit.notes), "is disabled" in kit.notes[0], kit.notes[0][:40] in err.getvalue())
    assert "vault-corp" not in kit.scanner.rulebook.services


def test_a_wrong_configuration_is_none() -> None:
    """An error with the line."""
    with pytest.raises(ConfigError, match=r"failure-investigator.yml:1: there is no key 'labls'"):
        with_text("labls: x\n")


def test_the_text_is_asked_for_where_the_issues_are() -> None:
    """An organisation's sweep has no repository of its own."""
    files = {".github/failure-investigator.yml": "min-failures: 7\n"}
    assert 7 == equipped(Settings.load({}, FLAGS), FLAGS, WithFiles(files), around()).settings.min_failures


def test_what_is_said_of_the_state() -> None:
    """What was wrong with it; nothing without one."""
    with StateFile(None, lambda: NOW) as state:
        state.notes.append("it starts anew")
        live = DelegatingSource(WithFiles({}))
        assert (("it starts anew",), ()) == (remembered(state, live), remembered(None, live))
