"""The gallery in docs/ is what the program writes now."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.gallery import gallery

FOLDER = Path(__file__).parents[2] / "docs" / "gallery"


def test_the_gallery_is_what_the_program_writes() -> None:
    """As `make gallery` writes it, page for page."""
    due = gallery()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    wrong = [name for name in sorted(due.keys() | there.keys()) if due.get(name) != there.get(name)]

    assert [] == wrong, f"The pages changed: say `make gallery`, read docs/gallery, and commit it ({len(wrong)} differ)"


def test_the_comments_that_the_guide_lists_are_those_of_the_gallery() -> None:
    """By their first words, all of them."""
    guide = (FOLDER.parent / "lifecycle.md").read_text(encoding="utf-8")
    listed = re.findall(r"\*\*(.+?)\*\*", guide)
    pages = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")]
    made = {
        found for page in pages for found in re.findall(r"^<!-- \S+:comment .*-->\n\*\*(.+?)\*\*", page, re.MULTILINE)
    }

    assert made == set(listed)
