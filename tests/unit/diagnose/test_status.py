"""The printed status: a number counts where the words around it make it an HTTP status."""

from __future__ import annotations

import pytest

from failure_investigator.diagnose.status import printed_status
from failure_investigator.signatures.close import Window


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("Request failed with status code 401", 401),
        ("HTTP/1.1 403 Forbidden", 403),
        ('{\\"statusCode\\": 429, \\"body\\": null}', 429),
        ("npm error code E401", 401),
        ("ERR_PNPM_FETCH_403  GET https://example.com/left-pad", 403),
        ("curl: (22) The requested URL returned error: 407", 407),
        ("Server answered with code=403, message=no", 403),
        ("oh no: 429, try later", 429),
        ("added 401 packages in 6s", 401),
        ("took 403ms, at 10.0.4.29", None),
        ("src/app.py:401: error", None),
        ("error TS4290: nothing", None),
        ("42% (403/883)", None),
        ("Thread-403 died", None),
    ],
)
def test_the_number_on_the_line(line: str, status: int | None) -> None:
    """Durations, places, codes and counts with a unit are no status; a bare number on a refusal's own line is."""
    assert status == printed_status(Window([line], 0))


def test_a_neighbour_counts_only_when_it_names_a_status() -> None:
    """`status: 403` two lines down belongs to the refusal, a bare 401 does not."""
    assert printed_status(Window(["Bad thing", "", "  status: 403,"], 0)) == 403
    assert printed_status(Window(["Bad thing", "", "  401 things"], 0)) is None
