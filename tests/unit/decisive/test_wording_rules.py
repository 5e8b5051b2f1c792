"""Rules on the wording of a line and its neighbours: what must be taken out, and the near-miss that must stay."""

from __future__ import annotations

import pytest
from tests.unit.decisive.test_rules import judged

CASES = {
    "nonfatal_warning": (
        ["##[warning]Failed to restore: 429 Too Many Requests"],
        ["Warning: Failed to download action: 429 Too Many Requests", "Error: 429 Too Many Requests, giving up"],
    ),
    "test_output": (
        ["AssertionError: expected 429 Too Many Requests but got 200"],
        ["FAILED tests/test_hub.py::test_it - HubError: 429 Too Many Requests for url: https://hub.octo.cloud/x"],
    ),
    "access_log": (
        ['127.0.0.9 - - "POST /login HTTP/1.1" 429 Too Many Requests'],
        ["POST https://api.example.org/login failed: 429 Too Many Requests"],
    ),
    "localhost": (
        ["GET http://localhost:8080/health: 429 Too Many Requests"],
        ["GET https://localhost.example.org/health: 429 Too Many Requests"],
    ),
    "local_permission": (
        ["Error: EACCES: 429 Too Many Requests of permission denied, open '/opt/x'"],
        ["denied: permission to the package was refused: 429 Too Many Requests"],
    ),
    "cured_retry": (
        ["curl: 429 Too Many Requests", "Warning: bottle missing, falling back to the default domain"],
        ["curl: 429 Too Many Requests", "giving up"],
    ),
    "docs_or_diff": (
        ["+    raise Refused('429 Too Many Requests')"],
        ["Refused: 429 Too Many Requests"],
    ),
    "own_output": (
        ["##[group]failure-investigator", "AI Moderator: 429 Too Many Requests", "##[endgroup]"],
        ["##[group]failure-investigator", "##[endgroup]", "AI Moderator: 429 Too Many Requests"],
    ),
    "link_checker": (
        ["##[group]Run lychee ./docs", "##[endgroup]", "[429] https://example.org | 429 Too Many Requests"],
        ["##[group]Run ./deploy ./docs", "##[endgroup]", "GET https://example.org | 429 Too Many Requests"],
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_takes_its_places_out_and_leaves_the_near_miss(rule: str) -> None:
    """The miss before the hit."""
    taken, kept = CASES[rule]

    assert judged(*kept, needle="429 Too Many")[-1] == ""
    assert judged(*taken, needle="429 Too Many")[0] == rule
