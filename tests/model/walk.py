"""Random histories: a seed gives the same steps again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from tests.model.facts import WORKFLOWS
from tests.model.history import OUTCOMES, History, ViolationError
from tests.model.hub import OTHER_BOT, PERSON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.model.history import Arguments, Step

STEPS = (25, 45)
"""Steps of a history, but for a flood before them."""
FAULTS = ("before", "after", "lost", "broken", "limit", "down", "between")
FLOODED = 0.05
"""Of so many histories it is all workflows that fail at the beginning."""
CURED = 0.08
"""Of so many it is an issue that was cured, and what failed long after, or soon on an older commit."""
HOURS = (1, 1, 2, 3, 6, 12, 12, 23, 23, 25, 25, 49, 170, 24 * 12, 24 * 31, 24 * 40, 24 * 101)
REASONS = ("completed", "completed", "not_planned", "duplicate")


@dataclass
class Chance:
    """What happens next, by a seed. Runs are mostly of one workflow, and for a while failing alike, or fine."""

    rng: Random
    kind: str
    home: int
    healing: bool = False
    closed: bool = False
    """Whether an issue is closed: then a long time passes more often."""

    @property
    def usual(self) -> str:
        """How runs of the present end."""
        return "green" if self.healing else self.kind

    def workflow(self) -> int:
        """Mostly the same."""
        return self.home if self.rng.random() < 0.7 else self.rng.choice(tuple(WORKFLOWS))

    def newest(self) -> int:
        """Which issue a person looks at: mostly the newest."""
        return self.rng.choice((0, 0, 1, 2))

    def run(self) -> Arguments:
        """A run."""
        rng = self.rng
        outcome = self.usual if rng.random() < 0.8 else rng.choice(tuple(OUTCOMES))
        place = rng.choice(("default",) * 15 + ("branch", "pull_request", "fork"))
        back = rng.choice((0, 1, 3, 5) if self.closed else (0, 0, 0, 1, 3))
        return self.workflow(), place, outcome, back, rng.choice((0,) * 9 + (5,))

    def passes(self) -> Arguments:
        """Hours; after three months it fails again."""
        if self.closed and self.rng.random() < 0.3:
            self.healing = False
            return (24 * 92,)
        return (self.rng.choice(HOURS),)

    def fault(self) -> Arguments:
        """A sweep in which something goes wrong, and mostly a whole one after."""
        kind = self.rng.choice(FAULTS)
        place = self.rng.randrange(12) if kind == "down" else self.rng.choice((0, 0, 1, 2, 3))
        return kind, place, self.rng.random() < 0.7

    def closing(self) -> Arguments:
        """Who closes which issue as what."""
        return self.newest() % 2, self.rng.choice((PERSON, PERSON, OTHER_BOT)), self.rng.choice(REASONS)


_ISSUE: Callable[[Chance], Arguments] = lambda chance: (chance.newest(),)  # noqa: E731 - one of a table of such
WEIGHTS: Mapping[str, tuple[float, Callable[[Chance], Arguments]]] = {
    "run": (34, Chance.run),
    "sweep": (22, lambda chance: (chance.rng.random() < 0.3,)),
    "pass": (8, Chance.passes),
    "fault": (6, Chance.fault),
    "rerun": (3, lambda c: (c.rng.randrange(6), c.rng.choice(("green", c.usual, c.kind, "skipped", "broken")))),
    "commit": (6, lambda _: ()),
    "burst": (1.2, lambda chance: (chance.workflow(), chance.kind)),
    "mute": (1.2, _ISSUE),
    "unmute": (1.5, lambda _: ()),
    "close": (2, Chance.closing),
    "reopen": (2, _ISSUE),
    "write": (1, lambda chance: (chance.newest(), chance.rng.random() < 0.5)),
    "rename": (0.7, _ISSUE),
    "unlabel": (0.5, _ISSUE),
    "take": (0.5, _ISSUE),
    "copy": (0.3, _ISSUE),
    "workflow": (1.8, lambda c: (c.workflow(), c.rng.choice(("active",) * 3 + ("disabled_manually", "deleted")))),
    "branch": (0.4, lambda chance: (chance.rng.random() < 0.7,)),
}
"""Step → how often it comes among all, and what it is about."""


def start(seed: int) -> tuple[History, Random]:
    """A world with settings of its own, and the chance that goes on."""
    rng = Random(seed)  # noqa: S311 - repeatable, nothing is hidden by it
    return History(rng.choice((1, 2, 2, 3)), rng.choice((1, 2, 2, 3)), rng.choice((24, 24, 168))), rng


def steps(history: History, rng: Random) -> Iterator[Step]:
    """The steps of a history, each made when the one before was taken."""
    chance = Chance(rng, rng.choice(("missing", "missing", "npm", "docker", "push")), rng.choice(tuple(WORKFLOWS)))
    if rng.random() < FLOODED:
        yield "flood", (rng.choice(("push", "push", "missing")),)
    if rng.random() < CURED:
        yield "cure", (chance.home, chance.kind)
        late = rng.random() < 0.5
        yield "pass", (24 * 92 if late else 25,)
        yield from (("run", (chance.home, "default", chance.kind, 0 if late else 2, 0)) for _ in range(3))
        yield "sweep", (False,)
    names, weights = list(WEIGHTS), [weight for weight, _ in WEIGHTS.values()]
    for _ in range(rng.randint(*STEPS)):
        chance.healing ^= rng.random() < 0.12
        chance.closed = any(post.state == "closed" for post in history.world.hub.posts.values())
        name = rng.choices(names, weights)[0]
        yield name, WEIGHTS[name][1](chance)


def walk(seed: int) -> History:
    """The history of a seed. Raises `ViolationError`."""
    history, rng = start(seed)
    for name, arguments in steps(history, rng):
        history.do(name, *arguments)
    return history


def shrunk(history: History, error: ViolationError) -> ViolationError:
    """The violation of a failed history, without the steps that it does not need."""
    kept = list(history.steps)
    for place in reversed(range(len(kept))):
        fewer = [*kept[:place], *kept[place + 1 :]]
        again = _replayed(history, fewer)
        if again is not None and _kind(again) == _kind(error):
            kept, error = fewer, again
    return error


def _replayed(history: History, taken: Sequence[Step]) -> ViolationError | None:
    """The violation that these steps come to in a world with the same settings, if they do."""
    again = History(history.min_failures, history.close_after, history.hours)
    try:
        for name, arguments in taken:
            again.do(name, *arguments)
    except ViolationError as error:
        return error
    return None


def _kind(error: ViolationError) -> str:
    """The first line without numbers."""
    return re.sub(r"\d+", "", str(error).partition("\n")[0])
