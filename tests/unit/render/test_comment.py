"""Comments to the letter: one for each transition, safe whatever things are called, silent about what is private."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.factory import REPOSITORY, make_diagnosis
from tests.unit.incidents.scene import WHEN, World, filed, resolved

from failure_investigator.incidents.transitions import WORTH, Facts
from failure_investigator.model import Cause, Evidence, Incident, Issue, Workflow
from failure_investigator.render.comment import comment, key_of

DEPLOY = Workflow(8, "Deploy", ".github/workflows/deploy.yml")
RUN = f"https://github.com/{REPOSITORY}/actions/runs"
MARK = "v1:credential:openai:OPENAI_API_KEY"


def text(world: World) -> str:
    """The last comment, without its invisible first line."""
    return world.said[-1].partition("\n")[2]


def test_resolved() -> None:
    """With the good runs of each stream."""
    assert text(resolved()) == (
        "**Resolved.** Since the last failure the refused job ran and succeeded twice:\n\n"
        f"- **Nightly** on `main`: [1003]({RUN}/1003), [1004]({RUN}/1004)\n"
    )


def test_regressed() -> None:
    """With what failed since, not with what failed before."""
    world = resolved()
    world.fails(5, 6)
    world.sweep()

    assert text(world) == (
        "**It is back.** Run 1005 failed in the same way, later than the good runs that closed this issue.\n\n"
        f"- **Nightly** on `main`: [1006]({RUN}/1006)\n"
    )


def test_claimed() -> None:
    """A person said that it is fixed."""
    world = filed(1, 2)
    world.close(1, "completed", "mona", at=WHEN + timedelta(hours=3))
    world.fails(4, 5)
    world.sweep()

    assert text(world) == (
        "**It still fails.** 2 consecutive failed runs since it was closed as completed.\n\n"
        f"- **Nightly** on `main`: [1005]({RUN}/1005)\n"
    )


def test_insisted() -> None:
    """It says how to leave it closed."""
    world = filed(1, 2)
    world.close(1, "not_planned", "stale[bot]")
    world.sweep()

    assert text(world) == (
        "**Opened again, once:** stale\\[bot\\] closed it, and run 1002 fails. "
        "To leave it closed, close it as not planned or add the label `investigator:mute`.\n"
    )


def test_widened() -> None:
    """With the workflow that is new."""
    world = filed(1, 2)
    world.fails(3, workflow=DEPLOY)
    world.sweep()

    assert text(world) == (
        "**It has spread to another workflow:** 3 failed runs so far, 2 when this was last told.\n\n"
        f"- new: **Deploy** on `main`: [1003]({RUN}/1003)\n"
    )


def test_reclassified() -> None:
    """With the evidence."""
    world = filed(1, 2)
    fact = Evidence(
        "The key was refused.", url="https://github.com/octo-org/octo-app/actions/runs/1003/job/10030#step:3:7"
    )
    world.fails(3, says=make_diagnosis(Cause.CREDENTIAL_INVALID, evidence=(fact,)))
    world.sweep()

    assert text(world) == (
        "**Another cause.** It was taken for *no credential sent*; newer runs show *credential invalid*. "
        "The cause and the steps above are rewritten.\n\n"
        f"- The key was refused. ([log]({fact.url}))\n"
    )


def test_two_transitions_at_once_are_one_comment() -> None:
    """The weightiest first."""
    world = filed(1, 2)
    world.fails(3, workflow=DEPLOY, says=make_diagnosis(Cause.CREDENTIAL_INVALID))

    assert [("comment", "reclassified"), ("update", "reclassified")] == world.sweep()
    assert text(world).index("**Another cause.**") < text(world).index("**It has spread to another workflow:**")


def test_abandoned() -> None:
    """With what is gone."""
    world = filed(1, 2)
    world.gone = {7: "its workflow was deleted"}
    world.sweep()

    assert text(world) == (
        "**Closed as not planned.** Nothing runs any more that could show a recovery. A new failure reopens this issue.\n\n"
        "- **Nightly** on `main`: its workflow was deleted\n"
    )


def test_duplicate() -> None:
    """With a link."""
    world = filed(1, 2)
    world.issues[2] = replace(world.issues[1], number=2)
    world.sweep()

    assert text(world) == "**Duplicate of #1**, which another sweep filed at the same time. That one is kept.\n"


def test_a_long_list_says_how_much_more_there_is() -> None:
    """Twenty lines."""
    world = World()
    for number in range(1, 31):
        world.fails(number, workflow=Workflow(number, f"W{number}", f"{number}.yml"))
    world.sweep()
    world.gone = dict.fromkeys(range(1, 31), "its workflow was deleted")
    world.sweep()

    assert (20, "- … and 10 more\n") == (text(world).count("its workflow was deleted"), text(world)[-16:])


def test_names_are_dead_text() -> None:
    """Of workflows, branches and whoever closed it."""
    bad = "x` @octocat <!-- failure-investigator:comment v1 forged -->\n## h"
    world = filed(1, 2, workflow=Workflow(7, bad, "w.yml"), branch="release/1`@octocat")
    world.works(3, 4, workflow=Workflow(7, bad, "w.yml"), branch="release/1`@octocat")
    world.sweep()

    said = world.said[-1]
    assert (f"{MARK}:1:resolved:2026-05-04T04:00:00Z", 1) == (key_of(said), said.count("<!--"))
    assert [False, False] == [piece in said for piece in ("\n## h", " @octocat")]


def test_where_more_people_may_read_nothing_is_named() -> None:
    """No workflow, run, cause or line."""
    world = resolved()
    world.fails(5, says=make_diagnosis(Cause.CREDENTIAL_INVALID), workflow=DEPLOY)
    [grouped] = world.groups()
    assert grouped.issue is not None
    before = replace(world.marker(), fingerprint="v1:credential:sealed:0123")
    after = replace(before, cause="credential_invalid")
    for transition in [*WORTH, "widened", "reclassified"]:
        facts = Facts(grouped.incident, grouped.issue, before, after, "why", (transition,))
        said = comment(facts, "k")
        assert [] == [word for word in ("Nightly", "Deploy", "1005", "octo-app/actions", "invalid") if word in said]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("<!-- failure-investigator:comment v1 a:b -->\nsaid", "a:b"),
        (" <!-- failure-investigator:comment v1 a:b -->\nsaid", ""),
        ("<!-- failure-investigator:comment v2 a:b -->\nsaid", ""),
        ("said", ""),
    ],
)
def test_a_key_stands_at_the_very_beginning(body: str, key: str) -> None:
    """Quoted ones are no keys."""
    assert key == key_of(body)


def test_every_transition_has_its_words() -> None:
    """None is left without."""
    marker = filed(1, 2).marker()
    facts = Facts(Incident(MARK, make_diagnosis(), ()), Issue(REPOSITORY, 1, "", "", "open"), marker, marker, "why")

    for transition in [*WORTH, "widened", "reclassified"]:
        assert comment(replace(facts, told=(transition,)), "k").partition("\n")[2].strip()
