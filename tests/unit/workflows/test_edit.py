from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failure_investigator.permissions import KEYS, Entry
from failure_investigator.workflows import permissions_diff, read_workflow
from tests.unit.workflows.files import FILES

ISSUES = Entry("issues", "write")
PATH = ".github/workflows/ci.yml"
BUILDING = {name for name, text in FILES.items() if "build" in read_workflow(text).jobs}
LEFT_ALONE = {
    "all flow style",
    "anchored block",
    "anchored job",
    "job block has it",
    "job flow lines",
    "job flow style",
    "job null",
    "job write-all",
    "merge key",
}
"""Written in a way that is not changed, or with nothing missing."""
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")


def apply(text: str, diff: str) -> str:
    """What `git apply` makes of it: context and removed lines have to be there."""
    old, new, at = text.split("\n"), [], 0
    ended = not old[-1]
    for line in diff.split("\n")[3:-1]:
        hunk = _HUNK.fullmatch(line)
        if hunk:
            start = int(hunk[1]) - 1
            new += old[at:start]
            at = start
        elif line[0] in " -":
            assert old[at] == line[1:]
            new += [old[at]] if line[0] == " " else []
            at += 1
        elif line[0] == "+":
            new.append(line[1:])
        else:
            assert "\\ No newline at end of file" == line
            assert not ended
    return "\n".join(new + old[at:])


def grants(text: str, job: str = "build") -> dict[str, str]:
    """The block that holds for the job."""
    file = read_workflow(text)
    block = file.permissions_of(file.jobs[job])
    return dict(block.entries) if block else {}


@pytest.mark.parametrize("name", sorted(BUILDING - LEFT_ALONE))
def test_the_diff_applies_and_grants_it(name: str) -> None:
    """The job gets the entry and keeps what it had; other jobs and every line besides stay as they were."""
    text = FILES[name]
    after = apply(text, permissions_diff(text, PATH, "build", (ISSUES,)))
    before = {key: level for key, level in grants(text).items() if key != "issues"}
    assert {**before, "issues": "write"}.items() <= grants(after).items()
    assert list(read_workflow(text).jobs) == list(read_workflow(after).jobs)
    for other in read_workflow(text).jobs.keys() - {"build"}:
        assert grants(text, other) == grants(after, other)


@pytest.mark.parametrize("name", sorted(LEFT_ALONE))
def test_what_is_not_sure_is_left_alone(name: str) -> None:
    """No diff rather than a wrong one."""
    assert "" == permissions_diff(FILES[name], PATH, "build", (ISSUES,))


@pytest.mark.parametrize(
    ("name", "needs", "expected"),
    [
        ("plain", [ISSUES], {"contents": "read", "issues": "write"}),
        ("plain", [Entry("contents", "write")], {"contents": "write"}),
        ("job block", [Entry("contents", "write"), Entry("pull-requests", "write")],
         {"contents": "write", "pull-requests": "write"}),
        ("job flow empty", [ISSUES], {"issues": "write"}),
        ("top empty", [ISSUES], {"issues": "write"}),
        ("top block two jobs", [ISSUES], {"contents": "read", "checks": "write", "issues": "write"}),
        ("job read-all", [ISSUES], {"contents": "read", "issues": "write"}),
        ("job read-all", [Entry("id-token", "write")], {"contents": "read", "id-token": "write"}),
        ("github-script", [ISSUES], {"contents": "read", "packages": "read", "issues": "write"}),
        ("call", [ISSUES], {"contents": "read", "packages": "read", "issues": "write"}),
        ("job block other keys", [ISSUES], {"contents": "read", "copilot-requests": "write", "issues": "write"}),
        ("runs-on list", [Entry("models", "read")], {"contents": "read", "models": "read"}),
    ],
)  # fmt: skip
def test_the_block_is_the_least(name: str, needs: list[Entry], expected: dict[str, str]) -> None:
    """Exactly these entries and no more."""
    assert expected == grants(apply(FILES[name], permissions_diff(FILES[name], PATH, "build", needs)))


def test_the_other_steps_are_thought_of() -> None:
    """Naming one entry drops the defaults, so what checkout, Pages and `gh` need stands in the block too."""
    steps = (
        "      - uses: actions/checkout@v4\n      - uses: actions/deploy-pages@v4\n      - run: gh release create v1\n"
    )
    text = f"on: push\njobs:\n  build:\n    runs-on: x\n    steps:\n{steps}"
    expected = {"contents": "write", "id-token": "write", "issues": "write", "pages": "write"}
    assert expected == grants(apply(text, permissions_diff(text, PATH, "build", (ISSUES,))))


def test_what_the_token_had_is_kept_where_a_step_is_unknown() -> None:
    """The printed group instead of the least default; with known steps it is not needed."""
    held = {"Contents": "write", "Metadata": "read", "PullRequests": "write"}
    expected = {"contents": "write", "issues": "write", "pull-requests": "write"}
    text = FILES["github-script"]
    assert expected == grants(apply(text, permissions_diff(text, PATH, "build", (ISSUES,), held=held)))
    text = FILES["plain"]
    expected = {"contents": "read", "issues": "write"}
    assert expected == grants(apply(text, permissions_diff(text, PATH, "build", (ISSUES,), held=held)))


def test_read_all_is_written_out_where_a_step_is_unknown() -> None:
    """Nothing that it could read is lost."""
    text = FILES["github-script"].replace("    steps:", "    permissions: read-all\n    steps:")
    expected = {key: "read" for key in KEYS if key != "id-token"} | {"issues": "write"}
    assert expected == grants(apply(text, permissions_diff(text, PATH, "build", (ISSUES,))))


@pytest.mark.parametrize(
    ("job", "needs"),
    [
        ("nobody", [ISSUES]),
        ("build", [Entry("administration", "write")]),
        ("build", [ISSUES, Entry("workflows", "write")]),
        ("build", [Entry("models", "write")]),
        ("build", []),
    ],
)
def test_what_cannot_be_granted_has_no_diff(job: str, needs: list[Entry]) -> None:
    """No such job, no such key, or nothing to do."""
    assert "" == permissions_diff(FILES["job block"], PATH, job, needs)


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\r"])
def test_line_ends_of_yaml_alone_are_left(end: str) -> None:
    """Git would count other lines."""
    assert "" == permissions_diff(FILES["job block"] + f"# a{end}# b\n", PATH, "build", (ISSUES,))


def test_the_diff_is_what_git_shows() -> None:
    """Header, three lines of context, the comment kept."""
    expected = """\
diff --git a/.github/workflows/ci.yml b/.github/workflows/ci.yml
--- a/.github/workflows/ci.yml
+++ b/.github/workflows/ci.yml
@@ -5,6 +5,7 @@
     runs-on: ubuntu-latest
     permissions:
       contents: read # to check out
+      issues: write
       # and nothing more
     steps:
       - uses: actions/checkout@v4
"""
    assert expected == permissions_diff(FILES["job block with comments"], PATH, "build", (ISSUES,))


ENTRIES = st.builds(Entry, st.sampled_from(sorted(KEYS)), st.sampled_from(["read", "write"])).filter(
    lambda entry: entry.grantable and (entry.name, entry.level) != ("id-token", "read")
)


@given(st.sampled_from(sorted(FILES)), st.lists(ENTRIES, min_size=1, max_size=4, unique_by=lambda entry: entry.name))
def test_any_needs_of_any_job_are_met_or_left(name: str, needs: list[Entry]) -> None:
    """A diff always applies, parses, and grants the needs and what was granted before, to that job alone."""
    text = FILES[name]
    file = read_workflow(text)
    for key, job in file.jobs.items():
        diff = permissions_diff(text, PATH, key, needs)
        if diff:
            after = read_workflow(apply(text, diff))
            block = after.permissions_of(after.jobs[key])
            assert block is not None
            assert all(block.grants(entry) for entry in needs)
            before = file.permissions_of(job)
            kept = [Entry(*one) for one in (before.entries if before else {}).items() if one[1] in ("read", "write")]
            assert all(entry.name not in KEYS or block.grants(entry) for entry in kept)
