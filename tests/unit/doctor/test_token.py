"""The kind of a token, by its public prefix."""

from __future__ import annotations

import pytest

from failure_investigator.doctor.token import grant, kind_of


@pytest.mark.parametrize(
    ("text", "family", "usable"),
    [
        ("gh" + "s_" + "a" * 36, "installation", True),
        ("gh" + "p_" + "a" * 36, "classic", True),
        ("gh" + "o_" + "a" * 36, "classic", True),
        ("gh" + "u_" + "a" * 36, "app user", True),
        ("github" + "_pat_" + "a" * 60, "fine-grained", True),
        ("0123456789abcdef" * 2 + "01234567", "classic", True),
        ("gh" + "r_" + "a" * 36, "none", False),
        ("ey" + "J0.a.b", "none", False),
        ("something", "none", True),
    ],
)
def test_the_kind_is_told_and_nothing_of_the_value(text: str, family: str, usable: bool) -> None:  # noqa: FBT001
    """By family, and whether the API takes it at all."""
    kind = kind_of(text)

    assert (family, usable) == (kind.family, kind.usable)
    assert text[-6:] not in kind.says


def test_each_kind_is_given_a_permission_elsewhere() -> None:
    """The workflow's line for GITHUB_TOKEN, a scope, or a repository permission; the line is always the same."""
    said = [grant(kind_of("gh" + kind), "issues", "write") for kind in ("s_x", "p_x", "ithub_pat_x")]

    assert {"issues: write"} == {given.add for given in said}
    assert [True] * 3 == [
        part in given.do
        for part, given in zip(("`permissions:`", "scope repo", "Issues: Read and write"), said, strict=True)
    ]
