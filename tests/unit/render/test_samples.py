"""The sample pages that a template is tried with."""

from __future__ import annotations

from pathlib import Path

import pytest

from failure_investigator.render.markdown import using
from failure_investigator.render.samples import SAMPLES, problem
from failure_investigator.render.templates import COMMENT, ISSUE, MAX_TEXT, SUMMARY, Templates
from failure_investigator.settings.options import TEMPLATES
from failure_investigator.trackers.marker import parse_marker

OURS = {name: (Path(__file__).parents[3] / "templates" / name).read_text("utf-8") for name in TEMPLATES}


@pytest.mark.parametrize("name", TEMPLATES)
def test_our_own_templates_are_right(name: str) -> None:
    """As a repository's own they would be taken; each has a sample with much and one with little."""
    pages = {sample() for sample in SAMPLES[name]}

    assert (2, "") == (len(pages), problem(name, OURS[name]))
    assert [] == [page for page in pages if "<!--probe" in page]


def test_an_issue_s_sample_has_all_parts_of_the_page() -> None:
    """So that a template that fails in one of them is found out."""
    full, scant = (sample() for sample in SAMPLES[ISSUE])
    parts = ["```diff", "The wording is another.", "It is read too.", "Set it.", "Rotate it.", "A fact without a line."]

    assert [True] * 6 == [part in full for part in parts]
    assert [False] * 6 == [part in scant for part in parts]


def test_the_marker_stays_whatever_the_template_says() -> None:
    """It is put around the page, and is believed."""
    told: list[str] = []
    text = "Ours.\n\n{% include 'built-in/issue.md.j2' %}"
    with using(Templates({ISSUE: text}, lambda _, why: told.append(why))):
        body = SAMPLES[ISSUE][0]()
    marker = parse_marker(body, "octo-org/octo-app")

    assert ([], True, "v1:credential:example:KEY") == (
        told,
        "Ours." in body,
        marker if isinstance(marker, str) else marker.fingerprint,
    )


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        (ISSUE, "{{ service.docs }}", "line 2: 'None' has no attribute 'docs'"),
        (ISSUE, "{{ diagnosis.credential }}", "the name of a credential stands there as it is"),
        (ISSUE, "{{ incident.workflows[0].name }}", "the name of a workflow stands there as it is"),
        (ISSUE, "{{ diagnosis.evidence[0].text | indent }}", "the line of a log stands there as it is"),
        (COMMENT, "{{ detail }}", "line 2: 'detail' is undefined"),
        (SUMMARY, "{{ decisions[0].reason }}", "the reason of a decision stands there as it is"),
        (SUMMARY, "{{ head }}", "line 2: 'head' is undefined"),
    ],
)
def test_what_is_wrong_with_a_template_is_one_line(name: str, line: str, says: str) -> None:
    """Found out by rendering, before anything is written."""
    found = problem(name, f"Ours.\n{line}\n{{% include 'built-in/{name}' %}}")

    assert (says, 1) == (found[: len(says)], len(found.splitlines()))


def test_an_issue_without_the_headings_is_not_taken() -> None:
    """A page of other parts is no issue of ours."""
    assert "the heading “## Affected runs” is missing, or not in its place" == problem(ISSUE, "{{ cause }}\n")


def test_an_issue_leaves_room_for_its_end() -> None:
    """A page that grows without bound would lose the line by which it is found again."""
    text = "{% for _ in range(2000) %}0123456789{% endfor %}\n\n{% include 'built-in/issue.md.j2' %}"

    assert "its page is more than 16 KiB longer than the built-in one" == problem(ISSUE, text)
    assert "" == problem(ISSUE, text.replace("2000", "1000"))


def test_a_template_has_a_largest_size() -> None:
    """A mistake is told, not rendered."""
    assert "it is longer than 32 KiB" == problem(COMMENT, "x" * (MAX_TEXT + 1))
