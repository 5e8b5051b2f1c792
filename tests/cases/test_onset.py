"""What changed between the last good run and the first bad one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.cases.joblog import action, script
from tests.cases.story import ROTATE, Story, job, runs

if TYPE_CHECKING:
    from pathlib import Path

ASK = script("python ask.py", OPENAI_API_KEY="***")
REFUSED = "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'no'}}"
NOTHING = (
    "Nothing in the repository changed since the last good run, and neither did the runner, the actions or the "
    "versions that the log prints: that points to the credential or the service."
)


def test_a_clients_new_version_is_named_with_both_numbers(tmp_path: Path) -> None:
    """The first run with the new version is the first bad one, and the commit that brought it is named."""
    story = Story()
    story.good(ASK.says("Successfully installed openai-1.99.0", "done"))
    story.commit("Bump openai")
    story.bad(ASK.says("Successfully installed openai-2.0.0", REFUSED))
    told = story.told(tmp_path)

    assert ("unclassified", "possible", "OPENAI_API_KEY") == told.verdict
    assert [
        "Since the last good run the version changed: `openai` 1.99.0 → 2.0.0.",
        f"1 commit lies between the last good and the first bad run: Bump openai ({story.head[:7]}).",
    ] == told.says("onset")


def test_an_action_that_moved_its_tag_is_named(tmp_path: Path) -> None:
    """The workflow says `@v2` as before; the SHA behind it is another."""
    deploy = action("octo-org/deploy@v2", {"token": "***"})
    story = Story()
    story.on(actions={"octo-org/deploy@v2": "a" * 40})
    story.good(deploy.says("deployed"))
    story.on(actions={"octo-org/deploy@v2": "b" * 40})
    story.bad(deploy.says("##[error]Request failed with status code 401"))
    told = story.told(tmp_path)

    assert ("unclassified", "possible", "token") == told.verdict
    assert ["Since the last good run the action changed: `octo-org/deploy@v2` aaaaaaa → bbbbbbb."] == told.says("onset")


def test_a_new_runner_image_is_named(tmp_path: Path) -> None:
    """What the image brought may read another variable."""
    story = Story()
    story.good(ASK.says("done"))
    story.on(image="20260420.1.0")
    story.bad(ASK.says(REFUSED))
    told = story.told(tmp_path)

    assert (
        "Since the last good run the runner changed: `Runner Image Version` 20260413.91.1 → 20260420.1.0."
    ) in told.says("onset")
    assert NOTHING not in told.says("onset")


def test_variables_that_came_and_went_are_named_and_no_value_is(tmp_path: Path) -> None:
    """The step's environment then and now."""
    story = Story()
    story.good(script("python ask.py", OPENAI_API_KEY="***", MODE="a-mode").says("done"))
    story.bad(script("python ask.py", OPENAI_KEY="***", MODE="b-mode").says(REFUSED))
    told = story.told(tmp_path)

    assert [
        "The step no longer sets `OPENAI_API_KEY`.",
        "The step newly sets `OPENAI_KEY`.",
        "The step sets another value for `MODE`.",
    ] == told.says("onset")
    assert [] == [value for value in ("a-mode", "b-mode") if value in told.page]


def test_a_changed_workflow_file_and_the_commits_between_are_told(tmp_path: Path) -> None:
    """Many commits by their ends."""
    story = Story()
    story.workflow(job(runs("python ask.py", OPENAI_API_KEY="OPENAI_API_KEY")))
    story.good(ASK.says("done"))
    story.commit("Move the job", Nightly=job(runs("python ask.py", OPENAI_API_KEY="OPENAI_KEY")))
    first = story.head
    story.commit("Tidy the imports")
    story.bad(ASK.says(REFUSED))
    told = story.told(tmp_path)

    assert [
        "The workflow file changed between the last good and the first bad run.",
        f"2 commits lie between the last good and the first bad run, {first[:7]} to {story.head[:7]}.",
    ] == told.says("onset")


def test_where_nothing_changed_the_credential_or_the_service_did(tmp_path: Path) -> None:
    """The same commit, runner, actions and versions."""
    story = Story()
    story.good(ASK.says("done"))
    story.bad(ASK.says(REFUSED))
    told = story.told(tmp_path)

    assert [NOTHING] == told.says("onset")
    assert told.diagnosis.evidence[-1].says in told.page


def test_a_workflow_that_never_worked_has_no_onset(tmp_path: Path) -> None:
    """Nothing to compare with, nothing said."""
    story = Story()
    story.bad(ASK.says(REFUSED))

    assert [] == story.told(tmp_path).says("onset")


def test_the_onset_is_the_first_bad_run_and_not_the_newest(tmp_path: Path) -> None:
    """A commit after the first refusal explains nothing."""
    story = Story()
    story.good(ASK.says("done"))
    story.bad(ASK.says(REFUSED))
    story.commit("Retry harder")
    story.bad(ASK.says(REFUSED), times=1)

    assert [NOTHING] == story.told(tmp_path).says("onset")


def test_one_refusal_in_several_workflows_within_minutes_shares_its_reason(tmp_path: Path) -> None:
    """One incident, one issue; what the workflows share is the key or the service."""
    story = Story(every=timedelta(minutes=2))
    invalid = ASK.says(
        "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: ***.'}}"
    )
    story.good(ASK.says("done"))
    for name in ("Nightly", "Release", "Docs"):
        story.bad(invalid, workflow=name, times=1)
    story.bad(invalid, times=1)
    told = story.told(tmp_path)

    assert ("credential_invalid", "certain", "OPENAI_API_KEY") == told.verdict
    assert (
        "It was refused in 3 workflows within 10 minutes: what they share is the credential or the service."
    ) in told.says("onset")
    assert ROTATE in told.steps
