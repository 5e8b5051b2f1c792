"""The output of a test about status codes: the number is what the test is about, not why the job failed.

A refusal by a named public host that made a test fail does count: the service refused the test. So does an exception of
a client that talks to real servers only, however the runner indents it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from failure_investigator.decisive import names_public_host

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_TEST = re.compile(
    r"^\s*(?:[✓✔√●⨯]|(?:ok|not ok) \d|\d+\) (?!Error\b)|--- (?:PASS|FAIL|SKIP)|=== (?:RUN|CONT|PAUSE)|PASS(?:ED)?\b|"
    r"(?:FAIL|FAILED|ERROR)[: ]\s*(?:\S*[./]\S*(?:test|spec)|test|\S*[./\\]\S*::|Tests\\|\S+ \(\d)|FAIL\s+\S+/\S+|"
    r"[✗✘×] .*(?:\b(?:should|returns?|when|rejects|throws)\b| › | > )|E {2,}|> {2,}|test\b.*\.\.\. ?(?:ok|FAILED|ignored)|"
    r"\S+\.\w+::\S+ |---- \S+ stdout ----|thread '.*' panicked|(?:Passed|Failed) \S+\.\w+.* \[|"
    r"\[(?:INFO|ERROR|WARNING|WARN)\] +(?:Running|Tests run|\S+(?:Tests?|IT|Spec)[.:])|"
    r"\s+\w+_test\.go:\d+: |[\w.$ ]+ > \S.* (?:FAILED|PASSED|SKIPPED)\b)"
)
_ASSERTED = re.compile(
    r"(?i)assert(?:ion)?(?:Error|ionFailed)\b|\bto(?:Be|Equal|StrictEqual|HaveBeen\w+|Throw)\(|\bmock(?:ed|server)?\b|"
    r"MockHttpServlet|\bwanted but not invoked\b"
)
_EXPECTED = re.compile(
    r"(?i)\bassert\b|\bexpect(?:ed|s)?\b.{0,80}\b(?:got|to (?:be|equal|have)|but|actual|received)\b|"
    r"\bshould (?:return|respond|fail|throw|reject|be)\b|\bgot\b.{0,40}\bwant(?:ed)?\b|; want \d|"
    r"^\s*[-+]?\s*(?:Expected|Actual|Received) ?[:(]"
)
"""Words that a service's own wording uses too, so they count only where the wording is a client's."""
_PASSED = re.compile(
    r"^\s*(?:\S+\.py::\S.*|\S+::\S.*) (?:PASSED|XFAIL|SKIPPED)\b|^\s*(?:[✓✔√] |ok \d+ |--- PASS: )|^\s*test \S+.* \.\.\. ok$|"
    r"^\w+ \(\S+\) \.\.\. (?:ok|FAIL|ERROR|skipped)\b"
)
_ERROR_LINE = re.compile(r"^E {2,}|^ {4,}\S|^\s*$")
_ASSERTION = re.compile(r"^E +(?:AssertionError|assert)\b")
_ATTEMPT = re.compile(
    r"^\W*(?:(?:Test |Step )?\d+[\])]?[.:)]? ?)?\s*(?:Test(?:ing|s)?|Attempt(?:ing)?|Correctly|Properly|Should|Rejects)\b"
)
_MARK = re.compile(r"^\s*(?:[✓✔✗✘❌✅×]|\[?(?:PASS|FAIL|OK)(?:ED)?\b)")
"""What a script of one's own prints of an attempt that must fail, and of its outcome."""
_METHOD = re.compile(r"^\w+ \(\S+\.\w+\)$")
REACH = 10
"""Lines of a message that may lie above a place in it."""
_CLIENT = re.compile(
    r"\b(?:urllib\.error|urllib3\.exceptions|requests\.exceptions|httpx|botocore\.exceptions|aiohttp\.client_exceptions|"
    r"google\.api_core\.exceptions|huggingface_hub\.errors)\.\w+|Expected\([\d, .]+\) <=> Actual\(|Expected HTTP 101 response"
)
"""Exceptions of clients that no test double of a web framework raises."""


def reason(place: Candidate, _job: JobText, log: LogText) -> str:
    """Whether the line is a test runner's, or an assertion, and no public host stands on it."""
    if _PASSED.search(place.text):
        return "the name of a test"
    if names_public_host(place.text):
        return ""
    if _ASSERTED.search(place.text):
        return "an assertion of a test"
    if _in_assertion(place, log):
        return "what an assertion of a test compares"
    if not place.generic or _CLIENT.search(place.text):
        return ""
    if _EXPECTED.search(place.text):
        return "an assertion of a test"
    if place.text.endswith((" ... FAIL", " ... ERROR", " ... ok")) and any(
        _METHOD.match(line.text) for line in log.before(place.offset, 1)
    ):
        return "a test's description"
    if _ATTEMPT.match(place.text) and any(
        _MARK.match(line.text) for line in (*log.before(place.offset, 2), *log.after(place.offset, 2))
    ):
        return "an attempt that a script tests"
    return "a test runner's line about a test" if _TEST.search(place.text) else ""


def _in_assertion(place: Candidate, log: LogText) -> bool:
    """Whether pytest's message, in which the line stands, begins as an assertion."""
    if not _ERROR_LINE.match(place.text):
        return False
    for line in reversed(log.before(place.offset, REACH)):
        if _ASSERTION.match(line.text):
            return True
        if not _ERROR_LINE.match(line.text):
            return False
    return False
