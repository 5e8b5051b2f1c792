"""Where packs are looked for, and what is said about those that are not there."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import failure_investigator
from failure_investigator.packfiles import library_of, pack_paths
from failure_investigator.settings import Settings
from failure_investigator.sources.snapshot import SnapshotSource
from tests.unit.signatures.test_packs import PACK

if TYPE_CHECKING:
    from collections.abc import Mapping

SNAPSHOT = Path(failure_investigator.__file__).parent / "demo" / "snapshot"
NAME = "octo-org/octo-app"


class Branch(SnapshotSource):
    """A default branch with these files below `.github/`."""

    files: Mapping[str, str] = MappingProxyType({})

    def file(self, repository: str, path: str, ref: str = "") -> str | None:  # noqa: ARG002 (the protocol's signature)
        """The text given."""
        return self.files.get(path)

    def folder(self, repository: str, path: str) -> tuple[str, ...]:  # noqa: ARG002 (the protocol's signature)
        """The names of those in the folder."""
        return tuple(sorted(name.rpartition("/")[2] for name in self.files if name.rpartition("/")[0] == path))


def branch(**files: str) -> Branch:
    """Files of `.github/packs/` by stem."""
    made = Branch(SNAPSHOT)
    made.files = {f".github/packs/{stem}.yml": text for stem, text in files.items()}
    return made


def settings(workspace: Path, *packs: str) -> Settings:
    """With a checkout."""
    return Settings(repository=NAME, workspace=workspace, signatures=packs)


def test_no_pack_named_costs_nothing(tmp_path: Path) -> None:
    """The built-in library is used as it is."""
    assert library_of(settings(tmp_path), branch(corp=PACK)) is None


def test_a_glob_is_resolved_in_the_checkout_first(tmp_path: Path) -> None:
    """Else at the default branch; each pack once."""
    asked = settings(tmp_path, ".github/packs/*.yml", ".github/packs/b.yml")
    from_branch = pack_paths(asked, branch(b=PACK, a=PACK)).found
    (tmp_path / ".github" / "packs").mkdir(parents=True)
    (tmp_path / ".github" / "packs" / "c.yml").write_text(PACK)

    assert (".github/packs/a.yml", ".github/packs/b.yml") == from_branch
    assert (".github/packs/c.yml", ".github/packs/b.yml") == pack_paths(asked, branch(b=PACK, a=PACK)).found


def test_what_is_missing_is_told_and_the_rest_is_used(tmp_path: Path) -> None:
    """A typo in the list does not end the sweep."""
    library = library_of(
        settings(tmp_path, ".github/x/*.yml", ".github/packs/no.yml", ".github/packs/corp.yml"), branch(corp=PACK)
    )

    assert library is not None
    assert "corp/sealed-off" in library.scanner.rulebook.signatures
    assert (
        "no signature pack is called .github/x/*.yml",
        "the signature pack .github/packs/no.yml is neither in the checkout nor at the default branch",
    ) == library.notes


def test_a_link_out_of_the_checkout_is_not_followed(tmp_path: Path) -> None:
    """A pack of the checkout lies in the checkout."""
    (tmp_path / "home" / ".github").mkdir(parents=True)
    (tmp_path / "outside.yml").write_text("password: hunter2\n")
    (tmp_path / "home" / ".github" / "corp.yml").symlink_to(tmp_path / "outside.yml")
    library = library_of(settings(tmp_path / "home", ".github/corp.yml"), branch())

    assert library is not None
    assert (
        "the signature pack .github/corp.yml is neither in the checkout nor at the default branch",
    ) == library.notes
