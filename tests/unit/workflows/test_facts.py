from __future__ import annotations

import pytest

from failure_investigator.workflows import facts, read_workflow
from tests.unit.workflows.files import FILES


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("call", {"build": ["call-without-secrets"]}),
        ("call inherits", {}),
        ("call passes", {}),
        (
            "oidc",
            {name: ["oidc-without-id-token"] for name in ("aws", "npm", "npm-env", "azure")},
        ),
        ("pushes", {"refused": ["push-without-credentials"]}),
        ("plain", {}),
        ("called", {}),
    ],
)
def test_what_is_wrong_in_each_file(file: str, expected: dict[str, list[str]]) -> None:
    """Each job's facts; jobs that do the same in a right way have none."""
    read = read_workflow(FILES[file])
    found = {key: [fact.kind for fact in facts(read, job)] for key, job in read.jobs.items()}
    assert expected == {key: kinds for key, kinds in found.items() if kinds}


def test_a_fact_says_where() -> None:
    """The line of the step in the file, and its index in the job."""
    read = read_workflow(FILES["pushes"])
    fact = facts(read, read.jobs["refused"])[0]
    assert (9, 1) == (fact.line, fact.step)
    assert "git commit" in fact.text
    assert "persist-credentials: false" in fact.text


def test_without_any_block_no_default_grants_the_oidc_token() -> None:
    """But a file that is called may get it from its caller."""
    steps = "    runs-on: x\n    steps:\n      - uses: actions/attest-build-provenance@v2\n"
    for on, expected in (("push", 1), ("workflow_call", 0), ("[push, workflow_call]", 0)):
        read = read_workflow(f"on: {on}\njobs:\n  build:\n{steps}")
        assert expected == len(facts(read, read.jobs["build"])), on
