"""The hub of the sources' tests, for the tracker that asks the same API."""

from tests.unit.sources.conftest import hub

__all__ = ["hub"]
