"""What wraps a source: every question of the protocol is the other source's to answer."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from failure_investigator.sources.base import Source
from failure_investigator.sources.delegating import DelegatingSource

QUESTIONS = sorted(name for name in vars(Source) if not name.startswith("_"))


class Recorder:
    """Answers every question with its name and what came with it."""

    def __getattr__(self, name: str) -> Any:
        return lambda *given: (name, *given)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_passed_on_with_all_that_came_with_it(name: str) -> None:
    """None of the protocol's is missing, and none changes what is asked or answered."""
    wanted = [each for each in inspect.signature(getattr(Source, name)).parameters if each != "self"]
    source = DelegatingSource(Recorder())
    assert inspect.signature(getattr(Source, name)) == inspect.signature(getattr(DelegatingSource, name))
    assert (name, *wanted) == getattr(source, name)(*wanted)
