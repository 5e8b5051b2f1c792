from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.permissions import Entry
from failure_investigator.workflows import Permissions, Schedule, find_job, find_step, permissions_diff, read_workflow
from failure_investigator.workflows.facts import facts
from failure_investigator.workflows.feeds import secret_names, secrets_of
from tests.unit.workflows.files import FILES, UNREADABLE

NEED = (Entry("issues", "write"),)


def _use(text: str) -> None:
    """Everything that can be asked of a file."""
    file = read_workflow(text)
    secret_names(file)
    find_step(file, "build (x, y)", "Run make")
    for key, job in list(file.jobs.items())[:5]:
        facts(file, job)
        find_job(file, job.name or key)
        secrets_of(file, job, job.steps[0] if job.steps else None, "TOKEN")
        permissions_diff(text, "w.yml", key, NEED)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_is_read(name: str) -> None:
    """Jobs are there, in order, and their lines hold their keys or their first fields."""
    file = read_workflow(FILES[name])
    assert file.readable
    assert file.jobs
    _use(FILES[name])


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_is_no_workflow_says_so(name: str) -> None:
    """Never an exception; a sentence instead."""
    file = read_workflow(UNREADABLE[name])
    assert not file.readable
    assert {} == file.jobs
    assert file.problem
    assert find_step(file, "build", "Run make") is None
    assert "" == permissions_diff(UNREADABLE[name], "w.yml", "build", NEED)


@given(st.text(max_size=200))
def test_no_text_makes_it_raise(text: str) -> None:
    """A file at a commit can be anything."""
    _use(text)


@given(st.sampled_from(sorted(FILES)), st.data())
def test_no_damaged_file_makes_it_raise(name: str, data: st.DataObject) -> None:
    """A piece cut out and another put in."""
    text = FILES[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    put = data.draw(st.text(alphabet="\n\t :-{}[]&*!|>'\"#%@`$abc<", max_size=12))
    _use(text[:start] + put + text[end:])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", ("push",)),
        ("on list", ("push", "pull_request")),
        ("on mapping", ("push", "workflow_dispatch")),
        ("on quoted", ("push",)),
        ("called", ("workflow_call",)),
    ],
)
def test_triggers_in_each_form(name: str, expected: tuple[str, ...]) -> None:
    """`on` is a key and no boolean; a word, a list and a mapping say the same."""
    assert expected == read_workflow(FILES[name]).triggers


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", None),
        ("job null", None),
        ("job block", ("", {"contents": "read"})),
        ("job block none", ("", {"contents": "read", "issues": "none"})),
        ("job flow empty", ("", {})),
        ("job read-all", ("read", {})),
        ("job write-all", ("write", {})),
        ("top block", ("", {"contents": "read"})),
        ("top empty", ("", {})),
        ("both blocks", ("", {"contents": "read"})),
        ("anchored block", ("", {"contents": "read"})),
    ],
)
def test_the_block_that_holds(name: str, expected: tuple[str, dict[str, str]] | None) -> None:
    """A job's own block replaces the workflow's."""
    file = read_workflow(FILES[name])
    block = file.permissions_of(file.jobs["build"])
    assert expected == ((block.every, dict(block.entries)) if block else None)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Permissions("write"), ["contents: write", "id-token: write", "issues: read", "models: read"]),
        (Permissions("read"), ["issues: read", "models: read"]),
        (Permissions(entries={"contents": "write", "issues": "none"}), ["contents: write"]),
        (Permissions(), []),
    ],
)
def test_what_a_block_grants(block: Permissions, expected: list[str]) -> None:
    """`read-all` gives no OIDC token, `write-all` does, and nothing gives what is no key."""
    asked = [("contents", "write"), ("id-token", "write"), ("issues", "read"), ("models", "read"), ("secrets", "read")]
    assert expected == [str(entry) for entry in (Entry(*one) for one in asked) if block.grants(entry)]


def test_calls_and_their_secrets() -> None:
    """`inherit`, a mapping, or nothing."""
    jobs = [read_workflow(FILES[name]).jobs["build"] for name in ("call", "call inherits", "call passes")]
    expected = [(False, None), (True, None), (False, {"token": "${{ secrets.NPM_TOKEN }}"})]
    assert expected == [(job.inherits_secrets, job.passed_secrets) for job in jobs]
    assert {"level": "high"} == jobs[0].inputs
    assert "octo-org/ci/.github/workflows/build.yml@main" == jobs[0].uses


def test_a_called_file_and_its_environment() -> None:
    """What it declares, and the environment by its name."""
    file = read_workflow(FILES["called"])
    assert (("token",), "production", True) == (
        file.secrets_declared,
        file.jobs["publish"].environment,
        file.only_called,
    )


def test_steps_and_their_lines() -> None:
    """Each step has the line that it begins on."""
    text = FILES["matrix"]
    steps = [step for job in read_workflow(text).jobs.values() for step in job.steps]
    expected = [
        "- uses: actions/checkout@v4",
        "- name: Test on ${{ matrix.python }}",
        "- run: ruff check .",
        "- run: |",
    ]
    assert expected == [text.splitlines()[step.line - 1].strip().removeprefix("  ") for step in steps]


def test_an_alias_is_the_step_that_it_names() -> None:
    """GitHub takes anchors and aliases."""
    jobs = read_workflow(FILES["anchored steps"]).jobs
    assert ["actions/checkout@v4"] == [step.uses for step in jobs["other"].steps]


def test_an_alias_of_itself_ends() -> None:
    """A document may hold itself."""
    _use("on: push\njobs: &jobs\n  build:\n    runs-on: x\n    steps: [*jobs]\n    env: *jobs\n")


def test_schedules_are_read_as_they_are_written() -> None:
    """With their time zone, where there is one; an entry that does not say when is left out."""
    text = (
        "on:\n  schedule:\n    - cron: '5  4 * * *'\n    - cron: 5 5 * * 1\n      timezone: Europe/Berlin\n    - {}\n"
    )
    jobs = "jobs:\n  a:\n    runs-on: x\n"

    expected = (Schedule("5 4 * * *"), Schedule("5 5 * * 1", "Europe/Berlin"))
    assert (expected, ()) == (read_workflow(text + jobs).schedules, read_workflow(f"on: push\n{jobs}").schedules)
