"""The catalogue in docs/ is the library's: no page is behind, missing or left over."""

from __future__ import annotations

from pathlib import Path

from failure_investigator.render.catalogue import catalogue
from failure_investigator.signatures.rulebook import load_rulebook

FOLDER = Path(__file__).parents[2] / "docs" / "catalogue"


def test_the_catalogue_is_that_of_the_library() -> None:
    """As `make catalogue` writes it, page for page."""
    due = catalogue(load_rulebook())
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    names = sorted(due.keys() | there.keys())
    wrong = [name for name in names if due.get(name) != there.get(name)]

    assert [] == wrong, (
        f"The library changed: say `make catalogue` and commit docs/catalogue ({len(wrong)} pages differ)"
    )
