"""What a release is made of: looks into the wheel and the sdist, compares them with the checkout, and gives the notes.

    python scripts/distribution.py check dist [--tag v1.2.3]   # exit code 1 and a line for each thing that is wrong
    python scripts/distribution.py notes v1.2.3                # the version's part of CHANGELOG.md

The standard library is all there is.
"""

from __future__ import annotations

import argparse
import re
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "failure_investigator"


def version(root: Path) -> str:
    """The version of pyproject.toml."""
    found: str = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return found


def shipped(root: Path) -> dict[str, bytes]:
    """Path in the wheel → bytes of everything that the package consists of: modules, data, templates, `py.typed`."""
    folders = {f"{PACKAGE}/": root / "src" / PACKAGE, f"{PACKAGE}/templates/": root / "templates"}
    return {
        prefix + path.relative_to(folder).as_posix(): path.read_bytes()
        for prefix, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def wrong(dist: Path, root: Path, tag: str = "") -> list[str]:
    """What is wrong with the two files, one sentence each; with `tag`, also whether they are that release."""
    number = version(root)
    wheel, sdist = dist / f"{PACKAGE}-{number}-py3-none-any.whl", dist / f"{PACKAGE}-{number}.tar.gz"
    there = sorted(path.name for path in dist.glob("*"))
    if there != sorted((wheel.name, sdist.name)):
        return [f"{dist} holds {', '.join(there) or 'nothing'}, not {wheel.name} and {sdist.name}"]
    expected = shipped(root)
    return [*_wheel(wheel, expected), *_sdist(sdist, expected), *(_release(root, number, tag) if tag else [])]


def _wheel(path: Path, expected: dict[str, bytes]) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    return [
        *(f"{path.name} lacks {name}" for name in sorted(expected.keys() - found.keys())),
        *(f"{path.name} has {name}, which is not in the checkout" for name in sorted(found.keys() - expected.keys())),
        *(
            f"{path.name} has another {name}"
            for name in sorted(found.keys() & expected)
            if found[name] != expected[name]
        ),
    ]


def _sdist(path: Path, expected: dict[str, bytes]) -> list[str]:
    """The sdist has to have what the wheel is made of; the wheel is built from it."""
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    templates = f"{PACKAGE}/templates/"
    needed = {
        f"templates/{name.removeprefix(templates)}" if name.startswith(templates) else f"src/{name}"
        for name in expected
    }
    needed |= {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "requirements.lock", "requirements-build.lock"}
    return [f"{path.name} lacks {name}" for name in sorted(needed - names)]


def _release(root: Path, number: str, tag: str) -> list[str]:
    """A release has the version of its tag, and something to say."""
    found = [] if tag == f"v{number}" else [f"the tag is {tag}, the version is {number}"]
    return (
        found if notes(root, tag) else [*found, f"CHANGELOG.md has no [{tag.removeprefix('v')}] with something in it"]
    )


def notes(root: Path, tag: str) -> str:
    """The version's part of the changelog, '' if there is none."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = rf"^## \[{re.escape(tag.removeprefix('v'))}\][^\n]*\n"
    found = re.search(rf"{heading}(?P<notes>.*?)(?=^## |^\[[^\]]+\]: |\Z)", text, re.MULTILINE | re.DOTALL)
    return found["notes"].strip() if found else ""


def main(arguments: list[str], root: Path = ROOT) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description="Look into the wheel and the sdist of a release.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check")
    check.add_argument("dist", type=Path)
    check.add_argument("--tag", default="")
    verbs.add_parser("notes").add_argument("tag")
    given = parser.parse_args(arguments)
    if given.verb == "notes":
        sys.stdout.write(f"{notes(root, given.tag)}\n")
        return 0
    found = wrong(given.dist, root, given.tag)
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
