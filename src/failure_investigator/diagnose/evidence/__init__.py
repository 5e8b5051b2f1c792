"""Kinds of evidence, one file each: what is known in, facts for or against causes out.

A file here with a function `gather(case: Case) -> Iterable[Evidence]` is a kind of evidence; there is no list to keep.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from failure_investigator.diagnose.case import Case
    from failure_investigator.model import Evidence


@cache
def kinds() -> tuple[Callable[[Case], Iterable[Evidence]], ...]:
    """The gatherers in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").gather for name in names)


def gather_all(case: Case) -> list[Evidence]:
    """Everything that is observed about a case."""
    return [fact for gather in kinds() for fact in gather(case)]
