"""An organisation's days: runs in many repositories, people, and sweeps of all of them, whole or in parts, over real HTTP.

Every command runs in this process, with an environment and a clock of its own; `tests/e2e/forked.py` has those that can be
killed.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from failure_investigator import cli
from failure_investigator.model import Workflow
from tests.e2e.runner_place import Done, environment, left
from tests.e2e.standin import Organization, StandIn
from tests.e2e.story import MISSING, PUSH, TESTS, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from failure_investigator.model import Run
    from tests.e2e.standin import World

__all__ = ["MISSING", "NAME", "OPENAI", "PUSH", "TESTS", "TOKEN", "TRACKER", "Company", "at", "pages", "writes"]

NAME = "octo-org"
TRACKER = f"{NAME}/tracker"
OPENAI = [
    "  OPENAI_API_KEY: ***",
    "ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header",
]
DAY = datetime(2026, 5, 4, tzinfo=UTC)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time of the story; days are counted from 0."""
    return DAY + timedelta(days=day, hours=hour, minutes=minute)


class Company:
    """What happens in an organisation, and what the program writes about it. The first repository is the tracker."""

    def __init__(self, home: Path, **tracker: Any) -> None:
        self.hub = Organization(NAME, at(0))
        self.hub.add_token(TOKEN)
        self.tracker = self.hub.add("tracker", **tracker)
        self.home, self._count = home, 0
        self.standin = StandIn(self.hub)

    def world(self, name: str, **changes: Any) -> World:
        """A repository of the organisation, made when it is asked for first."""
        found = self.hub.worlds.get(f"{NAME}/{name}".lower())
        return found if found is not None else self.hub.add(name, **changes)

    def run(self, name: str, when: datetime, conclusion: str, file: str = "release", **changes: Any) -> Run:
        """A run without jobs of a workflow whose id is the repository's own."""
        world = self.world(name)
        number = 100 * list(self.hub.worlds).index(world.repository.name.lower()) + len(file)
        return world.add_run(
            Workflow(number, file.title(), f".github/workflows/{file}.yml"), when, conclusion, **changes
        )

    def fails(self, name: str, when: datetime, lines: list[str] = MISSING, **changes: Any) -> Run:
        """A run whose `job` (publish) fails of what these lines say."""
        job = changes.pop("job", "publish")
        run = self.run(name, when, "failure", **changes)
        self.world(name).add_job(run, job, lines)
        return run

    def succeeds(self, name: str, when: datetime, **changes: Any) -> Run:
        """A green run whose `job` (publish) succeeded."""
        job = changes.pop("job", "publish")
        run = self.run(name, when, "success", **changes)
        self.world(name).add_job(run, job, ["done"], "success")
        return run

    def command(self, when: datetime, *words: str, environ: Mapping[str, str] | None = None) -> Done:
        """A command at a time, quietly."""
        self.hub.pass_time(when)
        place = self.place()
        out, err = io.StringIO(), io.StringIO()
        variables = self.variables(place, environ)
        code = cli.run([*words, "--quiet"], variables, (io.BytesIO(), out, err), lambda: when)
        return left(place, code, out.getvalue(), err.getvalue())

    def place(self) -> Path:
        """An empty folder for a command."""
        self._count += 1
        made = self.home / f"command-{self._count}"
        made.mkdir(parents=True)
        return made

    def variables(self, place: Path, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """What the runner sets, with the organisation and one issue repository unless `environ` says otherwise."""
        wanted = {"INPUT_ORGANIZATION": NAME, "INPUT_ISSUE-REPOSITORY": TRACKER, **(environ or {})}
        return environment(self.standin, place, TOKEN, wanted)

    def investigate(self, when: datetime, environ: Mapping[str, str] | None = None) -> Done:
        """The sweep at once; the journal begins anew."""
        self.standin.journal.clear()
        return self.command(when, "investigate", environ=environ)

    def fan_out(
        self, when: datetime, shards: int, environ: Mapping[str, str] | None = None, *, skipped: Iterable[int] = ()
    ) -> Done:
        """The sweep in three parts, without the shards that are `skipped`; what the report left."""
        self.standin.journal.clear()
        plan, findings = self.place(), self.place()
        planned = self.command(when, "plan", "--output", str(plan), "--shards", str(shards), environ=environ)
        if planned.code:
            return planned
        for number in range(int(planned.outputs["shard-count"])):
            if number not in skipped:
                scanned = self.scan(when, plan, findings, number, environ)
                assert (0, "") == (scanned.code, scanned.stderr)
        return self.report(when, plan, findings, environ)

    def scan(
        self, when: datetime, plan: Path, findings: Path, number: int, environ: Mapping[str, str] | None = None
    ) -> Done:
        """One shard; its findings lie in a folder of their own, as artifacts do."""
        place = findings / f"artifact-{number}"
        return self.command(
            when, "scan", "--plan", str(plan), "--shard", str(number), "--output", str(place), environ=environ
        )

    def report(self, when: datetime, plan: Path, findings: Path, environ: Mapping[str, str] | None = None) -> Done:
        """The third part."""
        return self.command(when, "report", "--plan", str(plan), "--findings", str(findings), environ=environ)

    def requests(self) -> int:
        """Requests of the API since the journal was begun that count against the rate limit."""
        return sum(
            entry.origin == "api" and entry.status != 304 and entry.path != "/rate_limit"
            for entry in self.standin.journal
        )

    def pages(self) -> dict[str, list[dict[str, Any]]]:
        """Every issue of every repository that has one: number, state, title, body, labels, and its comments."""
        return {name: pages(world) for name, world in self.hub.worlds.items() if world.issues}


def pages(world: World) -> list[dict[str, Any]]:
    """The issues of a repository with their comments, as people read them."""
    return [
        {
            **{key: issue[key] for key in ("number", "state", "state_reason", "title", "body", "labels")},
            "comments": [one["body"] for one in world.comments.get(issue["number"], [])],
        }
        for issue in world.issues
    ]


def writes(company: Company) -> list[str]:
    """What was written since the journal was begun: method and path; labels are left out."""
    return [line for line in company.standin.writes() if not line.endswith("/labels")]
