"""A repository's days told one after the other: runs come, people act, the program sweeps over real HTTP.

A sweep here calls the command line in this process, with an environment and a clock of its own, which takes a tenth of a
program's start. `Program` (conftest.py) starts it as its own process.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from failure_investigator import cli
from failure_investigator.model import Repository, Workflow
from failure_investigator.render.comment import key_of
from tests.e2e.runner_place import Done, environment, left
from tests.e2e.standin import Somebody, StandIn, World

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from failure_investigator.model import Run

PUBLISH = Workflow(900, "Publish", ".github/workflows/publish.yml")
NIGHTLY = Workflow(901, "Nightly", ".github/workflows/nightly.yml")
RELEASE = Workflow(902, "Release", ".github/workflows/release.yml")
MISSING = [
    "  NODE_AUTH_TOKEN: ",
    "npm error code ENEEDAUTH",
    "npm error need auth This command requires you to be logged in to it",
]
INVALID = [
    "  NODE_AUTH_TOKEN: ***",
    "npm error code E401",
    "npm error Unable to authenticate, your authentication token seems to be invalid.",
]
PUSH = ["remote: Permission to octo-org/octo-app.git denied to github-actions[bot]."]
TESTS = ["FAILED tests/test_menu.py::test_order - AssertionError: assert 3 == 4"]
DAY = datetime(2026, 5, 4, tzinfo=UTC)
TOKEN = "gh" + "s_" + "e" * 40


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time of the story; days are counted from 0."""
    return DAY + timedelta(days=day, hours=hour, minutes=minute)


def new_world() -> World:
    """A public repository in which nothing has happened yet."""
    name = "octo-org/octo-app"
    world = World(Repository(name, "public", "main", url=f"https://github.com/{name}"), DAY)
    world.add_token(TOKEN)
    return world


class Story:
    """What happens to a world, and what the program writes about it."""

    def __init__(self, standin: StandIn, home: Path) -> None:
        self.standin, self.world, self.home, self._count = standin, standin.world, home, 0
        self.octocat = Somebody(self.world)
        self.stale = Somebody(self.world, "stale[bot]")

    def run(self, workflow: Workflow, when: datetime, conclusion: str = "failure", **changes: Any) -> Run:
        """A run without jobs; ids are 101, 102 …"""
        number = changes.pop("id", 101 + len({run.id for run in self.world.runs}))
        return self.world.add_run(workflow, when, conclusion, id=number, **changes)

    def fails(self, workflow: Workflow, when: datetime, lines: list[str] = MISSING, **changes: Any) -> Run:
        """A run whose job `publish` fails of what these lines say."""
        run = self.run(workflow, when, **changes)
        self.world.add_job(run, "publish", lines)
        return run

    def succeeds(self, workflow: Workflow, when: datetime, ended: str = "success", **changes: Any) -> Run:
        """A green run; its job `publish` ended as `ended` says."""
        run = self.run(workflow, when, "success", **changes)
        self.world.add_job(run, "publish", ["done"], ended)
        return run

    def sweep(self, when: datetime, environ: Mapping[str, str] | None = None) -> Done:
        """Sweep at a time; `wrote` and `comments` tell of what followed."""
        self.world.now = when
        self.standin.journal.clear()
        self._count += 1
        place = self.home / f"sweep-{self._count}"
        place.mkdir(parents=True)
        variables = environment(self.standin, place, TOKEN, environ)
        out, err = io.StringIO(), io.StringIO()
        code = cli.run(["investigate", "--quiet"], variables, (io.BytesIO(), out, err), lambda: when)
        return left(place, code, out.getvalue(), err.getvalue())

    def wrote(self, when: datetime) -> list[str]:
        """Sweep at a time, which must succeed: its writes to issues, without the making of labels."""
        done = self.sweep(when)
        said = done.stderr
        assert (0, "") == (done.code, said)
        return writes(self.standin)

    def issue(self, number: int = 1) -> dict[str, Any]:
        """An issue as the stand-in holds it."""
        return next(one for one in self.world.issues if one["number"] == number)

    def states(self) -> list[str]:
        """`number state reason` of every issue."""
        return [f"{one['number']} {one['state']} {one['state_reason'] or ''}".strip() for one in self.world.issues]

    def comments(self, number: int = 1) -> list[str]:
        """The program's comments without their keys, each of which is another one."""
        every = [one["body"] for one in self.world.comments.get(number, []) if one["author"] == "github-actions[bot]"]
        keys = [key_of(body) for body in every]
        assert len(keys) == len(set(keys))
        assert "" not in keys
        return [body.partition("\n")[2] for body in every]

    def lead(self, number: int = 1) -> str:
        """The line of an issue that says how many runs failed and where it stands."""
        found = re.search(r"^\d+ failed runs?, .*$", self.issue(number)["body"], re.MULTILINE)
        return found[0] if found else ""

    def criteria(self, number: int = 1) -> list[str]:
        """The lines of the success criteria."""
        _, _, section = self.issue(number)["body"].partition("## Success criteria")
        return [line for line in section.splitlines() if line.startswith("- ")]


def reasons(done: Done) -> list[str]:
    """`act #number: reason` of what a sweep decided, as it says on its terminal."""
    found = re.findall(r"^([a-z][a-z, ]*)((?: #\d+)?)(?: https\S+/(\d+)\S*)?: .*? \((.*)\)$", done.stdout, re.MULTILINE)
    return [f"{act}{number or (linked and f' #{linked}')}: {reason}" for act, number, linked, reason in found]


def writes(standin: StandIn) -> list[str]:
    """What a sweep wrote: method, path, and of a change of an issue what it means for it; labels are left out."""
    found = []
    for entry in standin.journal:
        if entry.origin != "api" or entry.method == "GET" or entry.path.endswith("/labels"):
            continue
        path = entry.path.removeprefix(f"/repos/{standin.world.repository.name}/")
        parts = [str(name) for name in ("title", "body") if entry.method == "PATCH" and name in entry.body]
        parts += [str(entry.body[name]) for name in ("state", "state_reason") if name in entry.body]
        found.append(" ".join([entry.method, path, *parts]))
    return found
