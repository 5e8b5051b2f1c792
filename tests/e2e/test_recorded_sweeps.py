"""A repository recorded on one day and swept again later, and its last days replayed, beside what the live sweeps wrote."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failure_investigator import cli
from failure_investigator.sources.snapshot import SnapshotSource
from tests.e2e.runner_place import environment
from tests.e2e.story import INVALID, MISSING, NIGHTLY, PUBLISH, RELEASE, TESTS, TOKEN, at, writes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tests.e2e.story import Story

ROOT = Path(__file__).parents[2]
OFFLINE = {"INPUT_GITHUB-TOKEN": "", "GITHUB_REPOSITORY": "", "GITHUB_API_URL": "http://127.0.0.1:9"}


def command(
    story: Story, when: datetime, *arguments: str, environ: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """A command at a time: exit code, data and talk."""
    out, err = io.StringIO(), io.StringIO()
    story.world.now = when
    variables = environment(story.standin, story.home, TOKEN, {"GITHUB_ACTIONS": "", **(environ or {})})
    code = cli.run([*arguments], variables, (io.BytesIO(), out, err), lambda: when)
    return code, out.getvalue(), err.getvalue()


def recorded(story: Story, when: datetime, place: Path, *flags: str) -> Path:
    """A snapshot taken at a time."""
    code, out, err = command(story, when, "snapshot", str(place), *flags)
    assert (0, f"{place}\n", False) == (code, out, "warning" in err), err
    return place


def replayed(story: Story, when: datetime, *flags: str) -> dict[str, Any]:
    """What `backtest --format json` tells."""
    story.standin.journal.clear()
    code, out, err = command(story, when, "backtest", "--quiet", "--format", "json", *flags)
    assert 0 == code, err
    assert [] == writes(story.standin)
    told: dict[str, Any] = json.loads(out)
    return told


def swept(story: Story, when: datetime, snapshot: Path, issues: Path) -> str:
    """A sweep of a recording, without a token or a network: the issue's file."""
    flags = ("--snapshot", str(snapshot), "--issues-directory", str(issues))
    code, _, err = command(story, when, "investigate", "--quiet", *flags, environ=OFFLINE)
    assert (0, "") == (code, err)
    return (issues / "0001.md").read_text("utf-8")


def events(told: dict[str, Any]) -> list[str]:
    """What happened to the only incident of a replay, with the day and hour."""
    [incident] = told["incidents"]
    return [f"{each['event']} {each['at'][8:13]} {each['transition'] or ''}".strip() for each in incident["events"]]


def besides(told: dict[str, Any]) -> list[tuple[str, int | None]]:
    """What the comparison says of each issue."""
    return [(each["what"], each["issue"]) for each in told["against"]]


def test_a_recording_is_decided_on_like_the_live_sweep_until_it_closes(story: Story, tmp_path: Path) -> None:
    """The failures lie two days before the window of the sweep that closes; page and comment are the same to the byte."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    first = recorded(story, at(0, 13), tmp_path / "first")
    story.wrote(at(0, 13))
    opened = story.issue()["body"]
    story.succeeds(PUBLISH, at(1, 6))
    story.succeeds(PUBLISH, at(2, 12))
    second = recorded(story, at(2, 13), tmp_path / "second")
    story.wrote(at(2, 13))
    pages = [swept(story, at(9), snapshot, tmp_path / "issues") for snapshot in (first, second)]

    assert ["1 closed completed"] == story.states()
    assert [opened, story.issue()["body"]] == [page.partition("\n\n")[2] for page in pages]
    assert '"state": "closed", "state_reason": "completed"' in pages[1]
    assert story.world.comments[1][0]["body"].rstrip() in (tmp_path / "issues/0001.comments.md").read_text("utf-8")


def test_a_recording_without_an_issue_of_its_own_decides_like_the_first_sweep(story: Story, tmp_path: Path) -> None:
    """Filed or not when it was recorded."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    story.wrote(at(0, 13))

    page = swept(story, at(9), recorded(story, at(0, 13), tmp_path / "after"), tmp_path / "issues")

    assert story.issue()["body"] == page.partition("\n\n")[2]
    assert [1] == [issue.number for issue in SnapshotSource(tmp_path / "after").issues() or ()]


def test_a_workflow_that_is_gone_is_gone_in_the_recording(story: Story, tmp_path: Path) -> None:
    """Closed as not planned by both; a recording that does not know closes nothing."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    first = recorded(story, at(0, 13), tmp_path / "first")
    story.wrote(at(0, 13))
    story.world.states[PUBLISH.path] = "disabled_manually"
    second = recorded(story, at(3), tmp_path / "second")
    story.wrote(at(3))
    swept(story, at(9), first, tmp_path / "issues")
    (second / "workflows.json").rename(tmp_path / "states")
    unknown = swept(story, at(9), second, tmp_path / "issues")
    (tmp_path / "states").rename(second / "workflows.json")
    page = swept(story, at(9), second, tmp_path / "issues")

    assert ["1 closed not_planned"] == story.states()
    assert (True, False) == ('"state": "open"' in unknown, '"state": "open"' in page)
    assert story.issue()["body"] == page.partition("\n\n")[2]


def test_jobs_that_were_not_recorded_end_no_sweep(story: Story, tmp_path: Path) -> None:
    """A green run without them proves nothing, a failed one is not read; later ones that are there still count."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    first = recorded(story, at(0, 13), tmp_path / "first")
    swept(story, at(9), first, tmp_path / "issues")
    story.wrote(at(0, 13))
    green = [story.succeeds(PUBLISH, at(1, hour)) for hour in (6, 9, 12)]
    second = recorded(story, at(1, 13), tmp_path / "second", "--lookback", "2d", "--close-after", "3")
    (second / "jobs" / f"{green[0].key}.json").unlink()
    (second / "jobs" / f"{green[1].key}.json").rename(tmp_path / "kept")
    one = swept(story, at(9), second, tmp_path / "issues")
    (tmp_path / "kept").rename(second / "jobs" / f"{green[1].key}.json")
    two = swept(story, at(9), second, tmp_path / "issues")
    (first / "jobs" / "101.1.json").unlink()
    code, out, _ = command(
        story,
        at(9),
        "investigate",
        "--snapshot",
        str(first),
        "--issues-directory",
        str(tmp_path / "x"),
        environ=OFFLINE,
    )

    assert (True, True) == ('"state": "open"' in one, '"state": "closed"' in two)
    assert (0, True) == (code, "the jobs of 1 failed run are not known" in out)


def test_the_last_days_are_recorded_replayed_and_compared(story: Story) -> None:
    """Only reads; what was opened, widened, closed and reopened is told with its time, and how long it took."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    story.wrote(at(0, 13))
    story.fails(NIGHTLY, at(0, 18))
    story.succeeds(NIGHTLY, at(1, 1))
    story.succeeds(NIGHTLY, at(1, 2))
    story.succeeds(PUBLISH, at(1, 6))
    story.succeeds(PUBLISH, at(1, 12))
    story.fails(PUBLISH, at(2, 6))
    told = replayed(story, at(2, 13), "--days", "3", "--every", "1h")
    [incident] = told["incidents"]

    assert [
        "opened 04T13", "widened 04T19", "closed 05T13 resolved", "reopened 06T07 regressed",
    ] == events(told)  # fmt: skip
    assert (7 * 3600, "open") == (incident["opened_after_seconds"], incident["state"])
    assert [("both", 1)] == besides(told)
    assert told["requests"] == sum(entry.origin == "api" for entry in story.standin.journal)


def test_what_the_docs_show_is_what_it_prints(story: Story) -> None:
    """Line by line."""
    for workflow, lines, hours in ((PUBLISH, MISSING, (6, 12)), (NIGHTLY, ["no such recipe"], (16, 17))):
        for hour in hours:
            story.fails(workflow, at(0, hour), lines)
    story.wrote(at(0, 20))
    _, out, _ = command(story, at(0, 20), "backtest", "--quiet", "--days", "2", "--every", "2h")
    shown = re.findall(
        r"^```text\n(.*?)^```", (ROOT / "docs/snapshots.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )

    assert shown == [out]


def test_a_better_cause_is_told_as_reclassified(story: Story) -> None:
    """The same issue, with another cause from then on."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    story.fails(PUBLISH, at(0, 18), INVALID)

    assert ["opened 04T13", "reclassified 04T19"] == events(replayed(story, at(1), "--days", "1", "--every", "1h"))


def test_what_is_missed_and_what_is_new_is_told_by_a_change(story: Story) -> None:
    """A threshold too high misses the issue; one that is lower files what nobody filed."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    story.wrote(at(0, 13))
    story.fails(RELEASE, at(0, 14), ["remote: Permission to octo-org/octo-app.git denied to github-actions[bot]."])
    missed = replayed(story, at(1), "--days", "2", "--min-failures", "3")
    lower = replayed(story, at(1), "--days", "2", "--min-failures", "1")

    assert [("missed", 1)] == besides(missed)
    assert "2 of 3 consecutive failed runs" == missed["against"][0]["why"]
    assert [("both", 1), ("new", None)] == besides(lower)


def test_what_is_over_before_the_days_is_neither(story: Story) -> None:
    """And an issue whose log is gone by now is not known, which is not missed."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    story.wrote(at(0, 13))
    story.succeeds(PUBLISH, at(1, 6))
    earlier = replayed(story, at(3), "--days", "1")
    story.world.gone |= set(story.world.logs)
    unknown = replayed(story, at(3), "--days", "3")

    assert [("earlier", 1), ("unknown", 1)] == [*besides(earlier), *besides(unknown)]
    assert "run 102 is not readable any more (410" in unknown["against"][0]["why"]


def test_a_recording_that_is_cut_short_says_so_and_calls_nothing_missed(story: Story, tmp_path: Path) -> None:
    """The budget's reserve is kept; what was not recorded is not known."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    story.wrote(at(0, 13))
    for hour in range(12):
        story.run(NIGHTLY, at(1, hour))
    for number in range(103, 115):
        story.world.add_job(next(run for run in story.world.runs if run.id == number), "test", TESTS)
    token = story.world.tokens[TOKEN]
    token.limit, token.used = 50, 10
    told = replayed(story, at(2), "--days", "2", "--keep", str(tmp_path / "kept"))
    flags = ("--snapshot", str(tmp_path / "kept"), "--issues-directory", str(tmp_path / "issues"))
    code, out, _ = command(story, at(9), "investigate", *flags, environ=OFFLINE)

    assert (0, True) == (code, "note: stream octo-org/octo-app:" in out)
    assert [("unknown", 1)] == besides(told)
    assert "its jobs were not recorded" in told["against"][0]["why"]
    assert any("stay reserved for other workflows" in note for note in told["notes"])
    assert token.limit * 0.2 <= token.limit - token.used + 8  # those under way when the reserve was reached


def test_what_is_kept_is_replayed_without_a_token(story: Story, tmp_path: Path) -> None:
    """The same answer, compared with the issues of the time of the recording."""
    story.fails(PUBLISH, at(0, 6))
    story.fails(PUBLISH, at(0, 12))
    story.wrote(at(0, 13))
    live = replayed(story, at(1), "--days", "2", "--keep", str(tmp_path / "kept"))
    story.standin.journal.clear()
    code, out, _ = command(
        story, at(9), "backtest", "--quiet", "--format", "json", "--snapshot", str(tmp_path / "kept"), environ=OFFLINE
    )

    assert (0, live | {"requests": None}) == (code, json.loads(out))


def test_what_the_token_may_not_read_is_named(story: Story, tmp_path: Path) -> None:
    """A backtest needs the issues; a recording is made without them, and says so."""
    story.fails(PUBLISH, at(0, 6))
    story.world.tokens[TOKEN].permissions.pop("issues")
    snapshot = command(story, at(1), "snapshot", str(tmp_path / "snap"))
    backtest = command(story, at(1), "backtest", "--days", "1")
    story.world.tokens[TOKEN].permissions = {"metadata": "read", "issues": "read"}
    runs = command(story, at(1), "backtest", "--days", "1")

    assert (0, True) == (snapshot[0], "the bot's own issues were not recorded: " in snapshot[2])
    assert [(3, True), (3, True)] == [
        (backtest[0], "Add `issues: read` under" in backtest[2]),
        (runs[0], "actions: read" in runs[2] or "contents: read" in runs[2]),
    ]
