"""Fixtures of the organisation's stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.organization.company import Company

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    """An organisation with a private tracker, in which nothing has happened yet."""
    made = Company(tmp_path)
    with made.standin:
        yield made


@pytest.fixture
def public_company(tmp_path: Path) -> Iterator[Company]:
    """The same with a tracker that everybody may read."""
    made = Company(tmp_path, visibility="public")
    with made.standin:
        yield made
