"""The bundled snapshot is what its generator writes."""

from __future__ import annotations

from pathlib import Path

from failure_investigator.demo import build


def test_the_snapshot_in_the_package_is_fresh(tmp_path: Path) -> None:
    """File for file, byte for byte."""
    build.build(tmp_path)
    bundled = Path(build.__file__).parent / "snapshot"

    def files(folder: Path) -> dict[str, bytes]:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert files(bundled) == files(tmp_path)
