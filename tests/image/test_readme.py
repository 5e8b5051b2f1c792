"""The lines that the README and docs/image.md show for the image, run as they stand but for its name."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.e2e.conftest import TOKEN
from tests.image.engine import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.e2e.standin import StandIn
    from tests.image.conftest import Image
    from tests.image.engine import Ran

SHOWN = re.compile(r"ghcr\.io/owner/failure-investigator:1\b")
LOG = b"unexpected status 401 Unauthorized: Missing bearer or basic authentication in header\n"


def lines(path: str, language: str) -> list[str]:
    """What a page shows of the image in blocks of a language."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", (ROOT / path).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if SHOWN.search(line)]


def run(image: Image, line: str, *extra: str, stdin: bytes = b"") -> Ran:
    """A shown `docker run`, with the options that lead to the stand-in."""
    command, verb, *rest = shlex.split(SHOWN.sub(image.name, line.replace("owner/name", "octo-org/octo-app")))
    assert ("docker", "run") == (command, verb)
    return image.engine("run", *extra, *rest, stdin=stdin, check=False)


def test_the_readme_s_line_shows_what_it_would_file(image: Image, at: Mapping[str, str], standin: StandIn) -> None:
    """A dry run, with the token from the environment."""
    [line] = lines("README.md", "sh")
    given = [f"--env={name}={value}" for name, value in at.items()]
    with_token = replace(image.engine, environ={**image.engine.environ, "GITHUB_TOKEN": TOKEN})
    done = run(replace(image, engine=with_token), line, "--network=host", *given)

    assert (0, []) == (done.code, standin.world.issues), done.stderr
    assert "Planned: create" in done.stdout.decode()


def test_the_readme_s_cron_line_files_the_issue(
    image: Image, at: Mapping[str, str], standin: StandIn, tmp_path: Path
) -> None:
    """Five fields of cron, and a command that needs nothing but the file that it names."""
    [line] = lines("README.md", "crontab")
    *fields, command = line.split(" ", 5)
    file = tmp_path / "investigator.env"
    variables = {**at, "GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": standin.world.repository.name}
    file.write_text("".join(f"{name}={value}\n" for name, value in variables.items()), encoding="utf-8")
    done = run(image, command.replace("/etc/failure-investigator.env", str(file)), "--network=host")

    assert ["17", "*/6", "*", "*", "*"] == fields
    assert (0, 1) == (done.code, len(standin.world.issues)), done.stderr


def test_the_page_s_lines_work(image: Image) -> None:
    """Those that need no GitHub; the first is the README's."""
    first, explain, listed = lines("docs/image.md", "sh")
    explained = run(image, explain.removesuffix(" < build.log"), stdin=LOG)

    assert lines("README.md", "sh") == [first]
    assert (0, True) == (explained.code, "credential_missing" in explained.stdout.decode())
    assert 0 == run(image, listed).code
