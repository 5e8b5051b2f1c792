from __future__ import annotations

import pytest

from failure_investigator.workflows import find_job, find_step, read_workflow
from tests.unit.workflows.files import FILES

MATRIX = read_workflow(FILES["matrix"])


@pytest.mark.parametrize(
    ("file", "name", "expected"),
    [
        ("plain", "build", "build"),
        ("plain", "", "build"),
        ("plain", "other", None),
        ("matrix", "build (ubuntu-latest, 3.11)", "build"),
        ("matrix", "build", "build"),
        ("matrix", "Lint (fast)", "lint"),
        ("matrix", "Lint", None),
        ("matrix", "lint", None),
        ("matrix", "Wheels for x86_64 on windows-latest", "named"),
        ("matrix", "Wheels for x86_64", None),
        ("matrix", "", None),
        ("call", "build / test (3.11)", "build"),
        ("call", "build / lint / deep", "build"),
        ("call", "other / test", None),
        ("plain", "build / test", None),
        ("called", "release / publish", "publish"),
        ("called", "a / b / publish", "publish"),
    ],
)
def test_jobs_by_the_name_that_is_printed(file: str, name: str, expected: str | None) -> None:
    """Matrix values, expressions, callers and callees."""
    job = find_job(read_workflow(FILES[file]), name)
    assert expected == (job.key if job else None)


@pytest.mark.parametrize(
    ("job", "title", "expected"),
    [
        ("build (ubuntu-latest, 3.11)", "Run actions/checkout@v4", 0),
        ("build (ubuntu-latest, 3.11)", "Test on 3.11", 1),
        ("build (ubuntu-latest, 3.11)", "Run pytest", 1),
        ("build (ubuntu-latest, 3.11)", "Post Run actions/checkout@v4", None),
        ("build (ubuntu-latest, 3.11)", "Set up job", None),
        ("build (ubuntu-latest, 3.11)", "", None),
        ("Lint (fast)", "Run ruff check .", 0),
        ("Lint (fast)", "▶ Run ruff check .", 0),
        ("Wheels for a on b", "Run cibuildwheel --target a", 0),
        ("Wheels for a on b", "Run ls wheelhouse", None),
        ("nobody", "Run pytest", None),
    ],
)
def test_steps_by_the_title_that_is_printed(job: str, title: str, expected: int | None) -> None:
    """By name, action, or a script's first line with its expressions replaced."""
    found = find_step(MATRIX, job, title)
    assert expected == (found[1].index if found else None)


def test_two_steps_alike_are_none() -> None:
    """Which of them it was is not certain."""
    steps = "      - run: make\n      - run: make\n      - {name: Last, run: make}\n"
    file = read_workflow("on: push\njobs:\n  build:\n    runs-on: x\n    steps:\n" + steps)
    assert find_step(file, "build", "Run make") is None
    found = find_step(file, "build", "Last")
    assert found is not None
    assert 2 == found[1].index


def test_two_jobs_of_one_name_are_none() -> None:
    """Names need not be unique."""
    jobs = "".join(f"  {key}:\n    name: Same\n    runs-on: x\n    steps: [{{run: make}}]\n" for key in ("a", "b"))
    assert find_job(read_workflow("on: push\njobs:\n" + jobs), "Same") is None


def test_a_name_that_is_all_expression() -> None:
    """It can be anything, so it is found only where no other job is."""
    one = "  a:\n    name: ${{ matrix.x }}\n    runs-on: x\n    steps: [{run: make}]\n"
    other = "  b:\n    runs-on: x\n    steps: [{run: make}]\n"
    assert find_job(read_workflow("on: push\njobs:\n" + one), "whatever") is not None
    assert find_job(read_workflow("on: push\njobs:\n" + one + other), "whatever") is None
