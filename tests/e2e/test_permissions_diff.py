"""What the diffs are worth to the tool that people apply them with."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from failure_investigator.permissions import Entry
from failure_investigator.workflows import permissions_diff, read_workflow
from tests.unit.workflows.files import FILES

if TYPE_CHECKING:
    from pathlib import Path

PATH = ".github/workflows/ci.yml"
ENTRY = Entry("discussions", "write")


def _diff(name: str) -> str:
    return permissions_diff(FILES[name], PATH, next(iter(read_workflow(FILES[name]).jobs)), (ENTRY,))


@pytest.mark.parametrize("name", sorted(name for name in FILES if _diff(name)))
def test_git_applies_every_diff(name: str, tmp_path: Path) -> None:
    """`git apply` takes it, and the file grants the entry then, its line ends unchanged."""
    place = tmp_path / PATH
    place.parent.mkdir(parents=True)
    place.write_bytes(FILES[name].encode())
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, check=True, input=_diff(name).encode())
    after = place.read_bytes().decode()
    file = read_workflow(after)
    block = file.permissions_of(next(iter(file.jobs.values())))
    assert block is not None
    assert block.grants(ENTRY)
    assert ("\r\n" in FILES[name]) == ("\r\n" in after)
    assert after.count("\r\n") in (0, after.count("\n"))
