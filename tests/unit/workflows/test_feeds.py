from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.workflows import misspelt, read_workflow, secret_names, secrets_of
from tests.unit.workflows.files import FILES

FILE = read_workflow(FILES["environments"])
JOB = FILE.jobs["build"]


@pytest.mark.parametrize(
    ("step", "variable", "expected"),
    [
        (0, "NODE_AUTH_TOKEN", ["secrets.NPM_TOKEN", "secrets.OLD_NPM_TOKEN", "github.token"]),
        (0, "SHARED", ["secrets.FROM_STEP"]),
        (1, "SHARED", ["secrets.FROM_JOB"]),
        (None, "SHARED", ["secrets.FROM_JOB"]),
        (0, "TOP", ["secrets.TOP_SECRET"]),
        (0, "PLAIN", []),
        (0, "ALL", ["secrets.*"]),
        (0, "BUILT", ["secrets.API_KEY"]),
        (0, "PICKED", ["secrets.*"]),
        (0, "QUOTED", []),
        (0, "REGION", ["vars.REGION"]),
        (0, "LEVEL", ["inputs.level"]),
        (0, "LOOP", ["env.LOOP"]),
        (0, "UNSET", []),
        (1, "api-key", ["secrets.BOT_KEY"]),
        (1, "INPUT_API-KEY", ["secrets.BOT_KEY"]),
        (1, "INPUT_REPO_TOKEN", ["github.token"]),
    ],
)
def test_what_feeds_a_variable(step: int | None, variable: str, expected: list[str]) -> None:
    """The step's value wins over the job's and that over the workflow's; `env` is followed, loops end."""
    found = secrets_of(FILE, JOB, None if step is None else JOB.steps[step], variable)
    assert expected == [f"{one.context}.{one.name}" for one in found]


def test_a_call_passes_by_name() -> None:
    """The secret of a call's mapping."""
    file = read_workflow(FILES["call passes"])
    assert ["NPM_TOKEN"] == [one.name for one in secrets_of(file, file.jobs["build"], None, "TOKEN")]


def test_the_secrets_of_a_file_are_counted() -> None:
    """Each place once; the token and whole contexts are none of them."""
    expected = {"API_KEY": 1, "BOT_KEY": 1, "FROM_JOB": 1, "FROM_STEP": 1, "FROM_TOP": 1}
    expected |= {"NPM_TOKEN": 1, "OLD_NPM_TOKEN": 1, "TOP_SECRET": 1}
    assert expected == secret_names(FILE)


@pytest.mark.parametrize(
    ("name", "others", "expected"),
    [
        ("NPM_TOKNE", ["NPM_TOKEN"], "NPM_TOKEN"),
        ("NPM_TOKE", ["NPM_TOKEN"], "NPM_TOKEN"),
        ("NPMTOKEN", ["NPM_TOKEN"], "NPM_TOKEN"),
        ("npm_tokem", ["NPM_TOKEN"], "NPM_TOKEN"),
        ("OPENAI_API_KEY", ["OPEN_AI_API_KEY", "OTHER"], "OPEN_AI_API_KEY"),
        ("DOCKERHUB_PASWORD", ["DOCKERHUB_USERNAME", "DOCKERHUB_PASSWORD"], "DOCKERHUB_PASSWORD"),
        ("NPM_TOKEN", ["npm_token"], ""),
        ("TOKEN_1", ["TOKEN_2"], ""),
        ("AWS_KEY_DEV", ["AWS_KEY_PROD"], ""),
        ("DB_USER", ["DB_USERS"], ""),
        ("AWS_ACCESS_KEY", ["AWS_ACCESS_KEY_ID"], ""),
        ("NPM_TOKNE", ["NPM_TOKEN", "NPM_TOKENE"], ""),
        ("KEY", ["KAY"], ""),
        ("PUBLIC_KEY", ["PRIVATE_KEY"], ""),
        ("NPM_TOKEN", [], ""),
    ],
)
def test_names_that_look_mistyped(name: str, others: list[str], expected: str) -> None:
    """One slip or an underscore; never case, numbers, plurals or words of their own, and never one of two."""
    assert expected == misspelt(name, others)


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=4))
def test_the_answer_is_one_of_the_others(name: str, others: list[str]) -> None:
    """Or none of them."""
    assert misspelt(name, others) in {"", *others}
