"""A stand-in for the base image that the Dockerfile names: the same Debian with its CPython, made from Debian's packages.

It has what the Dockerfile counts on: `python` with pip and ensurepip, as root, without an entry point.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.image.engine import Engine

DOCKERFILE = Path(__file__).parents[2] / "Dockerfile"
_NAMED = re.compile(
    r"^ARG PYTHON=(?P<reference>\S+/python:(?P<version>\d+\.\d+)-slim-(?P<suite>[a-z]+))$", re.MULTILINE
)
_INTO_USR_LOCAL = """\
set -eu
rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED
chroot "$1" sh -c '
  ln -s /usr/bin/python3 /usr/local/bin/python
  ln -s /usr/bin/python3 /usr/local/bin/python3
  wheel="$(echo /usr/share/python-wheels/pip-*.whl)"
  python3 "$wheel/pip" install --quiet --root-user-action=ignore --no-index "$wheel"
'
rm -rf "$1"/usr/share/python-wheels
"""
"""pip where the real base has it; Debian's own copies would be left when that one is taken out."""


class Base(NamedTuple):
    """What the Dockerfile's first line says."""

    reference: str
    version: str
    suite: str


def named() -> Base:
    """The base that the Dockerfile is built on unless told otherwise."""
    found = _NAMED.search(DOCKERFILE.read_text("utf-8"))
    assert found, "the Dockerfile names no python:X.Y-slim-SUITE"
    return Base(*found.group("reference", "version", "suite"))


def make(engine: Engine, home: Path) -> None:
    """Makes the base under its very name, unless it was made before by this same file."""
    base, made_by = named(), hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    kept = engine("image", "inspect", "--format", '{{index .Config.Labels "made-by"}}', base.reference, check=False)
    if kept.stdout.decode().strip() == made_by:
        return
    hook, tree = home / "into-usr-local.sh", home / "base.tar"
    hook.write_text(_INTO_USR_LOCAL, encoding="utf-8")
    command = ["mmdebstrap", "--quiet", "--variant=minbase", "--include=python3,python3-venv,ca-certificates"]
    command += [f'--customize-hook=sh "{hook}" "$1"', base.suite, str(tree), *_mirror()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, f"mmdebstrap made no {base.suite}: {done.stderr[-2000:]}"
    changes = [f"LABEL made-by={made_by}", "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"]
    engine("import", *(word for change in changes for word in ("--change", change)), str(tree), base.reference)
    tree.unlink()
    told = engine("run", "--rm", base.reference, "python", "-c", "import sys; print(*sys.version_info[:2], sep='.')")
    assert base.version == told.stdout.decode().strip(), f"{base.suite} has another Python than the Dockerfile wants"


def _mirror() -> list[str]:
    """Debian's mirror as this machine is configured; mmdebstrap knows one of its own."""
    if not shutil.which("apt-get"):
        return []
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
    sys.stderr.write(done.stderr)
    return done.stdout.split()[:1]
