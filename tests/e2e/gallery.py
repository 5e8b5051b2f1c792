"""The gallery: every state of an issue as a reader of GitHub meets it, made by the real program in an invented repository.

`make gallery` writes the pages to docs/gallery; a test compares them with what is rendered now.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from failure_investigator.model import Workflow
from tests.e2e.standin import StandIn
from tests.e2e.story import Story, at, new_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

REVIEW = Workflow(900, "AI review", ".github/workflows/review.yml")
NOTES = Workflow(901, "Release notes", ".github/workflows/notes.yml")
FILE = """\
name: {name}
on:
  schedule:
    - cron: '0 */6 * * *'
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - run: ./publish
        env:
          OPENAI_API_KEY: ${{{{ secrets.OPENAI_API_KEY }}}}
"""
EMPTY = [
    "  OPENAI_API_KEY: ",
    "OpenAI Codex v0.121.0",
    "ERROR: unexpected status 401 Unauthorized: Missing bearer or basic authentication in header",
]
WRONG = [
    "  OPENAI_API_KEY: ***",
    "OpenAI Codex v0.121.0",
    "ERROR: unexpected status 401 Unauthorized: Incorrect API key provided: ***.",
]
GOOD = ["  OPENAI_API_KEY: ***", "OpenAI Codex v0.118.0", "Reviewed 3 pull requests."]


class Scene(Story):
    """A story with a workflow file at each commit and the lines of one tool."""

    def refused(self, workflow: Workflow, day: int, hour: int, lines: Sequence[str] = EMPTY) -> None:
        """A failed run."""
        run = self.fails(workflow, at(day, hour), list(lines), head_sha=self._commit(day))
        self.world.files[run.head_sha, workflow.path] = FILE.format(name=workflow.name)

    def good(self, workflow: Workflow, day: int, hour: int) -> None:
        """A good run."""
        run = self.run(workflow, at(day, hour), "success", head_sha=self._commit(day))
        self.world.add_job(run, "publish", GOOD, "success")
        self.world.files[run.head_sha, workflow.path] = FILE.format(name=workflow.name)

    def opened(self) -> None:
        """An issue about two runs of the first day."""
        self.good(REVIEW, -1, 18)
        self.refused(REVIEW, 0, 0)
        self.refused(REVIEW, 0, 6)
        self.sweep(at(0, 7))

    def _commit(self, day: int) -> str:
        """One commit a day, each on top of the one before."""
        sha = hashlib.sha256(f"day {day}".encode()).hexdigest()[:40]
        if sha not in self.world.ancestry:
            self.world.ancestry.append(sha)
        return sha


@dataclass(frozen=True)
class Plate:
    """A page of the gallery: what happened, and the issue with its comments after it."""

    slug: str
    state: str
    when: str
    does: str
    page: str


def plates() -> Iterator[Plate]:
    """All pages, in the order of the index."""
    yield from _life()
    for slug, state, when, does, tell in _OTHERS:
        with _scene() as scene:
            number = tell(scene)
            yield Plate(slug, state, when, does, _page(scene, number, state, when, does))


@contextmanager
def _scene() -> Iterator[Scene]:
    with StandIn(new_world()) as standin, tempfile.TemporaryDirectory() as home:
        yield Scene(standin, Path(home))


def _life() -> Iterator[Plate]:
    """One issue from its first sweep to its return: a page after each transition."""
    with _scene() as scene:
        for slug, state, when, does, tell in _LIFE:
            tell(scene)
            yield Plate(slug, state, when, does, _page(scene, 1, state, when, does))


def _more(scene: Scene) -> None:
    scene.refused(REVIEW, 0, 12)
    scene.refused(REVIEW, 0, 18)
    scene.sweep(at(0, 19))


def _spread(scene: Scene) -> None:
    scene.refused(REVIEW, 1, 0)
    scene.refused(NOTES, 1, 2)
    scene.sweep(at(1, 3))


def _another_cause(scene: Scene) -> None:
    scene.refused(REVIEW, 1, 6, WRONG)
    scene.sweep(at(1, 7))


def _first_good(scene: Scene) -> None:
    scene.good(REVIEW, 1, 12)
    scene.good(NOTES, 1, 14)
    scene.sweep(at(1, 15))


def _all_good(scene: Scene) -> None:
    scene.good(REVIEW, 1, 18)
    scene.good(NOTES, 2, 2)
    scene.sweep(at(2, 3))


def _again(scene: Scene) -> None:
    scene.refused(REVIEW, 9, 6, WRONG)
    scene.sweep(at(9, 7))


def _grown(scene: Scene) -> int:
    scene.opened()
    for day in range(1, 6):
        for hour in (0, 6, 12, 18):
            scene.refused(REVIEW, day, hour)
        scene.sweep(at(day, 19))
    return 1


def _claimed(scene: Scene) -> int:
    scene.opened()
    scene.octocat.comment(1, "I have set the secret again, this should be fine now.")
    scene.octocat.close(1)
    scene.sweep(at(0, 8))
    for hour in (12, 18):
        scene.refused(REVIEW, 0, hour)
    scene.sweep(at(0, 19))
    return 1


def _insisted(scene: Scene) -> int:
    scene.opened()
    scene.refused(REVIEW, 0, 12)
    scene.sweep(at(0, 13))
    scene.stale.comment(1, "This issue was closed because it has been quiet for a while.")
    scene.stale.close(1, "not_planned")
    scene.sweep(at(0, 14))
    return 1


def _dormant(scene: Scene) -> int:
    scene.opened()
    scene.sweep(at(31, 7))
    return 1


def _abandoned(scene: Scene) -> int:
    scene.opened()
    scene.world.states[REVIEW.path] = "deleted"
    scene.sweep(at(2, 7))
    return 1


def _accepted(scene: Scene) -> int:
    scene.opened()
    scene.octocat.comment(1, "We know. The key comes with the new contract.")
    scene.octocat.close(1, "not_planned")
    for hour in (12, 18):
        scene.refused(REVIEW, 0, hour)
        scene.sweep(at(0, hour + 1))
    return 1


def _muted(scene: Scene) -> int:
    scene.opened()
    scene.octocat.label(1, "investigator:mute")
    for hour in (12, 18):
        scene.refused(REVIEW, 0, hour)
        scene.sweep(at(0, hour + 1))
    return 1


def _duplicate(scene: Scene) -> int:
    scene.opened()
    first = scene.issue()
    scene.world.file_issue(first["author"], first["title"], first["body"], labels=first["labels"])
    scene.sweep(at(0, 8))
    return 2


def _anew(scene: Scene) -> int:
    scene.opened()
    for hour in (12, 18):
        scene.good(REVIEW, 0, hour)
    scene.sweep(at(0, 19))
    for hour in (0, 6):
        scene.refused(REVIEW, 95, hour)
    scene.sweep(at(95, 7))
    return 2


_LIFE: tuple[tuple[str, str, str, str, Callable[[Scene], None]], ...] = (
    ("open", "open", "Two runs in a row are refused.", "Creates the issue.", Scene.opened),
    ("ongoing", "ongoing", "Two more runs are refused.", "Writes the page again, without a comment.", _more),
    ("widened", "widened", "Another workflow fails for the same reason.", "Comments once.", _spread),
    (
        "reclassified",
        "reclassified",
        "A newer log shows another cause.",
        "Comments once; the issue stays the same.",
        _another_cause,
    ),
    (
        "recovering",
        "recovering",
        "The refused job succeeds again, once in each workflow.",
        "Counts on the page, without a comment.",
        _first_good,
    ),
    (
        "resolved",
        "resolved",
        "The second good run in each workflow.",
        "Ticks the criteria, comments with the runs that prove it, closes as completed.",
        _all_good,
    ),
    ("regressed", "regressed", "A week later it fails again.", "Reopens the issue with a comment.", _again),
)
_OTHERS: tuple[tuple[str, str, str, str, Callable[[Scene], int]], ...] = (
    (
        "grown",
        "grown tenfold",
        "Five days later it has failed more than twenty times.",
        "Comments once; it last told of two.",
        _grown,
    ),
    (
        "fix-claimed",
        "fix claimed",
        "A person closed it as completed, and two runs created since then fail.",
        "Reopens with a comment; one failure would not be enough.",
        _claimed,
    ),
    (
        "other-bot",
        "closed by another bot",
        "A bot that closes quiet issues closed it while it fails.",
        "Reopens once, and leaves it the next time.",
        _insisted,
    ),
    ("dormant", "dormant", "Nothing has run for thirty days.", "Says so on the page; the issue stays open.", _dormant),
    (
        "abandoned",
        "abandoned",
        "The only workflow was deleted.",
        "Closes as not planned; a new failure would reopen it.",
        _abandoned,
    ),
    (
        "accepted",
        "accepted",
        "A person closed it as not planned, and it goes on failing.",
        "Writes nothing until a person reopens it.",
        _accepted,
    ),
    (
        "muted",
        "muted",
        "A person added the label `investigator:mute`, and it goes on failing.",
        "Writes nothing until the label goes.",
        _muted,
    ),
    (
        "duplicate",
        "duplicate",
        "Two sweeps at the same moment filed it twice.",
        "Keeps the lower number, closes the higher one with a link.",
        _duplicate,
    ),
    (
        "seen-before",
        "seen before",
        "It comes back more than ninety days after the cure.",
        "Files a new issue that links the old one.",
        _anew,
    ),
)


def _page(scene: Scene, number: int, state: str, when: str, does: str) -> str:
    issue = scene.issue(number)
    badge = "🟢 Open" if issue["state"] == "open" else f"🟣 Closed as {issue['state_reason'].replace('_', ' ')}"
    labels = " ".join(f"`{name}`" for name in issue["labels"])
    told = [_comment(one) for one in scene.world.comments.get(number, [])]
    return "\n".join(
        [
            f"# {state.capitalize()}",
            "",
            f"*{when}* **The bot:** {does[0].lower()}{does[1:]}",
            "",
            "[All states](README.md)",
            "",
            "---",
            "",
            f"### {issue['title']} #{number}",
            "",
            f"{badge} · opened by {issue['author']} on {_day(issue['created_at'])} · {labels}",
            "",
            issue["body"].rstrip(),
            *told,
            "",
        ]
    )


def _comment(one: dict[str, str]) -> str:
    return f"\n---\n\n**{one['author']}** commented on {_day(one['created_at'])}\n\n{one['body'].rstrip()}"


def _day(stamp: str) -> str:
    return f"{stamp[:10]} {stamp[11:16]} UTC"


def gallery() -> dict[str, str]:
    """File name → text of every page."""
    made = list(plates())
    rows = [f"| [{each.state}]({each.slug}.md) | {each.when} | {each.does} |" for each in made]
    index = "\n".join(
        [
            "# Gallery",
            "",
            "What an issue looks like in each of its states, made by the program itself in an invented repository",
            "(`make gallery`). The first seven pages are the life of one issue. When the bot does what is told in",
            "[lifecycle.md](../lifecycle.md).",
            "",
            "| state | what happened | what the bot does |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )
    return {"README.md": index} | {f"{each.slug}.md": each.page for each in made}


def main(arguments: Sequence[str]) -> int:
    """Write the pages into a folder, and take away those that are no longer made."""
    [folder] = map(Path, arguments)
    pages = gallery()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(pages)} pages in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
