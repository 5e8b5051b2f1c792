"""Histories: steps that the world takes, and what is looked at after every sweep."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from failure_investigator.errors import InvestigatorError
from failure_investigator.incidents.lifecycle import FIRST_SWEEP
from failure_investigator.model import Marker
from failure_investigator.render.comment import key_of
from failure_investigator.settings import Settings
from failure_investigator.trackers.marker import parse_marker
from tests.model.facts import NAME, WORKFLOWS, matters
from tests.model.hub import BOT, PERSON, Fault, Killed, Post, forgotten
from tests.model.oracle import MUTE, Case, Oracle, Verdict
from tests.model.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Arguments = tuple[Any, ...]
Step = tuple[str, Arguments]
FINE = {"build": "success", "publish": "success"}
OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "green": FINE,
    "skipped": {**FINE, "publish": "skipped"},
    "cancelled": {**FINE, "publish": "cancelled"},
    "flaky": {"build": "other", "publish": "success"},
    "broken": {**FINE, "publish": "other"},
    "both": {"build": "missing", "publish": "missing"},
    "two": {"build": "npm", "publish": "missing"},
    "early": {"build": "missing", "publish": "skipped"},
    "gone": {**FINE, "publish": "missing", "logs": "gone"},
    **{kind: {**FINE, "publish": kind} for kind in ("missing", "invalid", "npm", "docker", "push")},
}
NOTE = "\nA note of a person's.\n"


class ViolationError(AssertionError):
    """The sweep did something else than the rules say."""


@dataclass(frozen=True)
class Before:
    """An issue before a sweep."""

    state: str
    body: str
    comments: int
    writes: int
    labels: tuple[str, ...]


@dataclass
class History:
    """One world, its oracle, and what happened so far. `counts` tells the transitions that the oracle saw."""

    min_failures: int = 2
    close_after: int = 2
    hours: int = 24
    counts: Counter[str] = field(default_factory=Counter)
    steps: list[Step] = field(default_factory=list)
    sweeps: int = 0

    def __post_init__(self) -> None:
        settings = Settings(
            repository=NAME, labels=("failure-investigator",), lookback=timedelta(hours=self.hours),
            min_failures=self.min_failures, close_after=self.close_after,
        )  # fmt: skip
        self.world = World(settings)
        self.oracle = Oracle(self.world)
        self.pending: dict[int, tuple[str, ...]] = {}
        self.titles: dict[int, str] = {}
        self.texts: dict[int, int] = {}
        self.bursts = 0

    def do(self, name: str, *arguments: Any) -> None:
        """One step; one that does not fit the world as it is does nothing."""
        self.steps.append((name, arguments))
        getattr(self, f"_{name}")(*arguments)

    # What happens -----------------------------------------------------------------------------------------------------

    def _run(self, workflow: int, place: str, outcome: str, back: int = 0, hours: float = 0) -> None:
        if self.world.states[workflow] != "active" or (place == "branch" and not self.world.branch):
            return
        self.world.run(workflow, place, OUTCOMES[outcome], back=back, hours=hours)

    def _burst(self, workflow: int, outcome: str) -> None:
        if not self.bursts:
            self.bursts += 1
            for _ in range(11):
                self._run(workflow, "default", outcome)

    def _flood(self, outcome: str) -> None:
        """All workflows fail at once, as often as opens an issue."""
        for workflow in WORKFLOWS:
            for _ in range(self.min_failures):
                self._run(workflow, "default", outcome)

    def _cure(self, workflow: int, outcome: str) -> None:
        """An issue from its first failure to its closing; the cure is a commit."""
        for end in (outcome, "green"):
            for _ in range(3):
                self._run(workflow, "default", end)
            self._swept(None)
            self._commit()

    def _rerun(self, pick: int, outcome: str) -> None:
        """Again: the newest run of a stream; one that is older than the window GitHub does not list."""
        start = self.world.now - self.world.settings.lookback
        newest: dict[tuple[int, str, str], int] = {}
        for attempt in self.world.latest:
            run = attempt.run
            newest.setdefault((run.workflow.id, run.branch, run.head_repository), run.id)
        firsts = [self.world.attempts[number][0].run for number in newest.values()]
        numbers = [
            run.id for run in firsts if self.world.states[run.workflow.id] == "active" and run.created_at > start
        ]
        if numbers:
            self.world.rerun(numbers[pick % len(numbers)], OUTCOMES[outcome])

    def _commit(self) -> None:
        self.world.commit += 1

    def _pass(self, hours: float) -> None:
        self.world.now += timedelta(hours=hours)

    def _workflow(self, workflow: int, state: str) -> None:
        if self.world.states[workflow] != "deleted":
            self._tick()
            self.world.states[workflow] = state

    def _branch(self, exists: bool) -> None:  # noqa: FBT001 - a step's argument
        self.world.branch = exists

    # What people do ---------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self.world.now += timedelta(minutes=1)

    def _pick(self, pick: int, state: str) -> Post | None:
        """One of the bot's issues in a state, as far as people still leave it to the bot."""
        self._tick()
        posts = [p for p in self.world.hub.posts.values() if p.author == BOT and p.state == state]
        return posts[-1 - pick % len(posts)] if posts else None

    def _mute(self, pick: int) -> None:
        if (post := self._pick(pick, "open")) and MUTE not in post.labels:
            post.labels.append(MUTE)
            post.updated_at = self.world.now

    def _unmute(self) -> None:
        self._tick()
        for post in self.world.hub.posts.values():
            if MUTE in post.labels:
                post.labels.remove(MUTE)
                post.updated_at = self.world.now

    def _close(self, pick: int, login: str, reason: str) -> None:
        if post := self._pick(pick, "open"):
            post.close(login, reason, self.world.now)

    def _reopen(self, pick: int) -> None:
        if post := self._pick(pick, "closed"):
            post.reopen(PERSON, self.world.now)

    def _write(self, pick: int, before: bool) -> None:  # noqa: FBT001 - a step's argument
        """Text of a person's, before the block or behind it."""
        post = self._pick(pick, "open")
        if post is None:
            return
        first, _, rest = post.body.partition("\n")
        post.body = f"{first}\n{NOTE}{rest}" if before else f"{post.body}{NOTE}"
        post.updated_at = self.world.now
        self.texts[post.number] = self.texts.get(post.number, 0) + 1

    def _rename(self, pick: int) -> None:
        if post := self._pick(pick, "open"):
            post.title = self.titles[post.number] = f"Ours, number {post.number}"
            post.updated_at = self.world.now

    def _unlabel(self, pick: int) -> None:
        if post := self._pick(pick, "open"):
            post.labels = [label for label in post.labels if label == MUTE]
            post.updated_at = self.world.now

    def _take(self, pick: int) -> None:
        """A person removes the first line."""
        if (post := self._pick(pick, "open")) and post.body.startswith("<!-- failure-investigator:v1"):
            post.body = post.body.partition("\n")[2]
            post.updated_at = self.world.now

    def _copy(self, pick: int) -> None:
        """A person files the same text, marker included."""
        if post := self._pick(pick, "open"):
            self.world.hub.open(PERSON, post.title, post.body, [])

    # Sweeps -----------------------------------------------------------------------------------------------------------

    def _sweep(self, twice: bool = False) -> None:  # noqa: FBT001, FBT002 - a step's argument
        before = self.counts.copy()
        self._swept(None)
        if twice:
            if any(self.counts[told] > before[told] for told in ("regressed", "claimed", "insisted", "capped")):
                self._swept(None)  # only an open issue's streams are listed from its last failures on
            written = self.world.hub.written
            self.world.sweep()
            self._say(written == self.world.hub.written, "the same sweep again wrote something")

    def _fault(self, kind: str, at: int, clean: bool) -> None:  # noqa: FBT001 - a step's argument
        fault = Fault(kind, at)
        if kind == "between":
            fault.between = self.world.sweep
        self._swept(fault)
        if clean:
            self._swept(None)

    def _swept(self, fault: Fault | None) -> None:
        self._tick()
        self.sweeps += 1
        before = {number: _before(post) for number, post in self.world.hub.posts.items()}
        first = not any(
            p.author == BOT and not forgotten(p, self.world.now) for p in self.world.hub.posts.values()
        )  # fmt: skip
        expected = self.oracle.expect()
        whole = fault is None or fault.kind == "between"
        try:
            self.world.sweep(fault)
        except Killed:
            self.counts["killed"] += 1
        except InvestigatorError as error:
            self._say(fault is not None and fault.struck, f"the sweep gave up: {error}")
            self.counts["gave up"] += 1
        whole = whole or (fault is not None and not fault.struck)
        self._compare(expected, before, whole=whole, first=first, twins=fault is not None)

    # What is looked at after ------------------------------------------------------------------------------------------

    def _compare(
        self, expected: Sequence[Verdict], before: Mapping[int, Before], *, whole: bool, first: bool, twins: bool
    ) -> None:
        posts = self.world.hub.posts
        named = {verdict.number for verdict in expected}
        for number, known in before.items():
            if number not in named:
                self._say(posts[number].writes == known.writes, f"#{number} was written to, which nothing asks for")
        for verdict in expected:
            if verdict.number:
                self._judge(verdict, before[verdict.number], whole=whole, twins=twins)
            elif verdict.note == "handed over":
                self.counts["handed over"] += 1
        made = [post for number, post in posts.items() if number not in before and post.author == BOT]
        self._made([v for v in expected if v.verb == "create"], made, whole=whole, first=first, twins=twins)
        self._people()
        if whole:
            self._one_each()

    def _judge(self, verdict: Verdict, before: Before, *, whole: bool, twins: bool) -> None:
        """One issue that there was before."""
        post, number = self.world.hub.posts[verdict.number], verdict.number
        heads = [_told(text) for login, text in post.comments[before.comments :] if login == BOT]
        if not verdict.verb:
            self._say(post.writes == before.writes, f"#{number} was written to: {verdict.note or 'left alone'}")
            self.counts[verdict.note] += bool(verdict.note)
            return
        written = post.body != before.body or post.state != before.state
        told = list(verdict.told[:1])
        allowed = [told]
        if self.pending.get(number) == verdict.told or not whole:
            allowed.append([])
        if twins:  # between looking for a comment and writing it another sweep may write the same
            heads = list(dict.fromkeys(heads))
        self._say(heads in allowed, f"#{number}: told {heads}, not {told}")
        if not whole and not written:
            if heads:
                self.pending[number] = verdict.told
            return
        self._state(verdict, post)
        self._count(verdict, self.oracle.cases[number])
        self.pending.pop(number, None)
        self.oracle.cases[number] = verdict.case

    def _state(self, verdict: Verdict, post: Post) -> None:
        """State, reason and what the marker says."""
        state, reason = {
            "resolved": ("closed", "completed"), "abandoned": ("closed", "not_planned"), "duplicate": ("closed", "duplicate"),
        }.get(verdict.case.state, ("open", ""))  # fmt: skip
        self._say(post.state == state, f"#{post.number} is {post.state}, not {state} ({verdict.case.state})")
        if reason:
            self._say(post.state_reason == reason, f"#{post.number} was closed as {post.state_reason}, not {reason}")
        marker = parse_marker(post.body, NAME)
        if not isinstance(marker, Marker):
            raise self._violation(f"#{post.number}: {marker or 'its marker is gone'}")
        case = verdict.case
        said = (marker.state, marker.total, matters()[marker.fingerprint])
        meant = (case.state, len(case.counted), case.matter)
        self._say(said == meant, f"#{post.number} says {said}, not {meant}")

    def _made(self, expected: list[Verdict], made: list[Post], *, whole: bool, first: bool, twins: bool) -> None:
        """New issues."""
        wanted = {verdict.case.matter: verdict for verdict in expected}
        seen: Counter[str] = Counter()
        for post in made:
            marker = parse_marker(post.body, NAME)
            if not isinstance(marker, Marker):
                raise self._violation(f"#{post.number} was filed without a marker")
            matter = matters()[marker.fingerprint]
            self._say(matter in wanted, f"#{post.number} was filed about {matter}, which nothing asks for")
            seen[matter] += 1
            case = wanted[matter].case
            if seen[matter] > 1 or post.state == "closed":
                self._twin(post, case)
                continue
            self.counts["open"] += 1
            self.counts[wanted[matter].note] += bool(wanted[matter].note)
            self.oracle.cases[post.number] = case
            self._state(Verdict(case), post)
        if whole:
            self._capped(wanted, seen, first=first, twins=twins)

    def _twin(self, post: Post, case: Case) -> None:
        closed = post.state == "closed"
        self.counts["twin closed"] += closed
        self.oracle.cases[post.number] = replace(case, state="duplicate" if closed else "open")
        if closed:
            self._say(post.state_reason == "duplicate", f"the twin #{post.number} was closed as {post.state_reason}")

    def _capped(self, wanted: Mapping[str, Verdict], seen: Counter[str], *, first: bool, twins: bool) -> None:
        """All that should be filed was, but for the first sweep's cap, which the largest pass first."""
        left = [verdict for matter, verdict in wanted.items() if not seen[matter]]
        if not first:
            self._say(not left, f"nothing was filed about {[verdict.case.matter for verdict in left]}")
            return
        self._say(len(seen) == min(FIRST_SWEEP, len(wanted)) or twins, f"the first sweep filed {len(seen)} issues")
        smallest = min((wanted[matter].size for matter in seen), default=0)
        self._say(all(v.size <= smallest for v in left) or twins, "the first sweep did not file the largest ones")
        self.counts["capped"] += bool(left)

    def _people(self) -> None:
        """What people wrote and removed stays as they left it."""
        for number, post in self.world.hub.posts.items():
            kept = self.titles.get(number, post.title)
            self._say(post.title == kept, f"the title of #{number} was changed from {kept!r}")
            texts = post.body.count(NOTE.strip())
            self._say(post.author != BOT or texts == self.texts.get(number, 0), f"#{number}: {texts} notes are left")

    def _one_each(self) -> None:
        """At most one open issue a matter, but for those that people opened again or keep quiet."""
        opened = Counter(
            case.matter
            for number, case in self.oracle.cases.items()
            if (post := self.world.hub.posts[number]).state == "open"
            and case.state != "duplicate"
            and MUTE not in post.labels
            and post.body.startswith("<!-- failure-investigator:v1")
        )
        self._say(all(count == 1 for count in opened.values()), f"several open issues: {opened}")

    def _count(self, verdict: Verdict, before: Case) -> None:
        self.counts.update(verdict.told)
        case = verdict.case
        if not verdict.told and len(case.counted) > len(before.counted):
            self.counts["ongoing"] += 1
        if case.state in ("recovering", "dormant") and case.state != before.state:
            self.counts[case.state] += 1

    def _say(self, fine: bool, what: str) -> None:  # noqa: FBT001 - the one check of all
        if not fine:
            raise self._violation(what)

    def _violation(self, what: str) -> ViolationError:
        steps = "\n".join(f"    history.do{(name, *arguments)!r}" for name, arguments in self.steps)
        start = f"History({self.min_failures}, {self.close_after}, {self.hours})"
        return ViolationError(f"{what}\n    history = {start}\n{steps}")


def _before(post: Post) -> Before:
    return Before(post.state, post.body, len(post.comments), post.writes, tuple(post.labels))


def _told(text: str) -> str:
    """The weightiest transition that a comment tells, by its key."""
    found = re.match(r"\S+:\d+:([a-z]+)(?::|$)", key_of(text))
    return found[1] if found else "a comment without a key"
