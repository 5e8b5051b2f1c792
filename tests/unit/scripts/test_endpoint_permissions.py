"""The script is no part of the package: it is loaded from its file."""

from __future__ import annotations

import importlib.util
import json
import os
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[3] / "scripts" / "endpoint_permissions.py"
DOCUMENT = os.environ.get("FAILURE_INVESTIGATOR_PERMISSIONS_DOCUMENT", "")
"""Path of the document whose hash the table names; read here, as tests see no environment."""


@pytest.fixture(name="script", scope="module")
def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("endpoint_permissions", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _row(verb: str, path: str, access: str, *, works: bool = True) -> dict[str, Any]:
    return {
        "category": "things",
        "slug": f"{verb}-a-thing",
        "subcategory": "parts",
        "verb": verb,
        "requestPath": path,
        "access": access,
        "user-to-server": True,
        "server-to-server": works,
        "additional-permissions": False,
    }


def _document(**groups: list[dict[str, Any]]) -> bytes:
    return json.dumps({name: {"title": name, "permissions": rows} for name, rows in groups.items()}).encode()


def test_a_small_document_gives_the_table(script: ModuleType) -> None:
    """Sorted by path and method, with either, both, or a set that holds another."""
    document = _document(
        issues=[_row("post", "/b", "write"), _row("get", "/b", "read")],
        pull_requests=[_row("post", "/b", "write")],
        administration=[_row("post", "/c", "write")],
        pages=[_row("post", "/c", "write")],
        contents=[_row("put", "/a", "write"), _row("put", "/a", "write")],
        workflows=[_row("put", "/a", "write")],
        gists=[_row("get", "/d", "read", works=False)],
    )
    expected = [
        "PUT\t/a\tcontents=write; contents=write,workflows=write\tyes\tthings/parts#put-a-thing",
        "GET\t/b\tissues=read\tyes\tthings/parts#get-a-thing",
        "POST\t/b\tissues=write; pull_requests=write\tyes\tthings/parts#post-a-thing",
        "POST\t/c\tadministration=write,pages=write\tyes\tthings/parts#post-a-thing",
        "GET\t/d\tgists=read\tno\tthings/parts#get-a-thing",
    ]
    text = script.table(document, source="s", commit="c", date="2026-01-02")
    assert expected == [line for line in text.splitlines() if line[0] != "#"]
    assert "# date: 2026-01-02" in text


def test_a_combination_that_is_new_stops_it(script: ModuleType) -> None:
    """Whether two permissions are both needed is not guessed."""
    document = _document(issues=[_row("get", "/a", "read")], checks=[_row("get", "/a", "read")])
    with pytest.raises(script.UnknownCombinationError, match="GET /a needs issues, checks"):
        script.table(document, source="s", commit="c", date="d")


@pytest.mark.skipif(not DOCUMENT, reason="FAILURE_INVESTIGATOR_PERMISSIONS_DOCUMENT names no document")
def test_the_real_document_gives_the_shipped_table(script: ModuleType) -> None:
    """Byte for byte."""
    shipped = files("failure_investigator.permissions").joinpath("endpoints.tsv").read_text("utf-8")
    head = dict(line[2:].split(": ", 1) for line in shipped.splitlines() if line.startswith("# ") and ": " in line)
    given = {name: head[name] for name in ("source", "commit", "date", "note") if name in head}
    assert shipped == script.table(Path(DOCUMENT).read_bytes(), **given)
