"""What the workflow file and the token's permissions say about a refusal, and the change that cures it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.diagnose.cases import case
from tests.unit.permissions.test_endpoints import WORKFLOWS_USE

from failure_investigator.diagnose.credentials import secret_of
from failure_investigator.diagnose.diagnosis import weigh
from failure_investigator.diagnose.evidence import token_permissions, workflow_file
from failure_investigator.model import Cause, Surroundings

if TYPE_CHECKING:
    from failure_investigator.diagnose.case import Case

WORKFLOW = """on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: ./deploy
        env:
          ACME_KEY: ${{ secrets.ACME_DEPLOY_KEY }}
"""
BOT = ("remote: Permission to octo-org/octo-app.git denied to github-actions[bot].",)
READ = {"Contents": "read", "Metadata": "read"}


def told(found: Case, kind: Any) -> list[str]:
    """The sentences of one kind of evidence."""
    return [fact.says for fact in kind.gather(found)]


def in_file(text: str = WORKFLOW, cause: Cause = Cause.CREDENTIAL_MISSING, **more: Any) -> Case:
    """A case of the job `deploy` in this file."""
    secrets = more.pop("secrets", None)
    return case(cause, around=Surroundings(workflow=text, secrets=secrets), **more)


def test_the_secret_behind_the_variable_is_named() -> None:
    """People look for the secret in the settings, not for the variable."""
    found = in_file(env={"ACME_KEY": "***"})

    assert secret_of(found) == "ACME_DEPLOY_KEY"
    assert told(found, workflow_file) == ["`ACME_KEY` comes from `secrets.ACME_DEPLOY_KEY`."]


def test_a_slip_in_a_secrets_name_is_seen_beside_the_right_one() -> None:
    """One letter, and the variable is empty."""
    found = in_file(env={"ACME_KEY": ""}, secrets={"ACME_DEPLOI_KEY": None})
    [fact] = workflow_file.gather(found)

    assert "looks like a slip for `secrets.ACME_DEPLOI_KEY`" in fact.says
    assert {Cause.CREDENTIAL_MISSING} == fact.supports
    assert Cause.CREDENTIAL_INVALID in fact.excludes


def test_a_call_without_secrets_passes_none() -> None:
    """There each one is empty."""
    text = "on: push\njobs:\n  deploy:\n    uses: ./.github/workflows/deploy.yml\n"
    [says] = told(in_file(text), workflow_file)

    assert "without `secrets:`" in says


def test_an_oidc_step_without_id_token_is_a_federation_that_was_never_asked_for() -> None:
    """The job has no `id-token: write`."""
    text = WORKFLOW.replace(
        "- run: ./deploy", "- uses: aws-actions/configure-aws-credentials@v4\n        with: {role-to-assume: x}"
    )
    facts = list(workflow_file.gather(in_file(text, Cause.UNCLASSIFIED)))

    assert any(fact.supports == {Cause.FEDERATION_REJECTED} and "`id-token: write`" in fact.says for fact in facts)


def test_without_a_file_or_in_another_job_nothing_is_said() -> None:
    """A wrong job is worse than none."""
    assert told(case(env={"ACME_KEY": ""}), workflow_file) == []
    assert told(in_file("on: push\njobs: {a: {steps: []}, b: {steps: []}}", env={"ACME_KEY": ""}), workflow_file) == []


def test_a_push_that_was_refused_to_the_bot_needs_contents_write_and_shows_the_change() -> None:
    """As a diff of the workflow file, with the least that suffices."""
    found = in_file(cause=Cause.WORKFLOW_PERMISSIONS, window=BOT, permissions=READ, script=("git push",))
    diagnosis = weigh(found)

    assert told(found, token_permissions) == [
        "The call needs `contents: write`; the token that “Set up job” printed lacked `contents: write`."
    ]
    assert diagnosis.right == "contents: write"
    assert "+    permissions:\n+      contents: write\n" in diagnosis.patch


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("not accessible by integration - https://docs.github.com/rest/issues/comments#create-an-issue-comment", "issues: write"),
        ("POST https://api.github.com/repos/octo/app/releases: 403 Resource not accessible by integration", "contents: write"),
        ("GraphQL: Resource not accessible by integration (addComment)", "issues: write"),
        ("x-accepted-github-permissions: statuses=write", "statuses: write"),
    ],
)  # fmt: skip
def test_the_missing_entry_comes_from_what_the_refusal_names(line: str, right: str) -> None:
    """GitHub's header, the documented endpoint, the request, or the GraphQL mutation."""
    assert right in weigh(in_file(cause=Cause.WORKFLOW_PERMISSIONS, window=(line,), permissions=READ)).right


def test_what_no_entry_can_grant_is_said_to_need_another_token() -> None:
    """And then the advice against another token goes."""
    line = "refusing to allow a GitHub App to create or update workflow `.github/workflows/x.yml` without `workflows` permission"
    diagnosis = weigh(in_file(cause=Cause.WORKFLOW_PERMISSIONS, window=(line,), permissions=READ))

    assert diagnosis.patch == ""
    assert "GitHub App" in diagnosis.remedy[0]
    assert not any("personal token" in line for line in diagnosis.do_not)


def test_a_right_that_the_token_had_points_to_a_rule() -> None:
    """Branch protection, a ruleset, the organisation."""
    found = in_file(cause=Cause.WORKFLOW_PERMISSIONS, window=BOT, permissions={"Contents": "write"})

    assert "the token had" in told(found, token_permissions)[0]
    assert weigh(found).patch == ""


def test_the_endpoints_that_workflows_use_are_at_least_sixty() -> None:
    """The table below is what the next test goes through."""
    assert len(WORKFLOWS_USE) >= 60


@pytest.mark.parametrize(("method", "path", "expected"), WORKFLOWS_USE)
def test_a_refusal_at_an_endpoint_names_the_endpoints_permission(method: str, path: str, expected: str) -> None:
    """In the diagnosis, as the issue shows it, and as the change of the workflow file."""
    line = f"RequestError: Resource not accessible by integration: {method} https://api.github.com{path}"
    diagnosis = weigh(in_file(cause=Cause.WORKFLOW_PERMISSIONS, window=(line,), permissions={"Metadata": "read"}))

    assert expected == diagnosis.right
    assert f"+      {expected}\n" in diagnosis.patch
