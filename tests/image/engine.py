"""The two engines that build and run the image: podman with settings and a store of its own, or Docker as it is."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.image import base, index

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
NAME = "failure-investigator:test"
_NEEDED = ("podman", "runc", "mmdebstrap")


class Ran(NamedTuple):
    """A finished command."""

    code: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True)
class Engine:
    """`engine("run", …)` is `podman run …` or `docker run …`."""

    command: str
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def __call__(self, *arguments: str, stdin: bytes = b"", check: bool = True, timeout: float = 120) -> Ran:
        """Runs a command; one that fails is a failed test unless `check` is off."""
        done = subprocess.run(
            [self.command, *arguments],
            input=stdin, env=self.environ, capture_output=True, check=False, timeout=timeout,
        )  # fmt: skip
        said = done.stderr.decode(errors="replace")[-4000:]
        assert not check or done.returncode == 0, f"{self.command} {' '.join(arguments)}: {done.returncode}\n{said}"
        return Ran(done.returncode, done.stdout, done.stderr)


def prepared(wanted: str, home: Path) -> Engine:
    """The engine of that name with the Dockerfile's base at hand. podman gets one made here, as it asks no registry."""
    home.mkdir(parents=True, exist_ok=True)
    if wanted == "docker":
        return Engine("docker")
    missing = [name for name in _NEEDED if not shutil.which(name)]
    assert not missing, (
        f"{', '.join(missing)} is missing (Debian: apt-get install {' '.join(_NEEDED)}), or say ENGINE=docker"
    )
    assert os.geteuid() == 0, "podman and mmdebstrap are run as root here; where Docker is, say ENGINE=docker"
    engine = _podman(home)
    base.make(engine, home)
    return engine


def build(engine: Engine, home: Path) -> None:
    """Builds the Dockerfile as `NAME`; pip finds its index as it does on this machine."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True, timeout=60
    )
    chosen = index.settings(listed.stdout, os.environ)
    (home / "pip.conf").write_text(index.file(chosen), encoding="utf-8")
    options = ["--secret", f"id=pip.conf,src={home / 'pip.conf'}", "--network", "host"]
    if engine.command == "podman":
        options += ["--pull=never", *(f"--volume={place}:{place}:ro" for place in index.places(chosen))]
    proxies = [name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "no_proxy")]
    options += [f"--build-arg={name}={os.environ[name]}" for name in proxies]
    engine("build", *options, "--tag", NAME, str(ROOT), timeout=900)


def _podman(home: Path) -> Engine:
    """podman with runc and without a cgroup manager, networks or limits that a machine may refuse."""
    run = Path("/run") / f"failure-investigator-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    environ = {
        **os.environ,
        "CONTAINERS_CONF": str(home / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(home / "storage.conf"),
    }
    engine = Engine("podman", environ)
    (home / "containers.conf").write_text(_containers_conf(run), encoding="utf-8")
    for driver in ("overlay", "vfs"):  # overlay does not lie on another overlay
        (home / "storage.conf").write_text(_storage_conf(home / driver, run, driver), encoding="utf-8")
        if engine("info", check=False).code == 0:
            return engine
    engine("info")
    return engine


def _containers_conf(run: Path) -> str:
    limits = [
        f'"{name}={min(soft, most)}:{min(hard, most)}"'
        for name, number, most in (("nofile", resource.RLIMIT_NOFILE, 1024), ("nproc", resource.RLIMIT_NPROC, 4096))
        for soft, hard in [
            tuple(most if each == resource.RLIM_INFINITY else each for each in resource.getrlimit(number))
        ]
    ]
    return (
        f'[containers]\ndefault_ulimits = [{", ".join(limits)}]\nnetns = "host"\n'
        f'[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\ntmp_dir = "{run}/libpod"\n'
    )


def _storage_conf(graph: Path, run: Path, driver: str) -> str:
    return (
        f'[storage]\ndriver = "{driver}"\ngraphroot = "{graph}"\nrunroot = "{run}/storage"\n'
        f'[storage.options.overlay]\nskip_mount_home = "true"\n'
    )
