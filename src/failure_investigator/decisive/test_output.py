"""The output of a test about status codes: the number is what the test is about, not why the job failed.

A refusal by a named public host that made a test fail does count: the service refused the test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_TEST = re.compile(
    r"(?i)^\s*(?:[✓✔√✗✘×●]|(?:ok|not ok) \d|\d+\) |--- (?:PASS|FAIL|SKIP)|=== RUN|PASS(?:ED)?\b|FAIL(?:ED)?\b|E  +|>  +|"
    r"test\b.*\.\.\. ?(?:ok|FAILED)|\S+::\S+ |\[(?:INFO|ERROR)\] (?:Running|Tests run))"
)
_ASSERTED = re.compile(
    r"(?i)assert(?:ion)?(?:Error|ionFailed)\b|\bto(?:Be|Equal|StrictEqual|HaveBeen\w+|Throw)\(|\bmock(?:ed|server)?\b"
)
_EXPECTED = re.compile(
    r"(?i)\bassert\b|\bexpect(?:ed|s)?\b.{0,80}\b(?:got|to (?:be|equal|have)|but|actual|received)\b|"
    r"\bshould (?:return|respond|fail|throw|reject|be)\b"
)
"""Words that a service's own wording uses too, so they count only where the wording is a client's."""
_PUBLIC = re.compile(
    r"https?://(?!localhost|127\.|0\.0\.0\.0|\[|testserver|example\.|[^/\s]*\.(?:test|local|invalid|example)\b)"
)


def reason(place: Candidate, _job: JobText, _log: LogText) -> str:
    """Whether the line is a test runner's, or an assertion, and no public host stands on it."""
    if _PUBLIC.search(place.text):
        return ""
    if _ASSERTED.search(place.text) or (place.generic and _EXPECTED.search(place.text)):
        return "an assertion of a test"
    return "a test runner's line about a test" if place.generic and _TEST.search(place.text) else ""
