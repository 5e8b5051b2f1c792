"""The cases of the header are those of GitHub's page on troubleshooting the REST API."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.permissions import KEYS, Entry, Need, lacking, parse_accepted, printed_entries
from failure_investigator.permissions.entries import LEVELS


def _shown(need: Need | None) -> list[list[str]] | None:
    return [[str(entry) for entry in one] for one in need.sets] if need else None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("contents=read", [["contents: read"]]),
        ("pull_requests=write,contents=read", [["pull-requests: write", "contents: read"]]),
        (
            "pull_requests=read,contents=read; issues=read,contents=read",
            [["pull-requests: read", "contents: read"], ["issues: read", "contents: read"]],
        ),
        ("issues=write; pull_requests=write", [["issues: write"], ["pull-requests: write"]]),
        ("contents=write; contents=write,workflows=write", [["contents: write"], ["contents: write", "workflows: write"]]),
        ("members=read; repository_projects=write", [["repository-projects: write"], ["members: read"]]),
        ("metadata=read", [[]]),
        ("Issues=Write ", [["issues: write"]]),
        ("issues=write; allows_permissionless_access=true", [["issues: write"]]),
        ("issues=write,what is this", None),
        ("", None),
        ("nothing", None),
    ],
)  # fmt: skip
def test_header_is_read_as_documented(header: str, expected: list[list[str]] | None) -> None:
    """A semicolon parts alternatives and a comma what is needed together; grantable sets come first."""
    assert expected == _shown(parse_accepted(header))


@given(st.text(alphabet="abc_=;, readwritepull\n", max_size=80))
def test_any_header_is_read_or_refused(header: str) -> None:
    """No text makes it raise, and what it reads has known levels."""
    need = parse_accepted(header)
    assert need is None or all(entry.level in LEVELS for one in need.sets for entry in one)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_grants_what_it_documents(key: str) -> None:
    """`models` and `vulnerability-alerts` are read-only, every other key goes to write, none to admin."""
    expected = (True, key not in ("models", "vulnerability-alerts"), False)
    assert expected == tuple(Entry(key, level).grantable for level in ("read", "write", "admin"))


@pytest.mark.parametrize(
    "name", ["administration", "secrets", "environments", "members", "workflows", "repository_hooks"]
)
def test_other_permissions_are_no_key(name: str) -> None:
    """What only an App or a personal access token can have is not grantable."""
    assert not Entry(name, "read").grantable
    assert not Need(((Entry(name, "read"),),)).grantable


@pytest.mark.parametrize(
    ("header", "printed", "expected"),
    [
        ("issues=write; pull_requests=write", {"Contents": "read", "Metadata": "read"}, ["issues: write"]),
        ("issues=write; pull_requests=write", {"PullRequests": "write"}, []),
        ("issues=write; pull_requests=write", {"Pull requests": "write"}, []),
        ("issues=write", {"Issues": "read"}, ["issues: write"]),
        ("issues=read", {"Issues": "write"}, []),
        ("issues=read", {}, []),
        ("pages=write,id_token=write", {"Contents": "read"}, ["pages: write"]),
        ("contents=write,pull_requests=write", {"Contents": "write"}, ["pull-requests: write"]),
        ("contents=write,workflows=write", {"Contents": "write"}, ["workflows: write"]),
        ("security_events=write", {"SecurityEvents": "write"}, []),
        ("metadata=read", {"Contents": "read"}, []),
        ("issues=write,checks=write; contents=write", {"Issues": "write"}, ["contents: write"]),
        ("artifact_metadata=write; contents=write", {"ArtifactMetadata": "write"}, []),
        ("issues=write", {"Issues": "odd"}, ["issues: write"]),
    ],
)
def test_lacking_is_the_smallest_rest(header: str, printed: dict[str, str], expected: list[str]) -> None:
    """Of the sets the one with the smallest rest counts; without a printed group nothing is known to lack."""
    need = parse_accepted(header)
    assert need is not None
    assert expected == [str(entry) for entry in lacking(need, printed)]


def test_a_need_without_installation_is_not_grantable() -> None:
    """Where no installation token is taken, no entry helps."""
    assert not Need((), installation=False).grantable
    assert Need(((),)).grantable
    assert () == Need(()).entries


def test_the_printed_group_becomes_a_block() -> None:
    """In the names of the keys, without the metadata and what no key names."""
    printed = {
        "PullRequests": "write",
        "Contents": "read",
        "Metadata": "read",
        "CopilotRequests": "write",
        "Pages": "odd",
    }
    assert (Entry("contents", "read"), Entry("pull-requests", "write")) == printed_entries(printed)
