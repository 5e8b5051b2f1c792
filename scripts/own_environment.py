"""The action's own environment: where it lies, the key of its cache, and its installation from the hashed lock.

    python -I own_environment.py plan      # sets the step's outputs path, key, python and library
    python -I own_environment.py install   # makes what `plan` named, unless it is whole already

Run by action.yml with the Python that it set up, before anything is installed: the standard library is all there is. The
job's Python, its packages and its environment play no part.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
SERVICES = ROOT / "src" / "failure_investigator" / "signatures" / "services"
WHOLE = "whole"
"""A file that is written last: an environment that was cut off while it was made, saved or restored has none."""
PIP = ("-q", "--disable-pip-version-check", "--no-input", "--no-compile", "--require-hashes", "--no-deps")
_MISLEADING = (
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PIP_NO_DEPS",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_PYTHON",
)
"""Settings of the job that would put packages elsewhere. Its index and its proxy are its business, and are kept."""


class Plan(NamedTuple):
    """Where the environment lies, and under which key it is cached."""

    path: Path
    key: str

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.path / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def plan(environ: Mapping[str, str]) -> Plan:
    """By the lock, the library, this script, the exact Python and where it lies, and the system."""
    parts = [
        LOCK.read_bytes(),
        Path(__file__).read_bytes(),
        *(file.read_bytes() for file in sorted(SERVICES.glob("*.yml"))),
    ]
    about = [hashlib.sha256(part).hexdigest() for part in parts]
    digest = hashlib.sha256("\n".join([*about, sys.version, sys.base_prefix]).encode()).hexdigest()[:16]
    system = f"{environ.get('RUNNER_OS', sys.platform)}-{environ.get('RUNNER_ARCH', 'any')}"
    version = ".".join(map(str, sys.version_info[:3]))
    return Plan(
        Path(environ["RUNNER_TEMP"]) / "failure-investigator" / digest,
        f"failure-investigator-{system}-py{version}-{digest}",
    )


def install(made: Plan, environ: Mapping[str, str]) -> int:
    """Makes the environment anew; the exit code is pip's. One that is whole is left as it is."""
    if (made.path / WHOLE).is_file():
        return 0
    shutil.rmtree(made.path, ignore_errors=True)
    venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(made.path)
    kept = {name: value for name, value in environ.items() if name not in _MISLEADING}
    command = [sys.executable, "-I", "-m", "pip", "--python", str(made.python), "install", *PIP, "-r", str(LOCK)]
    code = subprocess.run(command, env=kept, check=False).returncode  # noqa: S603 - our own interpreter and lock
    if code == 0:
        (made.path / WHOLE).touch()
    return code


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """See the module."""
    made = plan(environ)
    if arguments == ["install"]:
        return install(made, environ)
    outputs = {"path": made.path, "key": made.key, "python": made.python, "library": made.path / "library"}
    with Path(environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{name}={value}\n" for name, value in outputs.items())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
