"""The cases need no network, sleep, child process or real environment either."""

from tests.unit.conftest import _nothing_real  # noqa: F401 - an autouse fixture
