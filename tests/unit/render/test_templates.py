"""Templates of a repository's own, with sample values and with real ones."""

from __future__ import annotations

import pytest

from failure_investigator.render.markdown import environment, render, rendered, using
from failure_investigator.render.templates import COMMENT, HEADINGS, ISSUE, PROBE, SUMMARY, Templates, wrong

SAFE = '{% import "_safe.md.j2" as safe %}\n'
VALUES = {"message": "Hello.", "details": ["one"]}


def in_use(**texts: str) -> tuple[Templates, list[str]]:
    """Templates by stem, and what is told of them."""
    told: list[str] = []
    made = {f"{stem}.md.j2": text for stem, text in texts.items()}
    return Templates(made, lambda name, why: told.append(f"{name}: {why}")), told


def test_an_override_takes_the_place_of_ours_while_it_is_in_use() -> None:
    """Inside `using` only; a template that is not overridden stays ours."""
    templates, told = in_use(comment="Ours: {{ message }}")
    with using(templates):
        inside = render(COMMENT, VALUES)
        summary = render(SUMMARY, {"headline": "h", "counts": [], "decisions": [], "missed": "", "notes": []})

    assert ("Ours: Hello.\n", "Hello.\n\n- one\n", []) == (inside, render(COMMENT, VALUES), told)
    assert summary.startswith("## Failure investigator")


def test_an_override_reaches_ours() -> None:
    """To put something before or behind it."""
    text = "Before.\n\n{% include 'built-in/comment.md.j2' %}"

    assert "Before.\n\nHello.\n\n- one\n" == rendered(COMMENT, VALUES, {COMMENT: text})
    assert "Hello.\n\n- one\n" == rendered(COMMENT, VALUES)


def test_environments_do_not_mix() -> None:
    """Each has the overrides that it was asked with, and is made once."""
    one, other = environment({COMMENT: "1"}), environment({COMMENT: "2"})

    assert ("1", "2") == tuple(each.get_template(COMMENT).render() for each in (one, other))
    assert environment({COMMENT: "1"}) is one


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\n{{ mesage }}", "line 2: 'mesage' is undefined"),
        ("x\n{% if %}", "line 2: Expected an expression, got 'end of statement block'"),
        ("{{ message.__class__.mro() }}", "line 1: access to attribute '__class__' of 'str' object is unsafe."),
        ("\n\n{{ 1 / 0 }}", "line 3: division by zero"),
        ("{{ details[7] }}", "line 1: list object has no element 7"),
        ("{{ message + 1 }}", 'line 1: can only concatenate str (not "int") to str'),
        ("{% include 'other.md.j2' %}", "line 1: there is no template other.md.j2"),
        ("{% include 'comment.md.j2' %}", "line 1: it includes itself"),
        ("{% include '../../etc/passwd' %}", "line 1: there is no template ../../etc/passwd"),
        ("{# nothing #}", "it gives an empty page"),
        ("<!-- failure-investigator:v1 {} -->", "it writes a marker, which the program does"),
    ],
)  # fmt: skip
def test_one_that_fails_is_told_once_and_ours_is_used(text: str, says: str) -> None:
    """Whatever is wrong with it."""
    templates, told = in_use(comment=text)
    with using(templates):
        pages = [render(COMMENT, VALUES), render(COMMENT, VALUES)]

    assert (["Hello.\n\n- one\n"] * 2, [f"comment.md.j2: {says}"]) == (pages, told)


@pytest.mark.parametrize(
    "way", ["{{ x }}", "{{ x | e }}", "{{ x | upper | lower }}", "# {{ x | trim }}", "<b>{{ x }}</b>"]
)
def test_text_of_anybody_that_stands_there_as_it_is_is_seen(way: str) -> None:
    """HTML's own escapes leave mentions alive."""
    text = PROBE.format("name of a branch")
    page = rendered(COMMENT, {"x": text}, {COMMENT: way})

    assert "the name of a branch stands there as it is" in wrong(COMMENT, page)


@pytest.mark.parametrize("way", ["text(x)", "cell(x)", "code(x)", "code_cell(x)", "fence(x)", "link(x, 'https://h')"])
def test_text_of_anybody_that_is_made_safe_is_right(way: str) -> None:
    """By each of the macros."""
    page = rendered(COMMENT, {"x": PROBE.format("name of a branch")}, {COMMENT: f"{SAFE}{{{{ safe.{way} }}}}"})

    assert "" == wrong(COMMENT, page)


def test_an_issue_keeps_its_headings_in_their_order() -> None:
    """People and programs look for them; other headings may stand between."""
    fine = "\n\ntext\n\n".join(["# Ours", *HEADINGS, "## More"])

    assert "" == wrong(ISSUE, fine)
    assert "the heading “## Remediation” is missing, or not in its place" == wrong(
        ISSUE, fine.replace("## Reme", "### Reme")
    )
    assert "the heading “## Remediation” is missing, or not in its place" == wrong(
        ISSUE, "\n".join(["## Affected runs", "## Remediation", "## Root cause", "## Success criteria"])
    )
    assert "" == wrong(COMMENT, "no heading")
