"""Stand-ins for the actions that need the real service: checkout, setup-python, cache, artifacts, an App's token.

Each takes what the step gives it and answers with the outputs that the action has; what it is given wrongly it refuses as
the action does. Only a real runner proves that GitHub's own do the same.
"""

from __future__ import annotations

import shutil
import site
import sys
import sysconfig
import venv
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.e2e.standin.organization import Organization
    from tests.e2e.workflow_runner import Place, Uses

ROOT = Path(__file__).parents[2]
OURS = ("action.yml", "requirements.lock", "scripts", "src", "templates")
SLUG = "platform-reliability"
"""The App's."""
KEY = "the App's private key"


def setup_python(_: Mapping[str, str]) -> Mapping[str, str]:
    """The Python of these tests."""
    return {"python-path": sys.executable, "python-version": "3.13.0"}


def restore(given: Mapping[str, str]) -> Mapping[str, str]:
    """An environment as it was saved, with the packages of these tests."""
    path = Path(given["path"])
    venv.EnvBuilder(symlinks=True).create(path)
    places = dict.fromkeys([*site.getsitepackages(), sysconfig.get_paths()["purelib"]])
    [packages] = path.glob("lib/python3.*/site-packages")
    (packages / "tests.pth").write_text("\n".join(places))
    (path / "whole").touch()
    return {"cache-hit": "true"}


def restore_with(library: Path) -> Callable[[Mapping[str, str]], Mapping[str, str]]:
    """The same with the library that was compiled before, shared by the jobs of a run."""

    def restored(given: Mapping[str, str]) -> Mapping[str, str]:
        outputs = restore(given)
        library.mkdir(exist_ok=True)
        (Path(given["path"]) / "library").symlink_to(library)
        return outputs

    return restored


def clean_checkout(target: Path) -> Path:
    """What a checkout of this repository holds, as far as the action needs it."""
    for name in OURS:
        source, copy = ROOT / name, target / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(exist_ok=True)
            shutil.copy(source, copy)
    return target


@dataclass
class Service:
    """What GitHub keeps of a run for its jobs, and the Apps' tokens that it gives out."""

    organization: Organization
    program: Path
    """A clean checkout of the called workflow's commit."""
    called: Mapping[str, str]
    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)
    """Value of a token → the job that asked for it."""
    checked_out: list[tuple[str, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Keys of the cache, oldest first."""

    @property
    def uses(self) -> dict[str, Uses]:
        """By name, as the workflows use them."""
        return {
            "actions/checkout": self.checkout,
            "actions/create-github-app-token": self.app_token,
            "actions/cache/restore": self.cache_restore,
            "actions/cache/save": self.cache_save,
            "actions/upload-artifact": self.upload,
            "actions/download-artifact": self.download,
        }

    def checkout(self, given: Mapping[str, str], place: Place) -> Mapping[str, str]:
        """The program, if the step asks for the repository and the commit of the called workflow, else nothing of it."""
        wanted = (given["repository"], given["ref"])
        assert (wanted, "false") == (
            (self.called["workflow_repository"], self.called["workflow_sha"]),
            given["persist-credentials"],
        )
        (place.workspace / given["path"]).symlink_to(self.program, target_is_directory=True)
        self.checked_out.append(wanted)
        return {"commit": given["ref"]}

    def app_token(self, given: Mapping[str, str], place: Place) -> Mapping[str, str]:
        """A token with exactly what is asked for; every App may see metadata. Nothing asked for would be everything."""
        asked = {
            name.removeprefix("permission-"): right for name, right in given.items() if name.startswith("permission-")
        }
        assert (KEY, self.organization.login, True) == (given["private-key"], given["owner"], bool(asked))
        names = frozenset(name for name in given["repositories"].split(",") if name)
        value = "gh" + "s_" + f"{len(self.tokens):040d}"
        self.organization.add_token(
            value, login=f"{SLUG}[bot]", permissions={"metadata": "read", **asked}, sees=names or None
        )
        self.tokens[value] = f"{place.job}.{place.attempt}"
        return {"token": value, "app-slug": SLUG, "installation-id": "1"}

    def cache_restore(self, given: Mapping[str, str], _: Place) -> Mapping[str, str]:
        """The key itself, else the newest that begins as asked."""
        found = [key for key in self.kept if key == given["key"]]
        found += [key for key in reversed(self.kept) if key.startswith(given["restore-keys"])]
        if found:
            shutil.copy(self.folder / found[0], given["path"])
        return {"cache-hit": str(found[:1] == [given["key"]]).lower(), "cache-matched-key": (found or [""])[0]}

    def cache_save(self, given: Mapping[str, str], _: Place) -> Mapping[str, str]:
        """A key is written once."""
        assert given["key"] not in self.kept
        self.folder.mkdir(exist_ok=True)
        shutil.copy(given["path"], self.folder / given["key"])
        self.kept.append(given["key"])
        return {}

    def upload(self, given: Mapping[str, str], _: Place) -> Mapping[str, str]:
        """A name is taken once a run, unless it is to be overwritten."""
        artifact, source = self.folder / "artifacts" / given["name"], Path(given["path"])
        assert given["overwrite"] == "true" or not artifact.exists()
        assert any(source.iterdir()), "No files were found"
        shutil.rmtree(artifact, ignore_errors=True)
        shutil.copytree(source, artifact)
        return {"artifact-id": "1"}

    def download(self, given: Mapping[str, str], _: Place) -> Mapping[str, str]:
        """One artifact by name, which has to be there, or all that fit a pattern, put together."""
        every = sorted(path for path in (self.folder / "artifacts").glob("*") if path.is_dir())
        if "name" in given:
            [found] = [path for path in every if path.name == given["name"]]
            shutil.copytree(found, given["path"])
            return {"download-path": given["path"]}
        assert given["merge-multiple"] == "true"
        for path in every:
            if fnmatchcase(path.name, given["pattern"]):
                shutil.copytree(path, given["path"], dirs_exist_ok=True)
        return {"download-path": given["path"]}
