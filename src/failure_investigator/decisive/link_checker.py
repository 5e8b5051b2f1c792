"""A link checker's 403 is its finding: the page that refused it refuses nobody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from failure_investigator.decisive import Candidate
    from failure_investigator.logs.jobs import JobText
    from failure_investigator.logs.text import LogText

_CHECKER = re.compile(
    r"(?i)\b(?:lychee|linkinator|markdown-link-check|muffet|htmltest|html-proofer|htmlproofer|linkchecker|awesome_bot|mlc|"
    r"url_?check(?:er|s)?|check_urls|linkspector|remark-lint-no-dead-urls|broken-link-checker|linklint|deadlink|lint-links|"
    r"sphinx-build -b linkcheck|linkcheck)\b"
)
_FINDING = re.compile(
    r"\.(?:md|mdx|rst|Rmd|Rd|html|adoc|ipynb|txt):\d+(?::\d+)?:? .{0,20}(?:401|403|429)\b|"
    r"^\s*(?:\S{1,3} )?\[(?:401|403|429)\] [\[<(]?https?://|"
    r"[✖✗✘×]\]? \[?<?https?://|\(\S+: line +\d+\) +broken\b|"
    r"^\s*\(?line +\d+\)? (?:broken|forbidden)\b|External link https?://.{1,300} failed|"
    r":\d+:? ?broken link: https?://|Non-OK status: (?:401|403|429) ---|^\s*\d+\. \[L\d+\] (?:401|403|429) "
)


def reason(place: Candidate, job: JobText, log: LogText) -> str:
    """Whether the step runs a link checker, or the line has the form of its findings."""
    if not place.generic:
        return ""
    if _FINDING.search(place.text):
        return "a link checker's finding"
    section = next((s for s in reversed(job.sections) if s.start <= place.offset), None)
    said = (section.title, *section.script, section.step_name) if section else ()
    near = (line.text for line in log.before(place.offset, 2))
    return "a link checker's finding" if any(_CHECKER.search(text) for text in (*said, place.text, *near)) else ""
