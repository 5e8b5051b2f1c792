"""Where templates are looked for, and what is said about those that are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure_investigator.render.markdown import render, using
from failure_investigator.settings import Settings
from failure_investigator.templatefiles import template_paths, templates_of
from tests.unit.test_packfiles import NAME, SNAPSHOT, Branch

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ".github/ours"
VALUES = {"message": "Hello.", "details": []}


def branch(**texts: str) -> Branch:
    """A default branch with templates by stem."""
    made = Branch(SNAPSHOT)
    made.files = {f"{FOLDER}/{stem}.md.j2": text for stem, text in texts.items()}
    return made


def settings(workspace: Path, folder: str = FOLDER) -> Settings:
    """With a checkout."""
    return Settings(repository=NAME, workspace=workspace, templates=folder)


def put(workspace: Path, name: str, text: str) -> None:
    """A file of the checkout's folder."""
    (workspace / FOLDER).mkdir(parents=True, exist_ok=True)
    (workspace / FOLDER / name).write_text(text)


def comment(workspace: Path, source: Branch) -> tuple[str, list[str]]:
    """A comment by the templates of the settings, and what is told."""
    told: list[str] = []
    with using(templates_of(settings(workspace), source, told.append)):
        return render("comment.md.j2", VALUES), told


def test_no_folder_costs_nothing(tmp_path: Path) -> None:
    """Ours are used as they are."""
    told: list[str] = []

    assert None is templates_of(settings(tmp_path, ""), branch(comment="x"), told.append)
    assert ((), ()) == template_paths(settings(tmp_path, ""), branch(comment="x"))


def test_the_checkout_comes_first(tmp_path: Path) -> None:
    """Else the default branch is asked."""
    source = branch(comment="branch: {{ message }}")
    from_branch = comment(tmp_path, source)
    put(tmp_path, "comment.md.j2", "checkout: {{ message }}")

    assert ("branch: Hello.\n", []) == from_branch
    assert ("checkout: Hello.\n", []) == comment(tmp_path, source)


def test_a_wrong_one_is_told_with_its_path_and_ours_is_used(tmp_path: Path) -> None:
    """Before anything is rendered with real values."""
    expected = ("Hello.\n", [f"the template {FOLDER}/comment.md.j2 is disabled: line 2: 'mesage' is undefined"])

    assert expected == comment(tmp_path, branch(comment="\n{{ mesage }}"))


def test_one_that_fails_with_real_values_is_told_too(tmp_path: Path) -> None:
    """What the samples did not show."""
    text = "{% if message == 'Hello.' %}{{ nothing }}{% endif %}{{ message }}"
    expected = ("Hello.\n", [f"the template {FOLDER}/comment.md.j2 is disabled: line 1: 'nothing' is undefined"])

    assert expected == comment(tmp_path, branch(comment=text))


def test_a_name_that_is_none_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """Other files may lie in the folder."""
    put(tmp_path, "issues.md.j2", "x")
    put(tmp_path, "README.md", "x")

    assert (
        (),
        (
            f"{FOLDER}/issues.md.j2 is no template that is used. Did you mean issue.md.j2?",
            f"no template lies in {FOLDER}: it may hold issue.md.j2, comment.md.j2, summary.md.j2",
        ),
    ) == template_paths(settings(tmp_path), branch())


def test_a_link_out_of_the_checkout_is_not_followed(tmp_path: Path) -> None:
    """It is not the repository's file."""
    put(tmp_path / "home", "issue.md.j2", "x")
    (tmp_path / "outside").write_text("{{ message }} from outside")
    (tmp_path / "home" / FOLDER / "comment.md.j2").symlink_to(tmp_path / "outside")
    page, told = comment(tmp_path / "home", branch())

    assert "Hello.\n" == page
    assert f"the template {FOLDER}/comment.md.j2 is disabled: it cannot be read" in told
