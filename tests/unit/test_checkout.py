"""Files of the swept repository: those of the checkout before those of the default branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.checkout import names_in, text_of
from failure_investigator.settings import Settings
from tests.unit.test_packfiles import NAME, SNAPSHOT, Branch

if TYPE_CHECKING:
    from pathlib import Path

PATH = ".github/ours/a.txt"


def branch() -> Branch:
    """A default branch with one file."""
    made = Branch(SNAPSHOT)
    made.files = {PATH: "branch"}
    return made


def test_the_checkout_s_file_wins_and_a_link_out_of_it_does_not_count(tmp_path: Path) -> None:
    """What is in neither is told as None."""
    home = tmp_path / "home"
    settings = Settings(repository=NAME, workspace=home)
    place = home / PATH
    place.parent.mkdir(parents=True)
    (tmp_path / "outside").write_text("outside")
    before = text_of(settings, branch(), PATH)
    place.symlink_to(tmp_path / "outside")
    linked = text_of(settings, branch(), PATH)
    place.unlink()
    place.write_bytes(b"checkout \xff")

    assert ("branch", "branch", "checkout \ufffd") == (before, linked, text_of(settings, branch(), PATH))
    assert None is text_of(settings, branch(), ".github/ours/b.txt")


def test_the_names_of_a_folder_are_sorted(tmp_path: Path) -> None:
    """A folder that is not there has none."""
    for name in ("b", "a"):
        (tmp_path / name).touch()
    settings = Settings(workspace=tmp_path)

    assert (["a", "b"], []) == (names_in(settings, ""), names_in(settings, "nowhere"))
