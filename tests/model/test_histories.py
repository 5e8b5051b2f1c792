"""Random histories of runs, people's acts, faults and kills against the oracle; `make soak` walks thousands more."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.model.facts import PLACES, WORKFLOWS
from tests.model.history import OUTCOMES, History
from tests.model.hub import OTHER_BOT, PERSON
from tests.model.walk import FAULTS, HOURS, REASONS

workflows = st.sampled_from(tuple(WORKFLOWS))
issues = st.integers(0, 3)
kinds = st.sampled_from(("missing", "npm", "docker", "push"))
few = st.sampled_from((2, 1, 3))


class Lifecycle(RuleBasedStateMachine):
    """After every sweep each issue is what the oracle says, and nobody was told what is no transition."""

    @initialize(least=few, good=few, hours=st.sampled_from((24, 168)), kind=kinds, home=workflows)
    def begins(self, least: int, good: int, hours: int, kind: str, home: int) -> None:
        self.history, self.kind, self.home = History(least, good, hours), kind, home

    @rule(times=st.integers(1, 3))
    def fails_as_usual(self, times: int) -> None:
        for _ in range(times):
            self.history.do("run", self.home, "default", self.kind)

    @rule(times=st.integers(1, 3))
    def is_fine(self, times: int) -> None:
        for _ in range(times):
            self.history.do("run", self.home, "default", "green")

    @rule(
        workflow=workflows, place=st.sampled_from(PLACES), outcome=st.sampled_from(tuple(OUTCOMES)),
        back=st.sampled_from((0, 1, 3)), hours=st.sampled_from((0, 5)),
    )  # fmt: skip
    def runs(self, workflow: int, place: str, outcome: str, back: int, hours: int) -> None:
        self.history.do("run", workflow, place, outcome, back, hours)

    @rule(pick=issues, outcome=st.sampled_from(("green", "skipped", "broken", "missing")))
    def runs_again(self, pick: int, outcome: str) -> None:
        self.history.do("rerun", pick, outcome)

    @rule(workflow=workflows, outcome=kinds)
    def fails_often(self, workflow: int, outcome: str) -> None:
        self.history.do("burst", workflow, outcome)

    @rule(twice=st.booleans())
    def sweeps(self, twice: bool) -> None:  # noqa: FBT001 - drawn
        self.history.do("sweep", twice)

    @rule(hours=st.sampled_from(HOURS))
    def passes_and_sweeps(self, hours: int) -> None:
        self.history.do("pass", hours)
        self.history.do("sweep", False)

    @rule(kind=st.sampled_from(FAULTS), at=st.integers(0, 5), clean=st.booleans())
    def is_cut_off(self, kind: str, at: int, clean: bool) -> None:  # noqa: FBT001 - drawn
        self.history.do("fault", kind, at, clean)

    @rule(pick=issues)
    def mutes(self, pick: int) -> None:
        self.history.do("mute", pick)

    @rule()
    def unmutes(self) -> None:
        self.history.do("unmute")

    @rule(pick=issues, login=st.sampled_from((PERSON, OTHER_BOT)), reason=st.sampled_from(REASONS))
    def closes(self, pick: int, login: str, reason: str) -> None:
        self.history.do("close", pick, login, reason)

    @rule(pick=issues)
    def reopens(self, pick: int) -> None:
        self.history.do("reopen", pick)

    @rule(pick=issues, act=st.sampled_from(("rename", "unlabel", "copy")))
    def touches(self, pick: int, act: str) -> None:
        self.history.do(act, pick)

    @rule(pick=issues, before=st.booleans())
    def writes(self, pick: int, before: bool) -> None:  # noqa: FBT001 - drawn
        self.history.do("write", pick, before)

    @rule(pick=issues)
    def takes_over(self, pick: int) -> None:
        self.history.do("take", pick)

    @rule(workflow=workflows, state=st.sampled_from(("active", "disabled_manually", "deleted")))
    def changes_a_workflow(self, workflow: int, state: str) -> None:
        self.history.do("commit")
        self.history.do("workflow", workflow, state)


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(
    max_examples=300, stateful_step_count=30, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip
