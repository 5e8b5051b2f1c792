"""The script is no part of the package: it is loaded from its file, and looks into a small project here."""

from __future__ import annotations

import importlib.util
import io
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[3] / "scripts" / "distribution.py"
CHANGELOG = (
    "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n\n### Added\n\n- A thing.\n\n## [1.2.2]\n\n- Old.\n"
)
FILES = {
    "src/failure_investigator/__init__.py": "",
    "src/failure_investigator/py.typed": "",
    "src/failure_investigator/demo/snapshot/runs.jsonl": "{}",
    "templates/issue.md.j2": "{{ title }}",
    "LICENSE": "",
    "README.md": "",
    "CHANGELOG.md": CHANGELOG,
    "pyproject.toml": '[project]\nversion = "1.2.3"\n',
    "requirements.lock": "",
    "requirements-build.lock": "",
}
STEM = "failure_investigator-1.2.3"


@pytest.fixture(name="script", scope="module")
def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("distribution", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "project"


def build(root: Path, *, without: str = "", changed: str = "") -> Path:
    """What a build backend makes of the project, without one file or with one changed."""
    dist = root.parent / "dist"
    dist.mkdir()
    with zipfile.ZipFile(dist / f"{STEM}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{STEM}.dist-info/METADATA", "Name: failure-investigator\n")
        for name, text in FILES.items():
            inside = name.removeprefix("src/").replace("templates/", "failure_investigator/templates/")
            if inside.startswith("failure_investigator/") and inside != without:
                wheel.writestr(inside, text + ("changed" if inside == changed else ""))
    with tarfile.open(dist / f"{STEM}.tar.gz", "w:gz") as sdist:
        for name, text in FILES.items():
            if name != without:
                entry = tarfile.TarInfo(f"{STEM}/{name}")
                entry.size = len(text)
                sdist.addfile(entry, io.BytesIO(text.encode()))
    return dist


def test_a_whole_release_has_nothing_wrong(script: ModuleType, root: Path) -> None:
    """Wheel, sdist, tag and changelog agree."""
    assert [] == script.wrong(build(root), root, "v1.2.3")


@pytest.mark.parametrize("name", ["py.typed", "templates/issue.md.j2", "demo/snapshot/runs.jsonl"])
def test_a_wheel_without_a_file_is_told(script: ModuleType, root: Path, name: str) -> None:
    """Data is what a build backend forgets."""
    lost = f"failure_investigator/{name}"

    assert [f"{STEM}-py3-none-any.whl lacks {lost}"] == script.wrong(build(root, without=lost), root)


def test_a_wheel_of_something_else_is_told(script: ModuleType, root: Path) -> None:
    """A file that is not the checkout's, and one that is not in it at all."""
    dist = build(root, changed="failure_investigator/__init__.py")
    with zipfile.ZipFile(dist / f"{STEM}-py3-none-any.whl", "a") as wheel:
        wheel.writestr("sitecustomize.py", "")

    assert [
        f"{STEM}-py3-none-any.whl has sitecustomize.py, which is not in the checkout",
        f"{STEM}-py3-none-any.whl has another failure_investigator/__init__.py",
    ] == script.wrong(dist, root)


def test_an_sdist_without_a_file_is_told(script: ModuleType, root: Path) -> None:
    """Nobody could build the same from it."""
    assert [f"{STEM}.tar.gz lacks requirements-build.lock"] == script.wrong(
        build(root, without="requirements-build.lock"), root
    )


def test_another_file_beside_the_two_is_told(script: ModuleType, root: Path) -> None:
    """All that lies in the folder would be published."""
    dist = build(root)
    (dist / "failure_investigator-1.2.2.tar.gz").touch()
    [line] = script.wrong(dist, root)

    assert "failure_investigator-1.2.2.tar.gz" in line


def test_a_tag_of_another_version_is_told(script: ModuleType, root: Path) -> None:
    """And that the changelog says nothing of it."""
    assert [
        "the tag is v1.3.0, the version is 1.2.3",
        "CHANGELOG.md has no [1.3.0] with something in it",
    ] == script.wrong(build(root), root, "v1.3.0")


def test_the_notes_are_the_versions_part_of_the_changelog(
    script: ModuleType, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Up to the next version."""
    code = script.main(["notes", "v1.2.3"], root)

    assert (0, "### Added\n\n- A thing.\n") == (code, capsys.readouterr().out)


def test_what_is_wrong_is_the_exit_code(
    script: ModuleType, root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One line each on standard error."""
    (tmp_path / "empty").mkdir()
    codes = [script.main(["check", str(folder)], root) for folder in (build(root), tmp_path / "empty")]

    assert ([0, 1], True) == (codes, "holds nothing" in capsys.readouterr().err)
