"""What should become of every issue, told from what happened: the table "Issue lifecycle" of docs/design.md, once more.

Written from the rules and not from the code. It sees the runs as they really were, the issues as people see them, and keeps
of each issue what an attentive person would note down: which failures it counted, each stream's last one, what cured it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.model.hub import BOT, Post, forgotten
from tests.model.seen import Last, Streak, Stream, refused, sight_of, streak_of, stream_of
from tests.model.world import compared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.model.seen import Seen
    from tests.model.world import World

MUTE = "investigator:mute"
QUIET, REGRESSION = timedelta(days=30), timedelta(days=90)


@dataclass(frozen=True)
class Case:
    """One issue, as its history tells."""

    matter: str
    counted: frozenset[str] = frozenset()
    last: Mapping[Stream, Last] = field(default_factory=dict)
    newest: datetime | None = None  # the start of the newest failure that was counted: it says what the cause is
    cause: str = ""
    announced: int = 0
    state: str = "open"
    since: datetime | None = None
    floor: datetime | None = None
    insisted: bool = False


@dataclass(frozen=True)
class Verdict:
    """What an issue should be after the sweep; `told` are the transitions of its one comment, `verb` '' leaves it alone."""

    case: Case
    number: int = 0
    """0 for a new one."""
    verb: str = ""
    told: tuple[str, ...] = ()
    note: str = ""  # why it is left alone, or what is special about it
    size: int = 0


class Oracle:
    """Keeps a case an issue; `expect` says what a sweep should make of them; whoever sees it made notes it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cases: dict[int, Case] = {}

    def expect(self) -> list[Verdict]:
        """What should become of each matter, and of twins."""
        opened = [case for number, case in self.cases.items() if self._open(number)]
        visible = [case for number, case in self.cases.items() if self._visible(number)]
        seen = sight_of(self.world, opened, visible).streams()
        matters = {case.matter for case in opened}.union(*(each.known for each in seen))
        return [verdict for matter in sorted(matters) for verdict in self._matter(matter, seen)]

    def _matter(self, matter: str, seen: Sequence[Seen]) -> list[Verdict]:
        """What becomes of the issue that a matter belongs to, or of a matter that has none."""
        holder, twins = self._holder(matter)
        case = self._reopened(holder) if self._open(holder) else self.cases.get(holder)
        streaks = []
        for each in seen:
            last = case.last.get(each.stream) if case and self._open(holder) else None
            streak = streak_of(each, matter, last, case.floor if case and self._open(holder) else None)
            mended = streak is not None and streak.last.good and case and each.stream not in case.last
            if streak is not None and (matter in each.known or last is not None) and not mended:
                streaks.append(streak)
        if case is None:
            made = self._created(matter, [streak for streak in streaks if not streak.last.good])
            holder = self._recalled(matter) if made and made[0].verb else 0
            if not holder:
                return made
            case = self.cases[holder]
        post = self._post(holder)
        if MUTE in post.labels:
            verdict = [Verdict(self.cases[holder], holder, note="muted")]
        elif post.state == "closed":
            verdict = self._closed(holder, case, post, streaks)
        else:
            verdict = [self._standing(holder, case, streaks)]
        quiet = [twin for twin in twins if MUTE not in self._post(twin).labels]
        closed = [Verdict(replace(self.cases[t], state="duplicate"), t, "duplicate", ("duplicate",)) for t in quiet]
        return [*verdict, *closed]

    def _why_open(self, matter: str, streaks: list[Streak], after: datetime | None = None) -> bool:
        """A streak of `min-failures` (3 of a cause that passes by itself), or a persistent cause in 3 workflows."""
        going = {}
        for streak in streaks:
            count = sum(after is None or a.run.created_at > after for a in streak.failures)
            if streak.going and count:
                going[streak.stream] = count
        wide = matter != "docker" and len({workflow for workflow, _ in going}) >= 3
        return wide or max(going.values(), default=0) >= self._needed(matter)

    def _needed(self, matter: str) -> int:
        least = self.world.settings.min_failures
        return max(3, least) if matter == "docker" else least

    def _created(self, matter: str, streaks: list[Streak], note: str = "") -> list[Verdict]:
        if not self._why_open(matter, streaks):
            return []
        made = self._counted(Case(matter), streaks)
        if any(self._handed(number) and case.matter == matter for number, case in self.cases.items()):
            return [Verdict(made, note="handed over")]
        size = sum(len(streak.failures) for streak in streaks)
        made = replace(made, state="dormant" if self._quiet(streaks) else "open")
        return [Verdict(replace(made, announced=len(made.counted)), verb="create", note=note, size=size)]

    def _counted(self, case: Case, streaks: list[Streak]) -> Case:
        """The case with all failures counted, each stream's last one noted, and the cause that the newest one shows."""
        fresh = [a for s in streaks for a in s.failures if a.run.key not in case.counted]
        shows = max(fresh, key=lambda a: (a.run.started_at, a.run.id), default=None)
        if shows is not None and (case.newest is None or shows.run.started_at >= case.newest):
            job = min(refused(shows, case.matter))
            case = replace(case, cause=shows.refused[job], newest=shows.run.started_at)
        last = {**case.last, **{streak.stream: streak.last for streak in streaks}}
        return replace(case, counted=case.counted | {a.run.key for a in fresh}, last=last)

    def _quiet(self, streaks: list[Streak]) -> bool:
        """Whether nothing ran in any of the streams for long."""
        runs = [a.run.started_at for s in streaks for a in self.world.latest if stream_of(a) == s.stream]
        return self.world.now - max(runs, default=self.world.now) > QUIET

    def _standing(self, number: int, before: Case, streaks: list[Streak]) -> Verdict:
        """An open issue: resolved, abandoned, recovering, dormant or open, and what is worth a comment."""
        case, needed = self._counted(before, streaks), self.world.settings.close_after
        waiting = [s for s in streaks if not s.gone or len(s.last.good) >= needed]
        if not waiting:
            state = "dormant" if case.floor else "abandoned"
        elif all(len(s.last.good) >= needed for s in waiting):
            state = "resolved"
        elif all(s.last.good for s in waiting):
            state = "recovering"
        else:
            state = "dormant" if self._quiet(waiting) else "open"
        if state == "resolved":
            cured = max(s.last.good[needed - 1].run.started_at for s in waiting)
            return Verdict(replace(case, state=state, since=cured), number, "close", (state,))
        if state == "abandoned":
            return Verdict(replace(case, state=state, since=case.newest), number, "close", (state,))
        told = ["reclassified"] if case.cause != before.cause else []
        spread = {workflow for workflow, _ in case.last} != {workflow for workflow, _ in before.last}
        if spread or len(case.counted) >= 10 * case.announced:
            told.append("widened")
            case = replace(case, announced=len(case.counted))
        return Verdict(replace(case, state=state), number, "keep", tuple(told))

    def _closed(self, number: int, case: Case, post: Post, streaks: list[Streak]) -> list[Verdict]:
        """A closed issue: opened again as far as who closed it allows."""
        rest = [Verdict(case, number)]
        living = [s for s in streaks if not s.gone]
        if case.state in ("resolved", "abandoned") and post.closed_by == BOT:
            unknown = replace(case, state="abandoned")  # of an issue that was only recalled no commits are compared
            later = self._later(unknown if forgotten(post, self.world.now) else case, living)
            if not later and self._later(unknown, living):
                return [replace(rest[0], note="older commit")]
            enough = len(later) >= (self._needed(case.matter) if case.matter == "docker" else 1)
            old = case.state == "resolved"
            told, first, closed = "regressed", min(later, default=None), case.since if old else None
        elif post.closed_by.endswith("[bot]"):
            enough, told, first, closed = any(s.going for s in living), "insisted", None, None
            if case.insisted:
                return rest
        elif post.state_reason == "completed" and post.closed_at is not None:
            starts = [a.run.started_at for s in living for a in s.failures if a.run.created_at > post.closed_at]
            enough = self._why_open(case.matter, living, post.closed_at)
            told, first, closed = "claimed", min(starts, default=None), post.closed_at
        else:
            return [replace(rest[0], note="accepted" if self._why_open(case.matter, living) else "")]
        if not enough:
            return rest
        if first is not None and closed is not None and first - closed > REGRESSION:
            return [*rest, *self._created(case.matter, streaks, "new after 90 days")]
        seen = case.last.keys() <= {streak.stream for streak in streaks}
        state = "dormant" if seen and self._quiet(living) else "open"
        again = replace(self._counted(case, streaks), state=state, insisted=case.insisted or told == "insisted")
        return [Verdict(replace(again, announced=len(again.counted)), number, "reopen", (told,))]

    def _later(self, case: Case, streaks: list[Streak]) -> list[datetime]:
        """Starts of the failures after the good runs that closed it, not on a commit known to be older."""
        later = []
        for streak in (streak for streak in streaks if streak.going):
            last = case.last.get(streak.stream)
            cured = max([last.at, *(a.run.started_at for a in last.good)]) if last else case.since
            for attempt in streak.failures:
                run = attempt.run
                fresh = run.key not in case.counted and cured is not None and run.started_at > cured
                if fresh and not (case.state == "resolved" and last and self._older(last, run.head_sha)):
                    later.append(run.started_at)
        return later

    def _older(self, last: Last, sha: str) -> bool:
        good = [attempt.run.head_sha for attempt in last.good[: self.world.settings.close_after]]
        if not good or sha in good:
            return False
        found = compared(self.world, good[0], sha)
        return sha == last.attempt.run.head_sha or (found is not None and found.status == "behind")

    def _post(self, number: int) -> Post:
        return self.world.hub.posts[number]

    def _handed(self, number: int) -> bool:
        """Whether a person took the issue over by removing its first line."""
        post = self._post(number)
        return not forgotten(post, self.world.now) and not post.body.startswith("<!-- failure-investigator:v1")

    def _visible(self, number: int) -> bool:
        return not self._handed(number) and not forgotten(self._post(number), self.world.now)

    def _open(self, number: int) -> bool:
        return number in self.cases and self._visible(number) and self._post(number).state == "open"

    def _holder(self, matter: str) -> tuple[int, list[int]]:
        """The issue that a matter belongs to (0: none), the lowest open or the newest closed one, and its open twins."""
        own = [n for n, c in sorted(self.cases.items()) if c.matter == matter and self._visible(n)]
        own = [number for number in own if self.cases[number].state != "duplicate"]
        opened = [number for number in own if self._open(number)]
        if opened:
            return opened[0], opened[1:]
        return max(own, default=0), []

    def _recalled(self, matter: str) -> int:
        """The newest issue of a matter that was closed so long ago that it is looked for only before one is filed again."""
        old = [
            n for n, c in self.cases.items() if c.matter == matter and c.state != "duplicate" and not self._visible(n)
        ]
        return max((n for n in old if self._post(n).body.startswith("<!-- failure-investigator:v1")), default=0)

    def _reopened(self, number: int) -> Case:
        """An open issue that a person opened again: what was good until then proves nothing any more."""
        case, post = self.cases[number], self._post(number)
        floors = [at for login, at in post.reopened if login != BOT] if post.state_reason == "reopened" else []
        if case.state in ("resolved", "abandoned"):
            floors += [a.run.started_at for last in case.last.values() for a in last.good]
        floors += [case.floor] if case.floor else []
        return replace(case, floor=max(floors)) if floors else case
