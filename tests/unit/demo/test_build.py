"""The bundled snapshots are what their generator writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from failure_investigator.demo import build

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(("write", "name"), [(build.build, "snapshot"), (build.build_cure, "cure")])
def test_the_snapshots_in_the_package_are_fresh(tmp_path: Path, write: Callable[[Path], None], name: str) -> None:
    """File for file, byte for byte."""
    write(tmp_path)
    bundled = Path(build.__file__).parent / name

    def files(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert files(bundled) == files(tmp_path)
